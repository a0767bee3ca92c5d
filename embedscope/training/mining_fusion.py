"""Rank fusion: several scores of the same candidates become one."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64, Int64

from embedscope._errors import InputError

# Of Cormack et al.; it keeps the first few ranks from deciding all.
RANK_OFFSET = 60


def fuse_ranks(
    scores: Float64[np.ndarray, "scorers candidates"], rows: Int64[np.ndarray, " candidates"]
) -> Float64[np.ndarray, " candidates"]:
    """Fuse scores by reciprocal rank: the larger, the better by all scorers together.

    Parameters
    ----------
    scores : ndarray of float64, shape (scorers, candidates)
        Finite; larger is better, each scorer on a scale of its own.
    rows : ndarray of int64, shape (candidates,)
        Rows of the candidates: equal scores rank by row.

    Returns
    -------
    ndarray of float64, shape (candidates,)
        Σ 1 / (60 + rank) over the scorers; rank 1 is the best.

    Raises
    ------
    InputError
        If a score is not finite.

    References
    ----------
    Cormack, Clarke, Büttcher 2009, doi 10.1145/1571941.1572114; as used by Lee et al. 2025, arXiv 2503.07891.

    Examples
    --------
    >>> fused = fuse_ranks(np.array([[3.0, 1.0], [0.2, 0.9]]), np.array([5, 8]))
    >>> bool(fused[0] == fused[1] == 1 / 61 + 1 / 62)
    True
    """
    if not np.isfinite(scores).all():
        raise InputError(
            "A score is not finite; leave candidates without a score out before ranks are fused."
        )
    shares = np.empty_like(scores)
    for place, given in enumerate(scores):
        order = np.lexsort((rows, -given))
        shares[place, order] = 1.0 / (RANK_OFFSET + 1 + np.arange(len(rows)))
    # Summed in order of size, so that the order of the scorers cannot break a tie.
    total: Float64[np.ndarray, " candidates"] = np.sort(shares, axis=0).sum(axis=0)
    return total


def lowest(
    fused: Float64[np.ndarray, " candidates"], rows: Int64[np.ndarray, " candidates"], n: int
) -> Int64[np.ndarray, " chosen"]:
    """Choose the candidates with the lowest fused scores.

    Parameters
    ----------
    fused : ndarray of float64, shape (candidates,)
        From `fuse_ranks`.
    rows : ndarray of int64, shape (candidates,)
        Rows of the candidates: of equal scores the lower row is taken first.
    n : int
        How many.

    Returns
    -------
    ndarray of int64, shape (min(n, candidates),)
        Places among the candidates, lowest first.

    Examples
    --------
    >>> lowest(np.array([0.2, 0.1, 0.1]), np.array([0, 9, 4]), 2).tolist()
    [2, 1]
    """
    return np.lexsort((rows, fused))[:n].astype(np.int64)
