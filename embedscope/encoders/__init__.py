"""Payloads to vectors: encoders, and ``encoders()``, the table of those that have a name.

The room is called like the verb, so that the room itself can be called.

Examples
--------
>>> from embedscope import encoders
>>> "minilm" in encoders().column("name")
True
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from embedscope._table import Table


class _Room(ModuleType):
    """A module that can be called."""

    def __call__(self) -> Table:
        from embedscope.encoders.catalogue import list_encoders

        return list_encoders()


sys.modules[__name__].__class__ = _Room
