"""Measuring overlap: exact neighbours of all items or of a sample, in both spaces."""

from __future__ import annotations

from embedscope.comparison.exact_lists import exact_is_affordable, exact_lists
from embedscope.comparison.matched import Matched
from embedscope.comparison.overlap import NeighborOverlap
from embedscope.comparison.ranked_lists import shared_to_depth
from embedscope.comparison.sampling import Sampling, draw_rows, mean_interval
from embedscope.neighbors.exact import check_k

# Past the cost of exact neighbours of all items so many are drawn; 800 already stay within ± 0.005.
_QUERIES_PAST_EXACT = 2_000


def neighbor_overlap(
    matched: Matched, k: int = 10, *, sample: int | None = None, seed: int = 0
) -> NeighborOverlap:
    """Compare the k nearest neighbours of the items in two spaces.

    Parameters
    ----------
    matched : Matched
        The two spaces.
    k : int
        Neighbours a side, from 1 to items - 1.
    sample : int, optional
        Look at the neighbours of so many items only, always among all. By default at those of all, and where
        exact neighbours of all would cost more than 4·10¹² operations at those of 2,000.
    seed : int
        Seed of the sample.

    Returns
    -------
    NeighborOverlap
        From exact neighbours in the original dims, ties by index.

    Raises
    ------
    InputError
        If k is out of range, or vectors are zero under cosine or not finite (the ids are named).

    Notes
    -----
    O(queries · items · dims) where a space has not kept its neighbours. The corpus is never sampled: fewer
    items change who is near.

    References
    ----------
    Webber, Moffat, Zobel 2010, doi 10.1145/1852102.1852106 (rank-biased overlap).
    """
    n = len(matched)
    check_k(k, n - 1, f"{n:,} shared items: each has {n - 1:,} others")
    _ = matched.vectors("teacher"), matched.vectors("student")
    if sample is None and not all(
        exact_is_affordable(space, k) for space in (matched.teacher, matched.student)
    ):
        sample = _QUERIES_PAST_EXACT
    rows = draw_rows(n, sample, seed)
    teacher, student = (exact_lists(matched, side, rows, k) for side in ("teacher", "student"))
    if len(rows) == n:
        return NeighborOverlap(matched, rows, teacher, student, Sampling.exact(n))
    shared = shared_to_depth(teacher, student)[:, -1] / k
    return NeighborOverlap(
        matched, rows, teacher, student, Sampling(len(rows), n, seed, mean_interval(shared, of=n))
    )
