"""Two ranked lists of the same items: how many they share, to which depth, in which order."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64, Int, Int64

_TILE = 1 << 24
PERSISTENCE = 0.9


def places(
    wanted: Int[np.ndarray, "queries k"], ranked: Int[np.ndarray, "queries m"]
) -> Int64[np.ndarray, "queries k"]:
    """Find the place of each wanted item in another list.

    Parameters
    ----------
    wanted : ndarray of int, shape (queries, k)
        One list a query.
    ranked : ndarray of int, shape (queries, m)
        The other list of the same queries, nearest first.

    Returns
    -------
    ndarray of int64, shape (queries, k)
        From 0; m where the item is not in the list.

    Notes
    -----
    Time O(queries · k · m), memory 16 MB.

    Examples
    --------
    >>> places(np.array([[5, 7, 9]]), np.array([[7, 5]])).tolist()
    [[1, 0, 2]]
    """
    found = np.empty(wanted.shape, np.int64)
    step = max(1, _TILE // max(1, wanted.shape[1] * ranked.shape[1]))
    for start in range(0, len(wanted), step):
        tile = slice(start, start + step)
        equal = wanted[tile, :, None] == ranked[tile, None, :]
        found[tile] = np.where(equal.any(axis=2), equal.argmax(axis=2), ranked.shape[1])
    return found


def shared_to_depth(
    teacher: Int[np.ndarray, "queries k"], student: Int[np.ndarray, "queries k"]
) -> Int64[np.ndarray, "queries k"]:
    """Count what two lists share among their first d items, for each d.

    Parameters
    ----------
    teacher : ndarray of int, shape (queries, k)
        Nearest first, no item twice.
    student : ndarray of int, shape (queries, k)
        The same queries in the other space.

    Returns
    -------
    ndarray of int64, shape (queries, k)
        Column d - 1 is |first d of one ∩ first d of the other|.

    Examples
    --------
    >>> shared_to_depth(np.array([[5, 7, 9]]), np.array([[7, 5, 1]])).tolist()
    [[0, 2, 2]]
    """
    n, k = teacher.shape
    at = places(teacher, student)
    # An item counts from the depth at which it is in both lists.
    from_depth = np.maximum(at, np.arange(k))
    cells = (np.arange(n)[:, None] * (k + 1) + from_depth).ravel()
    entered = np.bincount(cells, minlength=n * (k + 1)).reshape(n, k + 1)
    return np.cumsum(entered[:, :k], axis=1, dtype=np.int64)


def rank_biased_overlap(
    shared: Int64[np.ndarray, "queries k"] | Float64[np.ndarray, "queries k"], p: float = PERSISTENCE
) -> Float64[np.ndarray, " queries"]:
    """Measure rank-biased overlap, extrapolated past the lists' ends.

    Parameters
    ----------
    shared : ndarray of int64 or float64, shape (queries, k)
        What the lists share to each depth.
    p : float
        Persistence, between 0 and 1: a reader goes on to the next place with this probability. At 0.9 the
        first ten places carry 86 % of the weight.

    Returns
    -------
    ndarray of float64, shape (queries,)
        From 0 (nothing shared) to 1 (the same order).

    Notes
    -----
    RBO_EXT = X_k/k · pᵏ + (1 - p)/p Σ_d X_d/d · pᵈ, X_d the items shared to depth d: past depth k the
    agreement is taken to stay what it is there.

    References
    ----------
    Webber, Moffat, Zobel 2010, doi 10.1145/1852102.1852106, equation 23 with lists of one length.

    Examples
    --------
    >>> rank_biased_overlap(np.array([[1, 2, 3], [0, 0, 0]])).round(12).tolist()
    [1.0, 0.0]
    """
    depth = np.arange(1, shared.shape[1] + 1)
    agreement = shared / depth
    weighed: np.ndarray = agreement @ ((1 - p) * p ** (depth - 1.0))
    overlap: np.ndarray = weighed + agreement[:, -1] * p ** float(depth[-1])
    return overlap


def chance_overlap(n: int, k: int) -> float:
    """Give the overlap at k of two lists that are drawn at random.

    Parameters
    ----------
    n : int
        Items, the query among them.
    k : int
        Length of the lists.

    Returns
    -------
    float
        k/(n - 1).

    Examples
    --------
    >>> chance_overlap(101, 10)
    0.1
    """
    return k / (n - 1)


def chance_jaccard(n: int, k: int) -> float:
    """Give the expected Jaccard index of two lists that are drawn at random.

    Parameters
    ----------
    n : int
        Items, the query among them.
    k : int
        Length of the lists.

    Returns
    -------
    float
        E[x/(2k - x)], x hypergeometric.

    Examples
    --------
    >>> chance_jaccard(3, 1)
    0.5
    """
    from scipy.special import gammaln  # scipy.stats takes seconds to import

    def log_choose(a: int, b: Int64[np.ndarray, " x"]) -> Float64[np.ndarray, " x"]:
        ways: np.ndarray = gammaln(a + 1) - gammaln(b + 1) - gammaln(a - b + 1)
        return ways

    x = np.arange(max(0, 2 * k - (n - 1)), k + 1)
    chances = np.exp(log_choose(k, x) + log_choose(n - 1 - k, k - x) - log_choose(n - 1, np.array([k])))
    return float(chances @ (x / (2 * k - x)))


def chance_rank_biased_overlap(n: int, k: int, p: float = PERSISTENCE) -> float:
    """Give the expected rank-biased overlap of two lists that are drawn at random.

    Parameters
    ----------
    n : int
        Items, the query among them.
    k : int
        Length of the lists.
    p : float
        Persistence.

    Returns
    -------
    float
        With X_d = d²/(n - 1), which is what random lists share to depth d.

    Examples
    --------
    >>> chance_rank_biased_overlap(2, 1)
    1.0
    """
    depth = np.arange(1.0, k + 1)
    return float(rank_biased_overlap((depth**2 / (n - 1))[None], p)[0])
