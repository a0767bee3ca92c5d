"""How a space's directions are spread: anisotropy, uniformity, and alignment of what belongs together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from jaxtyping import Float64, Int64

from embedscope.comparison.groups import Groups
from embedscope.comparison.pair_sample import PAIRS, draw_pairs, pair_distances
from embedscope.comparison.sampling import Interval, Sampling, mean_interval
from embedscope.neighbors.distances import Points

_ROWS = 4096
# Wang and Isola's t.
_SHARPNESS = 2.0


def direction_sums(
    points: Points, codes: Int64[np.ndarray, " items"], n_groups: int
) -> Float64[np.ndarray, "groups dims"]:
    """Add up the directions of each group's items.

    Parameters
    ----------
    points : Points
        The items; one at the origin has no direction and adds nothing.
    codes : ndarray of int64, shape (items,)
        Group of each item, from 0.
    n_groups : int
        Number of groups.

    Returns
    -------
    ndarray of float64, shape (groups, dims)
        Sums of vectors of length 1.

    Examples
    --------
    >>> points = Points.of(np.array([[3, 4], [0, 2]], np.float32), "cosine")
    >>> direction_sums(points, np.array([0, 0]), 1).round(6).tolist()
    [[0.6, 1.8]]
    """
    from scipy.sparse import csr_array

    sums = np.zeros((n_groups, points.vectors.shape[1]))
    for start in range(0, len(points), _ROWS):
        tile = slice(start, start + _ROWS)
        lengths = points.norms[tile, None]
        directions = points.vectors[tile] / np.where(lengths == 0, 1, lengths)
        n = len(directions)
        members = csr_array((np.ones(n), (codes[tile], np.arange(n))), shape=(n_groups, n))
        sums += members @ directions
    return sums


def anisotropy(points: Points) -> float:
    """Measure how far all directions are one: the mean cosine of two different items.

    Parameters
    ----------
    points : Points
        The items; one at the origin has no direction and is left out.

    Returns
    -------
    float
        1 where all directions are equal, 0 where they are spread evenly. NaN under two items.

    Notes
    -----
    (‖Σx̂‖² - n)/(n(n - 1)), x̂ of length 1: exact, O(items · dims).

    References
    ----------
    Ethayarajh 2019, arXiv 1909.00512 (the measure); ours (the sum).

    Examples
    --------
    >>> anisotropy(Points.of(np.array([[1, 0], [0, 1]], np.float32), "cosine"))
    0.0
    """
    n = int(np.count_nonzero(points.norms))
    if n < 2:
        return float("nan")
    total = direction_sums(points, np.zeros(len(points), np.int64), 1)[0]
    return float((total @ total - n) / (n * (n - 1)))


def class_alignment(points: Points, groups: Groups) -> float:
    """Measure how near items of one class are: the mean squared distance of their directions.

    Parameters
    ----------
    points : Points
        The items; one at the origin is left out.
    groups : Groups
        Their classes; an item without one is left out.

    Returns
    -------
    float
        From 0 (each class in one place) to 4; NaN where no two items are of one class.

    Notes
    -----
    E‖x̂ - ŷ‖² = 2 - 2 Σ_c(‖Σx̂‖² - n_c)/Σ_c n_c(n_c - 1) over pairs of one class c: exact, O(items · dims).

    References
    ----------
    Wang, Isola 2020, arXiv 2005.10242, with α = 2; ours (the sum).

    Examples
    --------
    >>> points = Points.of(np.array([[1, 0], [0, 1], [5, 0]], np.float32), "cosine")
    >>> [class_alignment(points, Groups.of(labels)) for labels in ("a b a".split(), "a a b".split())]
    [0.0, 2.0]
    """
    sums = direction_sums(points, groups.codes, len(groups))
    counts = np.bincount(groups.codes[points.norms > 0], minlength=len(groups)).astype(np.float64)
    if groups.missing is not None:
        sums[groups.missing] = counts[groups.missing] = 0
    pairs = float((counts * (counts - 1)).sum())
    if pairs == 0:
        return float("nan")
    cosines = float((sums**2).sum() - counts.sum())
    return 2 - 2 * cosines / pairs


def uniformity(points: Points, *, n_pairs: int | None = PAIRS, seed: int = 0) -> tuple[float, Sampling]:
    """Measure how evenly directions fill the sphere.

    Parameters
    ----------
    points : Points
        The items; one at the origin has no direction and is left out.
    n_pairs : int, optional
        Pairs to look at; all where there are not more, or none is given.
    seed : int
        Seed of the pairs.

    Returns
    -------
    uniformity : float
        0 where all directions are equal, lower the more evenly they are spread; never under -8. NaN under two
        items.
    sampling : Sampling
        All pairs, or a sample with its interval.

    Notes
    -----
    log E exp(-2‖x̂ - ŷ‖²) over pairs of different items. O(pairs · dims).

    References
    ----------
    Wang, Isola 2020, arXiv 2005.10242, with t = 2.

    Examples
    --------
    >>> uniformity(Points.of(np.array([[1, 0], [-2, 0]], np.float32), "cosine"))
    (-8.0, exact)
    """
    there = points if points.norms.all() else points.take(np.flatnonzero(points.norms))
    if len(there) < 2:
        return float("nan"), Sampling.exact(0, "pairs")
    pairs = draw_pairs(len(there), n_pairs, seed)
    near = np.exp(-2 * _SHARPNESS * pair_distances(there, pairs, "cosine"))
    mean = float(near.mean())
    if pairs.sampling.is_exact:
        return float(np.log(mean)), pairs.sampling
    spread = mean_interval(near, of=pairs.sampling.of)
    low, high = (float(np.log(max(end, np.finfo(float).tiny))) for end in (spread.low, spread.high))
    return float(np.log(mean)), replace(pairs.sampling, interval=Interval(low, high))
