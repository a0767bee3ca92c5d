"""The tutorials: copy them to where a person works, execute them, keep executed ones beside their sources."""

from __future__ import annotations

from embedscope.tutorials.executed import execute_first, execute_into, stale_notebooks
from embedscope.tutorials.sources import Copied, copy_to, prefetch, read, sources

__all__ = [
    "Copied",
    "copy_to",
    "execute_first",
    "execute_into",
    "prefetch",
    "read",
    "sources",
    "stale_notebooks",
]
