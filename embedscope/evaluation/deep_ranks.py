"""Long rankings: the first hundreds or thousands of each query, tile by tile."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32, Float64, Int64

from embedscope.neighbors.crowded import first_equal_rows
from embedscope.neighbors.distances import Points
from embedscope.neighbors.neighbors import Metric

# Under this a cosine distance is rounding, as in `candidate_distances`.
_COSINE_ZERO = 1e-14


def deep_ranks(
    points: Points,
    queries: Points,
    k: int,
    metric: Metric,
    *,
    own: Int64[np.ndarray, " queries"],
    memory: int = 128 << 20,
) -> Int64[np.ndarray, "queries k"]:
    """Rank the points by their distance from each query, and keep the first k.

    Parameters
    ----------
    points : Points
        What is searched.
    queries : Points
        The queries.
    k : int
        How many to keep.
    metric : {"cosine", "euclidean"}
        The metric.
    own : ndarray of int64, shape (queries,)
        The row of ``points`` that each query is, and that comes last; -1 where it is none.
    memory : int
        Bytes for temporary arrays.

    Returns
    -------
    ndarray of int64, shape (queries, k)
        Rows of ``points``, nearest first; ties by index.

    Notes
    -----
    `search_exactly` gathers the candidates of each query, which is dear where k is large. This one takes
    float64 products of a tile of queries with all points, rounds the distances to float32 as `search_exactly`
    does, and sorts distance and row as one integer. Equal vectors share one distance. Two different vectors
    nearer to each other than 1e-8 of their length may be told apart otherwise than by differences. Time
    O(queries · points · dims), memory 8 bytes a number of the points beside the tiles.

    Examples
    --------
    >>> line = Points.of(np.array([[0], [1], [3], [-1]], np.float32), "euclidean")
    >>> deep_ranks(line, line.take(np.array([0])), 3, "euclidean", own=np.array([0])).tolist()
    [[1, 3, 2]]
    """
    centre = np.zeros(points.vectors.shape[1]) if metric == "cosine" else points.vectors.mean(0, np.float64)
    searched, asked = _form(points, metric, centre), _form(queries, metric, centre)
    firsts = first_equal_rows(points.vectors)
    ranks = np.empty((len(queries), k), np.int64)
    step = max(1, memory // (32 * len(points)))
    for start in range(0, len(queries), step):
        rows = np.arange(start, min(start + step, len(queries)))
        distances = _distances(searched, asked[rows], metric)[:, firsts]
        known = np.flatnonzero(own[rows] >= 0)
        distances[known, own[rows][known]] = np.inf
        ranks[rows] = _first_rows(distances, k)
    return ranks


def _form(
    points: Points, metric: Metric, centre: Float64[np.ndarray, " dims"]
) -> Float64[np.ndarray, "rows dims"]:
    vectors: np.ndarray = points.vectors.astype(np.float64)
    if metric == "cosine":
        vectors /= points.norms[:, None]
    else:
        vectors -= centre
    return vectors


def _distances(
    searched: Float64[np.ndarray, "points dims"], asked: Float64[np.ndarray, "tile dims"], metric: Metric
) -> Float32[np.ndarray, "tile points"]:
    found: np.ndarray = asked @ searched.T
    if metric == "cosine":
        np.subtract(1.0, found, out=found)
        found[found < _COSINE_ZERO] = 0.0
    else:
        found *= -2
        found += np.einsum("ij,ij->i", searched, searched)
        found += np.einsum("ij,ij->i", asked, asked)[:, None]
        np.sqrt(np.maximum(found, 0.0, out=found), out=found)
    return found.astype(np.float32)


def _first_rows(distances: Float32[np.ndarray, "tile points"], k: int) -> Int64[np.ndarray, "tile k"]:
    """Sort distance and row as one number: a float32 that is not negative orders as its bits do."""
    keys = np.ascontiguousarray(distances).view(np.int32).astype(np.int64) << 32
    keys |= np.arange(distances.shape[1])
    if k < keys.shape[1]:
        keys = np.partition(keys, k - 1, axis=1)[:, :k]
    keys.sort(axis=1)
    rows: np.ndarray = keys[:, :k] & 0xFFFFFFFF
    return rows
