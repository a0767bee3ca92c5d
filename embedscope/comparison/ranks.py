"""The rank of some items among all others, as one item sees them."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float32, Float64, Int64

from embedscope.neighbors.distances import Points, candidate_distances
from embedscope.neighbors.neighbors import Metric

_UNIT_ROUNDOFF = 2.0**-24
_GATHERED = 4096


def ranks_among_all(
    points: Points, row: int, wanted: Int64[np.ndarray, " wanted"], metric: Metric
) -> tuple[Int64[np.ndarray, " wanted"], Float32[np.ndarray, " wanted"]]:
    """Rank some items by their distance from one item, among all others.

    Parameters
    ----------
    points : Points
        All items.
    row : int
        The item that looks; it has no rank itself.
    wanted : ndarray of int64, shape (wanted,)
        Whose ranks are wanted.
    metric : {"cosine", "euclidean"}
        The metric.

    Returns
    -------
    ranks : ndarray of int64, shape (wanted,)
        1 is the nearest; equal distances in the order of the index, as everywhere.
    distances : ndarray of float32, shape (wanted,)
        Their distances.

    Notes
    -----
    One float32 product over all items; those whose order it cannot tell, within (dims + 8)·2⁻²⁴, are compared
    by their exact distances. Time O(items · dims).

    Examples
    --------
    >>> points = Points.of(np.array([[0], [1], [3], [-2]], np.float32), "euclidean")
    >>> ranks_among_all(points, 0, np.array([2, 3]), "euclidean")[0].tolist()
    [3, 2]
    """
    keys, error = _keys(points, row, metric)
    distances = _distances(points, row, wanted, metric)
    ranks = np.empty(len(wanted), np.int64)
    for place, (item, distance) in enumerate(zip(wanted, distances, strict=True)):
        margin = error + error[item]
        nearer = keys < keys[item] - margin
        unclear = ~nearer & (keys <= keys[item] + margin)
        nearer[row] = unclear[row] = False
        ranks[place] = 1 + np.count_nonzero(nearer)
        ranks[place] += _count_before(points, row, unclear, int(item), distance, metric)
    return ranks, distances


def _keys(
    points: Points, row: int, metric: Metric
) -> tuple[Float64[np.ndarray, " items"], Float64[np.ndarray, " items"]]:
    """Give what orders the items, and how far off each can be."""
    products = (points.vectors @ points.vectors[row]).astype(np.float64)
    norms, own = points.norms, points.norms[row]
    rounding = (points.vectors.shape[1] + 8) * _UNIT_ROUNDOFF
    if metric == "cosine":
        return 1 - products / (norms * own), np.full(len(norms), rounding)
    return norms**2 + own**2 - 2 * products, rounding * (norms + own) ** 2


def _distances(
    points: Points, row: int, items: Int64[np.ndarray, " items"], metric: Metric
) -> Float32[np.ndarray, " items"]:
    own = points.take(np.array([row]))
    parts = [
        candidate_distances(points, own, items[None, start : start + _GATHERED], metric)[0]
        for start in range(0, len(items), _GATHERED)
    ]
    return np.concatenate(parts) if parts else np.empty(0, np.float32)


def _count_before(
    points: Points,
    row: int,
    unclear: Bool[np.ndarray, " items"],
    item: int,
    distance: np.float32,
    metric: Metric,
) -> int:
    others = np.flatnonzero(unclear)
    at = _distances(points, row, others, metric)
    return int(np.count_nonzero((at < distance) | ((at == distance) & (others < item))))
