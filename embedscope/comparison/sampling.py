"""Sampling: whether a result is exact or drawn, and how far its means can be off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
from jaxtyping import Float64, Int64

from embedscope._errors import InputError, unknown_name

IntervalMethod: TypeAlias = Literal["normal", "bootstrap"]

LEVEL = 0.95
_RESAMPLES = 2000
_RESAMPLED_AT_ONCE = 1 << 22


@dataclass(frozen=True)
class Interval:
    """A confidence interval of one number.

    Parameters
    ----------
    low : float
        Its lower end; NaN where there was too little to tell.
    high : float
        Its upper end.
    level : float
        Share of such intervals that hold the true number.
    method : {"normal", "bootstrap"}
        Student's t of the mean, or percentiles of resampled means.

    Examples
    --------
    >>> Interval(0.5, 0.52)
    95 % interval 0.5 to 0.52
    """

    low: float
    high: float
    level: float = LEVEL
    method: IntervalMethod = "normal"

    def __contains__(self, value: float) -> bool:
        return bool(self.low <= value <= self.high)

    def __repr__(self) -> str:
        return f"{100 * self.level:g} % interval {self.low:.4g} to {self.high:.4g}"


@dataclass(frozen=True)
class Sampling:
    """What a result was computed on: everything, or a sample of it.

    Parameters
    ----------
    n : int
        How many were looked at.
    of : int
        How many there are.
    seed : int, optional
        Seed that drew them; None where all were taken.
    interval : Interval, optional
        How far the result's main number can be off because of the sample.
    unit : str
        What was counted, in the plural: ``"items"``, ``"pairs"``.

    Raises
    ------
    InputError
        If more were looked at than there are, or a sample has no seed.

    Examples
    --------
    >>> Sampling(800, 12_000, seed=0, interval=Interval(0.5, 0.52))
    sampled(n=800 of 12,000 items, seed=0, 95 % interval 0.5 to 0.52)
    >>> Sampling.exact(12_000)
    exact
    """

    n: int
    of: int
    seed: int | None = None
    interval: Interval | None = None
    unit: str = "items"

    def __post_init__(self) -> None:
        if not 0 <= self.n <= self.of:
            raise InputError(f"{self.n:,} sampled of {self.of:,} {self.unit}: wanted 0 to {self.of:,}.")
        if self.n < self.of and self.seed is None:
            raise InputError(
                f"{self.n:,} of {self.of:,} {self.unit} are a sample: give the seed that drew it."
            )

    @classmethod
    def exact(cls, of: int, unit: str = "items") -> Sampling:
        """Say that everything was looked at.

        Parameters
        ----------
        of : int
            How many there are.
        unit : str
            What was counted, in the plural.

        Returns
        -------
        Sampling
            Without seed or interval.
        """
        return cls(of, of, unit=unit)

    @property
    def is_exact(self) -> bool:
        """Whether everything was looked at."""
        return self.n == self.of

    def __repr__(self) -> str:
        if self.is_exact:
            return "exact"
        interval = "" if self.interval is None else f", {self.interval!r}"
        return f"sampled(n={self.n:,} of {self.of:,} {self.unit}, seed={self.seed}{interval})"


def draw_rows(count: int, n: int | None, seed: int = 0) -> Int64[np.ndarray, " drawn"]:
    """Draw rows at random without repetition, in ascending order.

    Parameters
    ----------
    count : int
        Rows there are.
    n : int, optional
        Rows wanted; all of them where it is not given or not less than ``count``.
    seed : int
        The same seed draws the same rows.

    Returns
    -------
    ndarray of int64, shape (drawn,)
        The rows.

    Raises
    ------
    InputError
        If n is less than 1.

    Examples
    --------
    >>> draw_rows(3, None)
    array([0, 1, 2])
    """
    if n is not None and n < 1:
        raise InputError(f"A sample of {n}: wanted 1 or more.")
    if n is None or n >= count:
        return np.arange(count)
    return np.sort(np.random.default_rng(seed).choice(count, n, replace=False))


def mean_interval(
    values: Float64[np.ndarray, " drawn"],
    *,
    of: int | None = None,
    level: float = LEVEL,
    method: IntervalMethod = "normal",
    seed: int = 0,
) -> Interval:
    """Measure how far the mean of some items' values can be off.

    Parameters
    ----------
    values : ndarray of float64, shape (drawn,)
        One value an item; finite.
    of : int, optional
        Items that the sample was drawn from: the interval shrinks to nothing as the sample becomes all of
        them. Without it the items stand for endlessly many others of their kind.
    level : float
        Share of such intervals that hold the true mean, between 0 and 1.
    method : {"normal", "bootstrap"}
        Student's t, or percentiles of 2,000 resampled means.
    seed : int
        Seed of the bootstrap.

    Returns
    -------
    Interval
        NaN at both ends where there are fewer than two values.

    Raises
    ------
    InputError
        If the level is not between 0 and 1.
    MissingError
        If the method is not known.

    Notes
    -----
    mean ± t · s/√n · √(1 - n/of), t with n - 1 degrees of freedom. The bootstrap's distances from the mean
    are multiplied by the same last factor.

    References
    ----------
    Cochran 1977, Sampling Techniques, chapter 2; Efron 1979, doi 10.1214/aos/1176344552.

    Examples
    --------
    >>> mean_interval(np.array([0.4, 0.5, 0.6]))
    95 % interval 0.2516 to 0.7484
    """
    _check(level, method)
    n = len(values)
    if n < 2:
        return Interval(float("nan"), float("nan"), level, method)
    mean = float(values.mean())
    drawn = 1.0 if of is None else np.sqrt(max(0.0, 1 - n / of))
    if method == "normal":
        half = float(_t_quantile(level, n) * values.std(ddof=1) / np.sqrt(n) * drawn)
        return Interval(mean - half, mean + half, level, method)
    tail = (1 - level) / 2
    low, high = np.quantile(_resampled_means(values, seed), [tail, 1 - tail])
    return Interval(float(mean + drawn * (low - mean)), float(mean + drawn * (high - mean)), level, method)


def _check(level: float, method: str) -> None:
    if not 0 < level < 1:
        raise InputError(f"level={level}: wanted a share between 0 and 1, for example 0.95.")
    if method not in get_args(IntervalMethod):
        raise unknown_name("interval", method, get_args(IntervalMethod))


def _t_quantile(level: float, n: int | Int64[np.ndarray, " groups"]) -> Any:
    from scipy.special import stdtrit  # scipy.stats takes seconds to import

    with np.errstate(invalid="ignore"):
        return stdtrit(np.where(np.asarray(n) > 1, np.asarray(n) - 1.0, np.nan), (1 + level) / 2)


def _resampled_means(values: Float64[np.ndarray, " drawn"], seed: int) -> Float64[np.ndarray, " resamples"]:
    rng = np.random.default_rng(seed)
    step = max(1, _RESAMPLED_AT_ONCE // len(values))
    sizes = [min(step, _RESAMPLES - start) for start in range(0, _RESAMPLES, step)]
    return np.concatenate(
        [values[rng.integers(0, len(values), (size, len(values)))].mean(axis=1) for size in sizes]
    )


@dataclass(frozen=True, eq=False)
class GroupMeans:
    """The mean of each group's values, with its interval.

    Parameters
    ----------
    counts : ndarray of int64, shape (groups,)
        Items of each group that have a value.
    means : ndarray of float64, shape (groups,)
        NaN for a group without items.
    low : ndarray of float64, shape (groups,)
        Lower ends of the 95 % intervals; NaN under two items.
    high : ndarray of float64, shape (groups,)
        Upper ends.
    """

    counts: Int64[np.ndarray, " groups"]
    means: Float64[np.ndarray, " groups"]
    low: Float64[np.ndarray, " groups"]
    high: Float64[np.ndarray, " groups"]


def group_means(
    values: Float64[np.ndarray, " drawn"],
    codes: Int64[np.ndarray, " drawn"],
    n_groups: int,
    *,
    level: float = LEVEL,
) -> GroupMeans:
    """Average values group by group, with Student's t intervals.

    Parameters
    ----------
    values : ndarray of float64, shape (drawn,)
        One value an item.
    codes : ndarray of int64, shape (drawn,)
        Group of each item, from 0; -1: in none.
    n_groups : int
        Number of groups.
    level : float
        Share of such intervals that hold the true mean.

    Returns
    -------
    GroupMeans
        The items stand for endlessly many others of their kind: so the interval says what another data set of
        the same making would give, also where every item was looked at.

    Examples
    --------
    >>> group_means(np.array([1.0, 0.0, 0.5]), np.array([0, 0, 1]), 2).means
    array([0.5, 0.5])
    """
    _check(level, "normal")
    values, codes = values[codes >= 0], codes[codes >= 0]
    counts = np.bincount(codes, minlength=n_groups).astype(np.int64)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = np.bincount(codes, values, minlength=n_groups) / counts
        squares = np.bincount(codes, (values - means[codes]) ** 2, minlength=n_groups)
        half = _t_quantile(level, counts) * np.sqrt(squares / (counts - 1) / counts)
    return GroupMeans(counts, means, means - half, means + half)
