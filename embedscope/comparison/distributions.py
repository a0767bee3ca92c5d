"""Distributions: divergences and areas of two histograms over the same bins."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64, Int64

from embedscope.comparison.sampling import LEVEL, Interval

_RESAMPLES = 200


def js_divergence(first: Int64[np.ndarray, " bins"], second: Int64[np.ndarray, " bins"]) -> float:
    """Measure the Jensen-Shannon divergence of two histograms, in nats.

    Parameters
    ----------
    first, second : ndarray of int64, shape (bins,)
        Counts.

    Returns
    -------
    float
        ½ KL(p‖m) + ½ KL(q‖m), m = (p + q)/2: from 0 to log 2. NaN where one is empty.

    Examples
    --------
    >>> round(js_divergence(np.array([1, 0]), np.array([0, 1])), 4)
    0.6931
    """
    if not first.any() or not second.any():
        return float("nan")
    p, q = first / first.sum(), second / second.sum()
    m = (p + q) / 2
    total = 0.0
    for side in (p, q):
        there = side > 0
        total += float((side[there] * np.log(side[there] / m[there])).sum()) / 2
    return total


def js_interval(joint: Int64[np.ndarray, "bins bins"], seed: int) -> Interval:
    """Measure how far the Jensen-Shannon divergence of two drawn histograms can be off.

    Parameters
    ----------
    joint : ndarray of int64, shape (bins, bins)
        Drawn pairs by their bins in both spaces: the two histograms are its sums.
    seed : int
        Seed of the bootstrap.

    Returns
    -------
    Interval
        Percentiles of 200 resampled joint histograms; NaN where there was no pair.

    Examples
    --------
    >>> js_interval(np.array([[50, 0], [50, 0]]), 0).high > 0.2
    True
    """
    drawn = int(joint.sum())
    if not drawn:
        return Interval(float("nan"), float("nan"), method="bootstrap")
    filled = np.flatnonzero(joint)
    rng = np.random.default_rng(seed)
    again = np.zeros(joint.size, np.int64)
    found = []
    for counts in rng.multinomial(drawn, joint.ravel()[filled] / drawn, _RESAMPLES):
        again[filled] = counts
        square = again.reshape(joint.shape)
        found.append(js_divergence(square.sum(axis=1), square.sum(axis=0)))
    low, high = np.quantile(found, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(low), float(high), method="bootstrap")


def wasserstein(first: Int64[np.ndarray, " bins"], second: Int64[np.ndarray, " bins"], bound: float) -> float:
    """Measure the Wasserstein-1 distance of two histograms over equal bins from 0 to a bound.

    Parameters
    ----------
    first, second : ndarray of int64, shape (bins,)
        Counts.
    bound : float
        The bins' upper end.

    Returns
    -------
    float
        ∫ |F - G|, to within one bin's width. NaN where one is empty.

    Examples
    --------
    >>> wasserstein(np.array([1, 0, 0, 0]), np.array([0, 0, 1, 0]), 4.0)
    2.0
    """
    if not first.any() or not second.any():
        return float("nan")
    gap = np.cumsum(first) / first.sum() - np.cumsum(second) / second.sum()
    return float(np.abs(gap).sum() * bound / len(gap))


def area_under_curve(same: Int64[np.ndarray, " bins"], different: Int64[np.ndarray, " bins"]) -> float:
    """Measure the area under the ROC curve of distance as a test for the same label.

    Parameters
    ----------
    same, different : ndarray of int64, shape (bins,)
        Counts over the same bins, in the order of the distance.

    Returns
    -------
    float
        Chance that a pair of the one is nearer than a pair of the other, within a bin one half. NaN where one
        is empty.

    Examples
    --------
    >>> area_under_curve(np.array([1, 1]), np.array([0, 2]))
    0.75
    """
    if not same.any() or not different.any():
        return float("nan")
    farther = different.sum() - np.cumsum(different)
    return float((same * (farther + different / 2)).sum() / (same.sum() * different.sum(dtype=np.float64)))


def quantiles(
    counts: Int64[np.ndarray, " bins"], shares: Float64[np.ndarray, " points"], bound: float
) -> Float64[np.ndarray, " points"]:
    """Read quantiles off a histogram over equal bins from 0 to a bound.

    Parameters
    ----------
    counts : ndarray of int64, shape (bins,)
        Counts.
    shares : ndarray of float64, shape (points,)
        From 0 to 1, ascending.
    bound : float
        The bins' upper end.

    Returns
    -------
    ndarray of float64, shape (points,)
        Linear within a bin. NaN where there is no count.

    Examples
    --------
    >>> quantiles(np.array([2, 2]), np.array([0.0, 0.5, 0.75]), 2.0).tolist()
    [0.0, 1.0, 1.5]
    """
    total = counts.sum()
    if not total:
        return np.full(len(shares), np.nan)
    filled = np.flatnonzero(counts)
    width = bound / len(counts)
    # Each filled bin is a ramp from its lower to its upper edge; empty bins between are steps.
    ends = np.cumsum(counts[filled]) / total
    starts = np.concatenate([[0.0], ends[:-1]])
    place = np.minimum(np.searchsorted(ends, shares, side="left"), len(filled) - 1)
    inside = (shares - starts[place]) / (ends[place] - starts[place])
    read: np.ndarray = (filled[place] + inside) * width
    return read
