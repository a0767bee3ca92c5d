"""Pair kinds: all pairs, those of one label or of two, those within a domain or across two."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

import numpy as np
from jaxtyping import Bool, Float, Int64

from embedscope._errors import InputError
from embedscope.comparison.groups import Groups
from embedscope.comparison.pair_sample import PairSample, pair_distances
from embedscope.comparison.sampling import Sampling
from embedscope.neighbors.distances import Points
from embedscope.neighbors.neighbors import Metric

Kind: TypeAlias = Literal["all", "same label", "different label", "within domain", "across domains"]
SAME: dict[Kind, Kind] = {"same label": "different label", "within domain": "across domains"}
_PAIRS_AT_ONCE = 1 << 20


def group_pairs(groups: Groups, n_pairs: int, seed: int) -> PairSample:
    """Draw pairs of items of the same group, each pair equally likely.

    Parameters
    ----------
    groups : Groups
        Items of the missing group are in no pair.
    n_pairs : int
        Pairs wanted; all there are where those are not more.
    seed : int
        The same seed draws the same pairs.

    Returns
    -------
    PairSample
        No pair comes twice.

    Examples
    --------
    >>> pairs = group_pairs(Groups(np.array([0, 1, 0]), ("a", "b")), 10, 0)
    >>> list(zip(pairs.first.tolist(), pairs.second.tolist()))
    [(2, 0)]
    """
    counts = groups.counts
    if groups.missing is not None:
        counts[groups.missing] = 0
    ends = np.cumsum(counts * (counts - 1) // 2)
    total = int(ends[-1])
    codes = np.arange(total)
    if total > n_pairs:
        codes = np.sort(np.random.default_rng(seed).choice(total, n_pairs, replace=False, shuffle=False))
    order = np.argsort(groups.codes, kind="stable")
    starts = np.cumsum(groups.counts) - groups.counts
    group = np.searchsorted(ends, codes, side="right")
    inside = triangle_places(codes - (ends[group] - counts[group] * (counts[group] - 1) // 2))
    rows = np.sort(order[np.stack(inside) + starts[group]], axis=0)
    exact = len(codes) == total
    return PairSample(rows[1], rows[0], Sampling(len(codes), total, None if exact else seed, unit="pairs"))


def triangle_places(
    codes: Int64[np.ndarray, " pairs"],
) -> tuple[Int64[np.ndarray, " pairs"], Int64[np.ndarray, " pairs"]]:
    """Find row and column of places in a lower triangle, counted row by row.

    Parameters
    ----------
    codes : ndarray of int64, shape (pairs,)
        Places, from 0.

    Returns
    -------
    rows, columns : ndarray of int64, shape (pairs,)
        The columns are the smaller ones.

    Examples
    --------
    >>> [places.tolist() for places in triangle_places(np.arange(4))]
    [[1, 2, 2, 3], [0, 0, 1, 0]]
    """
    rows = ((1 + np.sqrt(1 + 8.0 * codes)) / 2).astype(np.int64)
    rows -= rows * (rows - 1) // 2 > codes
    rows += rows * (rows + 1) // 2 <= codes
    return rows, codes - rows * (rows - 1) // 2


def is_same(
    groups: Groups, first: Int64[np.ndarray, " pairs"], second: Int64[np.ndarray, " pairs"]
) -> tuple[Bool[np.ndarray, " pairs"], Bool[np.ndarray, " pairs"]]:
    """Say which pairs are of one group, and which of two.

    Parameters
    ----------
    groups : Groups
        A pair with an item of the missing group is neither.
    first, second : ndarray of int64, shape (pairs,)
        The pairs.

    Returns
    -------
    same, different : ndarray of bool, shape (pairs,)
        Never both.
    """
    one, two = groups.codes[first], groups.codes[second]
    same = one == two
    if groups.missing is None:
        return same, ~same
    known = (one != groups.missing) & (two != groups.missing)
    return same & known, ~same & known


def check_kinds(groups: Groups, what: str) -> None:
    """Refuse groups that give no pair of one group, or none of two.

    Parameters
    ----------
    groups : Groups
        Labels or domains.
    what : {"label", "domain"}
        What the error calls a group.

    Raises
    ------
    InputError
        If all known items are of one group, or no two of the same.
    """
    counts = groups.counts
    if groups.missing is not None:
        counts[groups.missing] = 0
    if (counts > 0).sum() <= 1:
        raise InputError(
            f"All items with a {what} ({groups.by!r}) have the same one, so no pair is of two. "
            f"Name a column with two values or more, or leave the {what} out."
        )
    if counts.max() <= 1:
        raise InputError(
            f"Every item has a {what} of its own ({groups.by!r}), so no pair shares one. "
            f"Name a column whose values repeat, or leave the {what} out."
        )


Chunk: TypeAlias = tuple[Int64[np.ndarray, " p"], Int64[np.ndarray, " p"], Float[np.ndarray, "2 p"]]


def sampled_chunks(
    sides: tuple[Points, Points], metrics: tuple[Metric, Metric], pairs: PairSample
) -> Iterator[Chunk]:
    """Measure drawn pairs in both spaces.

    Parameters
    ----------
    sides : tuple of Points
        The teacher's and the student's.
    metrics : tuple of str
        Their metrics.
    pairs : PairSample
        Which pairs.

    Yields
    ------
    tuple
        First and second rows, and distances of shape (2, pairs) in float64.
    """
    for start in range(0, len(pairs), _PAIRS_AT_ONCE):
        part = slice(start, start + _PAIRS_AT_ONCE)
        chunk = PairSample(pairs.first[part], pairs.second[part], pairs.sampling)
        measured = [
            pair_distances(points, chunk, metric) for points, metric in zip(sides, metrics, strict=True)
        ]
        yield chunk.first, chunk.second, np.stack(measured)
