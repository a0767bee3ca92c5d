"""Pairs of items: all of them, or drawn, with their distances."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64, Int64

from embedscope._errors import InputError
from embedscope.comparison.sampling import Sampling, draw_rows
from embedscope.neighbors.distances import Points
from embedscope.neighbors.neighbors import Metric

PAIRS = 200_000
_NUMBERS_AT_ONCE = 1 << 22


@dataclass(frozen=True, eq=False)
class PairSample:
    """Pairs of two different items, each at most once.

    Parameters
    ----------
    first, second : ndarray of int64, shape (pairs,)
        Their rows; the second is the smaller one.
    sampling : Sampling
        All pairs, or how they were drawn.
    """

    first: Int64[np.ndarray, " pairs"]
    second: Int64[np.ndarray, " pairs"]
    sampling: Sampling

    def __len__(self) -> int:
        return len(self.first)


def draw_pairs(n: int, n_pairs: int | None = PAIRS, seed: int = 0) -> PairSample:
    """Draw pairs of items at random, without repetition.

    Parameters
    ----------
    n : int
        Items.
    n_pairs : int, optional
        Pairs wanted; all where there are not more, or none is given.
    seed : int
        The same seed draws the same pairs.

    Returns
    -------
    PairSample
        Each of the n(n - 1)/2 pairs is equally likely.

    Raises
    ------
    InputError
        If there are fewer than two items.

    Examples
    --------
    >>> pairs = draw_pairs(3)
    >>> list(zip(pairs.first.tolist(), pairs.second.tolist())), pairs.sampling
    ([(1, 0), (2, 0), (2, 1)], exact)
    """
    if n < 2:
        raise InputError(f"{n} items have no pairs: at least 2 are wanted.")
    total = n * (n - 1) // 2
    codes = draw_rows(total, n_pairs, seed)
    # Pair c is in row i of the lower triangle, which starts at i(i - 1)/2.
    first = ((1 + np.sqrt(1 + 8.0 * codes)) / 2).astype(np.int64)
    # The root is rounded, so that it can be one row off near the start of a row.
    first -= first * (first - 1) // 2 > codes
    first += (first + 1) * first // 2 <= codes
    exact = len(codes) == total
    return PairSample(
        first,
        codes - first * (first - 1) // 2,
        Sampling(len(codes), total, None if exact else seed, unit="pairs"),
    )


def pair_distances(points: Points, pairs: PairSample, metric: Metric) -> Float64[np.ndarray, " pairs"]:
    """Measure the distance of each pair.

    Parameters
    ----------
    points : Points
        The items.
    pairs : PairSample
        Which pairs.
    metric : {"cosine", "euclidean"}
        The metric.

    Returns
    -------
    ndarray of float64, shape (pairs,)
        1 - cosine, or the Euclidean distance, by differences.

    Notes
    -----
    Time O(pairs · dims), memory 64 MB.
    """
    found = np.empty(len(pairs))
    step = max(1, _NUMBERS_AT_ONCE // points.vectors.shape[1])
    for start in range(0, len(pairs), step):
        tile = slice(start, start + step)
        first, second = pairs.first[tile], pairs.second[tile]
        one = points.vectors[first].astype(np.float64)
        two = points.vectors[second].astype(np.float64)
        if metric == "cosine":
            # |a/|a| - b/|b||²/2 is 1 - cosine without its cancellation for near pairs.
            one /= points.norms[first, None]
            two /= points.norms[second, None]
        one -= two
        squares = np.einsum("ij,ij->i", one, one)
        found[tile] = squares / 2 if metric == "cosine" else np.sqrt(squares)
    return found
