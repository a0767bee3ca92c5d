"""HDBSCAN: clusters are what stays dense over many scales; the rest is noise."""

from __future__ import annotations

import warnings

import numpy as np
from jaxtyping import Float32, Int32

_GIANT = 2 / 3
_COVERED = 0.7


def density_clusters(
    points: Float32[np.ndarray, "items components"], min_cluster_size: int, min_samples: int
) -> tuple[Int32[np.ndarray, " items"], Float32[np.ndarray, " items"]]:
    """Cluster points of few dimensions by density.

    Parameters
    ----------
    points : ndarray of float32, shape (items, components)
        A map, or a layout in a few more axes.
    min_cluster_size : int
        Fewest items of a cluster, at least 2.
    min_samples : int
        Neighbours that make an item's density; larger: more noise.

    Returns
    -------
    labels : ndarray of int32, shape (items,)
        From 0, the largest cluster first; -1: noise.
    probabilities : ndarray of float32, shape (items,)
        How surely an item belongs to its cluster, from 0 to 1; 0 for noise.

    Notes
    -----
    Where one cluster takes in more than two thirds of the items, what lies inside it is shown instead: the
    clusters of at most a quarter of the items, if there are three or more that hold 70 % of the items.
    Prim or Borůvka over a k-d tree: about O(items · log items), 0.3 s for 10,000 points. Exact and
    repeatable.

    References
    ----------
    Campello, Moulavi, Sander 2013, doi 10.1007/978-3-642-37456-2_14; McInnes, Healy 2017, arXiv 1705.07321.

    Examples
    --------
    >>> points = np.concatenate([np.zeros((9, 2)), np.ones((5, 2))]).astype(np.float32)
    >>> density_clusters(points, 3, 2)[0].tolist()
    [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1]
    """
    n = len(points)
    if n < max(2 * min_cluster_size, min_samples + 1):
        return np.full(n, -1, np.int32), np.zeros(n, np.float32)
    labels, probabilities = _fit(points, min_cluster_size, min_samples)
    if np.bincount(labels + 1)[1:].max(initial=0) > _GIANT * n:
        finer = _fit(points, min_cluster_size, min_samples, max_cluster_size=n // 4)
        if finer[0].max() >= 2 and (finer[0] >= 0).mean() >= _COVERED:
            labels, probabilities = finer
    return largest_first(labels), probabilities


def leaf_clusters(
    points: Float32[np.ndarray, "items components"], min_cluster_size: int, min_samples: int
) -> tuple[Int32[np.ndarray, " items"], Float32[np.ndarray, " items"]]:
    """Cluster points by density, as finely as the sizes allow.

    Parameters
    ----------
    points : ndarray of float32, shape (items, components)
        At least twice as many as ``min_cluster_size``.
    min_cluster_size : int
        Fewest items of a cluster, at least 2.
    min_samples : int
        Neighbours that make an item's density.

    Returns
    -------
    labels : ndarray of int32, shape (items,)
        From 0, the largest cluster first; -1: noise.
    probabilities : ndarray of float32, shape (items,)
        How surely an item belongs to its cluster, from 0 to 1.

    Notes
    -----
    The leaves of HDBSCAN's tree, where `density_clusters` takes what persists longest.

    Examples
    --------
    >>> points = np.random.default_rng(0).normal(size=(60, 2)) + np.repeat([[0, 0], [9, 0]], 30, axis=0)
    >>> np.bincount(leaf_clusters(points.astype(np.float32), 20, 5)[0] + 1).shape
    (3,)
    """
    labels, probabilities = _fit(points, min_cluster_size, min_samples, leaves=True)
    return largest_first(labels), probabilities


def _fit(
    points: Float32[np.ndarray, "items components"],
    min_cluster_size: int,
    min_samples: int,
    *,
    max_cluster_size: int = 0,
    leaves: bool = False,
) -> tuple[Int32[np.ndarray, " items"], Float32[np.ndarray, " items"]]:
    from hdbscan import HDBSCAN

    model = HDBSCAN(
        min_cluster_size=min_cluster_size,
        min_samples=min_samples,
        max_cluster_size=max_cluster_size,
        cluster_selection_method="leaf" if leaves else "eom",
        core_dist_n_jobs=1,  # a pool of processes costs more than 2-D distances do
        approx_min_span_tree=False,
    )
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="'force_all_finite' was renamed", category=FutureWarning)
        warnings.filterwarnings("ignore", message="invalid value encountered", category=RuntimeWarning)
        found = model.fit(points.astype(np.float64))
    probabilities = np.nan_to_num(found.probabilities_, nan=1.0).astype(np.float32)
    return found.labels_.astype(np.int32), probabilities


def largest_first(labels: Int32[np.ndarray, " items"]) -> Int32[np.ndarray, " items"]:
    """Renumber clusters by size, the largest 0; equal sizes in the order of their first items.

    Parameters
    ----------
    labels : ndarray of int32, shape (items,)
        Any numbers from 0; -1: noise.

    Returns
    -------
    ndarray of int32, shape (items,)
        The same clusters under other numbers.

    Examples
    --------
    >>> largest_first(np.array([0, -1, 1, 1], np.int32)).tolist()
    [1, -1, 0, 0]
    """
    clusters, first, counts = np.unique(labels, return_index=True, return_counts=True)
    kept = clusters >= 0
    order = np.lexsort((first[kept], -counts[kept]))
    number = np.full(int(labels.max(initial=-1)) + 2, -1, np.int32)
    number[clusters[kept][order]] = np.arange(kept.sum(), dtype=np.int32)
    renumbered: np.ndarray = number[labels]
    return renumbered
