"""Nearest neighbours of vectors: exact by tiles, or approximate with a measured recall."""

from __future__ import annotations

from embedscope.neighbors.approximate import approximate_neighbors
from embedscope.neighbors.exact import exact_neighbors
from embedscope.neighbors.neighbors import Metric, Neighbors
from embedscope.neighbors.search import find_neighbors, query_neighbors

__all__ = [
    "Metric",
    "Neighbors",
    "approximate_neighbors",
    "exact_neighbors",
    "find_neighbors",
    "query_neighbors",
]
