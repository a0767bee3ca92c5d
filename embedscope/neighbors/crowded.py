"""Rows whose k-th neighbour stands in a crowd: duplicates and near-ties, searched whole."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from jaxtyping import Float32, Int64

from embedscope.neighbors.distances import Points, candidate_distances
from embedscope.neighbors.keys import SearchForm
from embedscope.neighbors.neighbors import Metric


def crowded_neighbors(
    points: Points,
    queries: Points,
    form: SearchForm,
    rows: Int64[np.ndarray, " rows"],
    k: int,
    metric: Metric,
    *,
    own: Int64[np.ndarray, " queries"] | None,
    memory: int,
) -> Iterator[tuple[int, Int64[np.ndarray, " k"], Float32[np.ndarray, " k"]]]:
    """Search some rows through every point that rounding leaves in question.

    Parameters
    ----------
    points : Points
        What is searched.
    queries : Points
        All queries.
    form : SearchForm
        Both in the form of the search keys.
    rows : ndarray of int64, shape (rows,)
        The queries that are in a crowd.
    k : int
        Neighbours a query.
    metric : {"cosine", "euclidean"}
        The metric.
    own : ndarray of int64, shape (queries,) or None
        The row of ``points`` that each query is.
    memory : int
        Bytes for temporary arrays.

    Yields
    ------
    row : int
        The query.
    indices : ndarray of int64, shape (k,)
        Its nearest, ties by index.
    distances : ndarray of float32, shape (k,)
        Their distances.

    Notes
    -----
    One matrix product for all rows together. Exact distances are computed once for each distinct vector of
    a crowd, so thousands of duplicates cost no more than one.
    """
    if not len(rows):
        return
    firsts = first_equal_rows(points.vectors)
    step = max(1, memory // (8 * len(points)))
    largest = max(1, memory // (16 * points.vectors.shape[1]))
    for start in range(0, len(rows), step):
        tile = rows[start : start + step]
        keys = form.keys(tile)
        kept = k + (own is not None)
        kth = np.partition(keys, len(points) - kept, axis=1)[:, len(points) - kept].astype(np.float64)
        lowest = kth - form.margin(kth, tile)
        for row, row_keys, low in zip(tile.tolist(), keys, lowest, strict=True):
            candidates = np.flatnonzero(row_keys >= low)
            if own is not None:
                candidates = candidates[candidates != own[row]]
            distances = _distances(points, queries, row, candidates, firsts, metric, largest)
            yield row, *_first_k(candidates, distances, k)


def first_equal_rows(vectors: Float32[np.ndarray, "items dims"]) -> Int64[np.ndarray, " items"]:
    """For each row the first row that is equal to it, bit for bit.

    Parameters
    ----------
    vectors : ndarray of float32, shape (items, dims)
        C-contiguous rows.

    Returns
    -------
    ndarray of int64, shape (items,)
        A row with no equal before it stands for itself.

    Examples
    --------
    >>> first_equal_rows(np.array([[1], [2], [1]], np.float32))
    array([0, 1, 0])
    """
    as_bytes = vectors.view(np.dtype((np.void, vectors.itemsize * vectors.shape[1])))[:, 0]
    _, first, inverse = np.unique(as_bytes, return_index=True, return_inverse=True)
    return first[inverse].astype(np.int64)


def _distances(
    points: Points,
    queries: Points,
    row: int,
    candidates: Int64[np.ndarray, " c"],
    firsts: Int64[np.ndarray, " items"],
    metric: Metric,
    largest: int,
) -> Float32[np.ndarray, " c"]:
    distinct, place = np.unique(firsts[candidates], return_inverse=True)
    query = queries.take(np.array([row]))
    parts = [
        candidate_distances(points, query, distinct[None, start : start + largest], metric)[0]
        for start in range(0, len(distinct), largest)
    ]
    return np.concatenate(parts)[place]


def _first_k(
    candidates: Int64[np.ndarray, " c"], distances: Float32[np.ndarray, " c"], k: int
) -> tuple[Int64[np.ndarray, " k"], Float32[np.ndarray, " k"]]:
    kth = np.partition(distances, k - 1)[k - 1]
    nearer = np.flatnonzero(distances < kth)
    chosen = np.concatenate([nearer, np.flatnonzero(distances == kth)[: k - len(nearer)]])
    order = np.lexsort((candidates[chosen], distances[chosen]))
    return candidates[chosen][order], distances[chosen][order]
