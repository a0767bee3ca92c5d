"""Means over queries whose classes are the sample, with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64, Int64

from embedscope.comparison.sampling import LEVEL, Interval

_NONE = float("nan")


@dataclass(frozen=True)
class Mean:
    """One number over queries, with its interval.

    Parameters
    ----------
    value : float
        The mean; NaN without queries.
    interval : Interval
        Of the mean over other classes of the same kind; NaN under two classes.
    queries : int
        Queries in it.
    classes : int
        Classes that they are of.
    variance : float
        Of the mean.

    Examples
    --------
    >>> Mean(0.5, Interval(0.4, 0.6), 20, 4)
    0.5000 (0.4000 to 0.6000; 20 queries of 4 classes)
    """

    value: float
    interval: Interval
    queries: int
    classes: int
    variance: float = _NONE

    def __repr__(self) -> str:
        ends = f"{self.interval.low:.4f} to {self.interval.high:.4f}"
        return f"{self.value:.4f} ({ends}; {self.queries:,} queries of {self.classes:,} classes)"


def mean_over_classes(
    values: Float64[np.ndarray, " queries"], classes: Int64[np.ndarray, " queries"], level: float = LEVEL
) -> Mean:
    """Average over queries, with an interval that takes the classes as what was drawn.

    Parameters
    ----------
    values : ndarray of float64, shape (queries,)
        One value a query.
    classes : ndarray of int64, shape (queries,)
        The class of each.
    level : float
        Share of such intervals that hold the true mean.

    Returns
    -------
    Mean
        Student's t with classes - 1 degrees of freedom.

    Notes
    -----
    Queries of one class stand and fall together, so an interval that takes them as independent is too
    narrow. The mean is the ratio Σ S_c / Σ n_c of sums over classes; its variance is
    G/(G - 1) · Σ (S_c - mean · n_c)² / (Σ n_c)², G the number of classes. With one query a class it is the
    ordinary interval of a mean.

    References
    ----------
    Cochran 1977, Sampling Techniques, chapters 6 and 9A.

    Examples
    --------
    >>> mean_over_classes(np.array([1.0, 1.0, 0.0, 0.5]), np.array([0, 0, 1, 2])).value
    0.625
    """
    n = len(values)
    if not n:
        return Mean(_NONE, Interval(_NONE, _NONE, level), 0, 0)
    _, place = np.unique(classes, return_inverse=True)
    sizes = np.bincount(place)
    mean, groups = float(values.mean()), len(sizes)
    if groups < 2:
        return Mean(mean, Interval(_NONE, _NONE, level), n, groups)
    rest = np.bincount(place, values) - mean * sizes
    variance = float(groups / (groups - 1) * (rest**2).sum() / n**2)
    return Mean(mean, _interval(mean, variance, groups - 1.0, level), n, groups, variance)


def mean_of_means(means: Sequence[Mean], level: float = LEVEL) -> Mean:
    """Average over domains, each of the same weight.

    Parameters
    ----------
    means : sequence of Mean
        One a domain; those without queries are left out.
    level : float
        Share of such intervals that hold the true mean.

    Returns
    -------
    Mean
        The domains are taken as given, and their classes as drawn: the variance is Σ v_d / D², the degrees
        of freedom Satterthwaite's (1946). Without an interval where a domain has none.

    Examples
    --------
    >>> halves = [Mean(0.5, Interval(0.0, 1.0), 10, 3, 0.01), Mean(1.0, Interval(1.0, 1.0), 10, 3, 0.0)]
    >>> mean_of_means(halves).value
    0.75
    """
    means = [mean for mean in means if mean.queries]
    if not means:
        return Mean(_NONE, Interval(_NONE, _NONE, level), 0, 0)
    count = len(means)
    queries, classes = sum(mean.queries for mean in means), sum(mean.classes for mean in means)
    value = sum(mean.value for mean in means) / count
    parts = np.array([mean.variance for mean in means])
    variance = float(parts.sum() / count**2)
    if not variance > 0:
        return Mean(value, _interval(value, variance, 1.0, level), queries, classes, variance)
    freedom = parts.sum() ** 2 / sum(
        part**2 / (mean.classes - 1) for part, mean in zip(parts, means, strict=True)
    )
    return Mean(value, _interval(value, variance, float(freedom), level), queries, classes, variance)


def _interval(mean: float, variance: float, freedom: float, level: float) -> Interval:
    from scipy.special import stdtrit  # scipy.stats takes seconds to import

    half = float(stdtrit(freedom, (1 + level) / 2) * np.sqrt(variance))
    return Interval(mean - half, mean + half, level)
