"""Every example in the docstrings of spaces runs."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import embedscope.spaces

MODULES = ["embedscope._progress"] + [
    module.name for module in pkgutil.iter_modules(embedscope.spaces.__path__, "embedscope.spaces.")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name: str) -> None:
    module = importlib.import_module(name)
    result = doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert result.failed == 0


def test_there_are_examples() -> None:
    finder = doctest.DocTestFinder(exclude_empty=True)
    counts = [len(finder.find(importlib.import_module(name))) for name in MODULES]
    assert sum(counts) > 30
