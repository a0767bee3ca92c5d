"""Spaces: vectors with the items they are of, encoded once, kept, saved and searched."""

from __future__ import annotations

from embedscope.spaces.encode import encode
from embedscope.spaces.search_result import SearchResult
from embedscope.spaces.space import Space
from embedscope.spaces.store import VectorStore

__all__ = ["SearchResult", "Space", "VectorStore", "encode"]
