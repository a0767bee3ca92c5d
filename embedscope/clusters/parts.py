"""A cluster opened: the denser parts within it, found on a sample where it is large."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Int32, Int64

from embedscope.clusters.density import leaf_clusters

_FEWEST_TO_OPEN = 40
_SMALLEST_PART = 8
_MOST_PARTS = 12
_COVERED = 0.4
_SEED = 0


@dataclass(frozen=True, eq=False)
class Parts:
    """The parts of one cluster.

    Parameters
    ----------
    labels : ndarray of int32, shape (members,)
        Part of each member, from 0, the largest of the sample first; -1: none.
    probabilities : ndarray of float32, shape (members,)
        How surely a member belongs to its part, from 0 to 1.
    sampled : ndarray of int64, shape (sampled,)
        The members that were looked at, in order; all of them where there are few.
    """

    labels: Int32[np.ndarray, " members"]
    probabilities: Float32[np.ndarray, " members"]
    sampled: Int64[np.ndarray, " sampled"]

    def __len__(self) -> int:
        return int(self.labels.max(initial=-1)) + 1


def find_parts(points: Float32[np.ndarray, "members 2"], most: int) -> Parts | None:
    """Find the parts of a cluster.

    Parameters
    ----------
    points : ndarray of float32, shape (members, 2)
        Its members on the map.
    most : int
        So many of them are looked at; each of the others goes where its nearest one of these is.

    Returns
    -------
    Parts or None
        None where the cluster is small, or has no two to twelve parts that hold 40 % of what was looked at.

    Notes
    -----
    HDBSCAN (leaves), of three sizes of parts, at least 8 members, the one that leaves out fewest. Members
    that were looked at keep their part, so that no part is smaller than that. 0.07 s
    for 1,500 points, 0.1 s where 50,000 others follow them.

    Examples
    --------
    >>> hills = np.repeat([[0, 0], [6, 0], [3, 5]], 200, axis=0)
    >>> x = (hills + np.random.default_rng(1).normal(0, 0.3, hills.shape)).astype(np.float32)
    >>> parts = find_parts(x, 300)
    >>> np.bincount(parts.labels), len(parts.sampled)
    (array([200, 200, 200]), 300)
    """
    if len(points) < _FEWEST_TO_OPEN:
        return None
    sampled = sample(len(points), most)
    seen = points[sampled]
    n = len(seen)
    sizes = {max(_SMALLEST_PART, size) for size in (round(n**0.5 / 2), n // 60, n // 24)}
    found = [leaf_clusters(seen, size, 5) for size in sorted(sizes) if 2 * size <= n]
    whole = [parts for parts in found if 1 <= parts[0].max(initial=-1) < _MOST_PARTS]
    best = max(whole, key=lambda parts: int((parts[0] >= 0).sum()), default=None)
    if best is None or (best[0] >= 0).mean() < _COVERED:
        return None
    nearest = _nearest(points, sampled)
    return Parts(best[0][nearest], best[1][nearest], sampled)


def sample(n: int, most: int) -> Int64[np.ndarray, " sampled"]:
    """Pick some of many, always the same ones.

    Parameters
    ----------
    n : int
        How many there are.
    most : int
        How many are wanted at most.

    Returns
    -------
    ndarray of int64, shape (sampled,)
        Places in order, without repeats; all of them where there are no more than ``most``.

    Examples
    --------
    >>> sample(3, 5).tolist(), len(sample(1_000, 5))
    ([0, 1, 2], 5)
    """
    if n <= most:
        return np.arange(n)
    return np.sort(np.random.default_rng(_SEED).choice(n, most, replace=False, shuffle=False))


def _nearest(
    points: Float32[np.ndarray, "members 2"], sampled: Int64[np.ndarray, " sampled"]
) -> Int64[np.ndarray, " members"]:
    """Give each point's nearest sampled one; a sampled point is its own, even where others lie upon it."""
    if len(sampled) == len(points):
        return sampled
    from scipy.spatial import cKDTree

    nearest = np.asarray(cKDTree(points[sampled]).query(points)[1], np.int64)
    nearest[sampled] = np.arange(len(sampled))
    return nearest
