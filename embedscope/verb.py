"""Verb: one word after ``%embedscope``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from embedscope.notebook_names import Names


@dataclass(frozen=True)
class Verb:
    """One word after ``%embedscope``.

    Parameters
    ----------
    summary : str
        What it does, on one line.
    run : callable
        Takes the parsed options and the notebook's names, gives the result.
    add_arguments : callable, optional
        Adds what it takes to a parser.
    """

    summary: str
    run: Callable[[argparse.Namespace, Names], Any]
    add_arguments: Callable[[argparse.ArgumentParser], None] | None = None
