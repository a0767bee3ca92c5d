"""The rank of some items among all others, as one item sees them."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32, Float64, Int64

from embedscope.comparison.look import Look
from embedscope.neighbors.distances import Points, candidate_distances
from embedscope.neighbors.neighbors import Metric

_UNIT_ROUNDOFF = 2.0**-24


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
    As `look_at_all`, O(items · dims).

    Examples
    --------
    >>> points = Points.of(np.array([[0], [1], [3], [-2]], np.float32), "euclidean")
    >>> ranks_among_all(points, 0, np.array([2, 3]), "euclidean")[0].tolist()
    [3, 2]
    """
    return look_at_all(points, row, metric).ranks(wanted)


def look_at_all(points: Points, row: int, metric: Metric) -> Look:
    """Look from one item at all others.

    Parameters
    ----------
    points : Points
        All items.
    row : int
        The item that looks.
    metric : {"cosine", "euclidean"}
        The metric.

    Returns
    -------
    Look
        Its nearest ones and ranks are exact.

    Notes
    -----
    One float32 product over all items; those whose order it cannot tell, within (dims + 8)·2⁻²⁴, are compared
    by their exact distances. Time O(items · dims).

    Examples
    --------
    >>> points = Points.of(np.array([[0], [1], [3], [-2]], np.float32), "euclidean")
    >>> look_at_all(points, 0, "euclidean").nearest(2)[0].tolist()
    [1, 3]
    """
    own = points.take(np.array([row]))

    def measure(rows: Int64[np.ndarray, " rows"]) -> Float32[np.ndarray, " rows"]:
        found: np.ndarray = candidate_distances(points, own, rows[None], metric)[0]
        return found

    return Look(row, *_keys(points, row, metric), measure)


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
