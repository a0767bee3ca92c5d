"""The join of near_duplicates.py: for each set the most similar of other sets, without comparing all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64, Int64, UInt64

# Rounding may not shorten a prefix: 0.55 · 20 is a little more than 11.
_SLACK = 1e-9


def best_matches(
    mine: Sequence[UInt64[np.ndarray, " _"]],
    theirs: Sequence[UInt64[np.ndarray, " _"]] | None,
    threshold: float | int,
) -> tuple[list[int], list[int], list[float]]:
    """Find for each set the most similar one among others, if it is similar enough.

    Parameters
    ----------
    mine : sequence of ndarray of uint64
        Sets of shingles, ascending.
    theirs : sequence of ndarray of uint64, or None
        The others; None: the sets of ``mine`` that come before.
    threshold : float
        Least Jaccard similarity, above 0.

    Returns
    -------
    rows, others : list of int
        Each row with a match, ascending, and its match: the most similar, ties by row.
    similarities : list of float
        Their Jaccard similarity.

    Examples
    --------
    >>> sets = [np.array([1, 2, 3], np.uint64), np.array([1, 2, 3, 4], np.uint64)]
    >>> best_matches(sets, None, 0.7)
    ([1], [0], [0.75])
    """
    is_self = theirs is None
    others = mine if theirs is None else theirs
    ranked = _by_rarity([*mine, *others])
    left, right = ranked[: len(mine)], ranked[len(mine) :]
    index = _PrefixIndex.of(right, threshold)
    rows, matched, similarities = [], [], []
    for row, one in enumerate(left):
        candidates = index.candidates(one)
        best = _best(one, right, candidates[candidates < row] if is_self else candidates, threshold)
        if best is not None:
            rows.append(row)
            matched.append(best[0])
            similarities.append(best[1])
    return rows, matched, similarities


def _by_rarity(sets: Sequence[UInt64[np.ndarray, " _"]]) -> list[Int64[np.ndarray, " _"]]:
    """Give the shingles numbers, rarest first, and sort each set by them."""
    sizes = np.array([len(one) for one in sets], np.int64)
    flat = np.concatenate([*sets, np.empty(0, np.uint64)])
    _, codes, counts = np.unique(flat, return_inverse=True, return_counts=True)
    numbers = np.empty(len(counts), np.int64)
    numbers[np.argsort(counts, kind="stable")] = np.arange(len(counts))
    ends = np.cumsum(sizes)[:-1] if len(sizes) else sizes
    return [np.sort(part) for part in np.split(numbers[codes], ends)]


@dataclass(frozen=True, eq=False)
class _PrefixIndex:
    """The rarest shingles of each set, and whose they are."""

    shingles: Int64[np.ndarray, " entries"]
    rows: Int64[np.ndarray, " entries"]
    sizes: Float64[np.ndarray, " sets"]
    threshold: float | int

    @classmethod
    def of(cls, sets: Sequence[Int64[np.ndarray, " _"]], threshold: float | int) -> _PrefixIndex:
        parts = [one[: _prefix(len(one), threshold)] for one in sets]
        rows = np.repeat(np.arange(len(sets)), np.array([len(part) for part in parts], np.int64))
        flat = np.concatenate([*parts, np.empty(0, np.int64)])
        order = np.argsort(flat, kind="stable")
        sizes = np.array([len(one) for one in sets], np.float64)
        return cls(flat[order], rows[order].astype(np.int64), sizes, threshold)

    def candidates(self, one: Int64[np.ndarray, " _"]) -> Int64[np.ndarray, " candidates"]:
        prefix = one[: _prefix(len(one), self.threshold)]
        first = np.searchsorted(self.shingles, prefix, "left")
        counts = np.searchsorted(self.shingles, prefix, "right") - first
        starts = np.repeat(first - np.cumsum(counts) + counts, counts)
        found = np.unique(self.rows[starts + np.arange(len(starts))])
        # A set of another size cannot be similar enough.
        sizes = self.sizes[found]
        fits = (sizes >= self.threshold * len(one) - _SLACK) & (sizes * self.threshold <= len(one) + _SLACK)
        fitting: Int64[np.ndarray, " candidates"] = found[fits]
        return fitting


def _prefix(size: int, threshold: float | int) -> int:
    return size - int(np.ceil(threshold * size - _SLACK)) + 1 if size else 0


def _best(
    one: Int64[np.ndarray, " _"],
    others: Sequence[Int64[np.ndarray, " _"]],
    candidates: Int64[np.ndarray, " candidates"],
    threshold: float | int,
) -> tuple[int, float] | None:
    best: tuple[int, float] | None = None
    for row in candidates.tolist():
        other = others[row]
        common = len(np.intersect1d(one, other, assume_unique=True))
        similarity = common / (len(one) + len(other) - common)
        if similarity >= threshold and (best is None or similarity > best[1]):
            best = (row, similarity)
    return best
