"""Exact neighbours of some items of a space, from what it has kept where that is exact."""

from __future__ import annotations

import numpy as np
from jaxtyping import Int, Int64

from embedscope.comparison.matched import Matched, Side
from embedscope.neighbors import exact_neighbors
from embedscope.neighbors.search import EXACT_OPERATIONS
from embedscope.spaces.space import Space


def exact_is_affordable(space: Space, k: int) -> bool:
    """Tell whether exact neighbours of all items are there, or can be had in minutes.

    Parameters
    ----------
    space : Space
        The space.
    k : int
        Neighbours an item.

    Returns
    -------
    bool
        True while items² · dims ≤ 4·10¹², as in `find_neighbors`.
    """
    return _has_exact(space, k) or len(space) ** 2 * space.dims <= EXACT_OPERATIONS


def exact_lists(
    matched: Matched, side: Side, rows: Int64[np.ndarray, " queries"], k: int
) -> Int[np.ndarray, "queries k"]:
    """Give the exact neighbours of some items in one of two spaces.

    Parameters
    ----------
    matched : Matched
        The two spaces.
    side : {"teacher", "student"}
        Which of them.
    rows : ndarray of int64, shape (queries,)
        The items.
    k : int
        Neighbours an item.

    Returns
    -------
    ndarray of int, shape (queries, k)
        Nearest first, ties by index; where all items are asked for, the space keeps them.
    """
    space = matched.space(side)
    if _has_exact(space, k):
        kept: np.ndarray = space.neighbors(k).indices[rows]
        return kept
    if len(rows) == len(space):
        found = space.neighbors(k)
        if found.recall is None:
            return found.indices
    return exact_neighbors(matched.vectors(side), k, metric=space.metric, queries=rows).indices


def _has_exact(space: Space, k: int) -> bool:
    known = space.known_neighbors
    return known is not None and known.recall is None and known.k >= k
