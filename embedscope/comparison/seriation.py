"""Seriation: groups in an order that puts those side by side whose items are neighbours."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64, Int64

# Optimal leaf ordering takes a time of groups³ to groups⁴: past this the tree's own order must do.
_MOST_ORDERED = 200
_FEWEST_ORDERED = 3


def seriate(
    mass: Float64[np.ndarray, "groups groups"], sizes: Int64[np.ndarray, " groups"]
) -> Int64[np.ndarray, " groups"]:
    """Order groups by how much of each other's neighbourhoods they fill.

    Parameters
    ----------
    mass : ndarray of float64, shape (groups, groups)
        Mean share of each group (column) in the neighbourhoods of each group's items (row); NaN for a row
        without anchors.
    sizes : ndarray of int64, shape (groups,)
        Items of each group.

    Returns
    -------
    ndarray of int64, shape (groups,)
        A permutation; groups without items or anchors come last.

    Notes
    -----
    Average linkage on -log of the mass an item of the one group has in the other's neighbourhoods, the mean
    of both directions; then, up to 200 groups, the order of the tree's leaves with the shortest sum of
    steps. The end with the larger group comes first.

    References
    ----------
    Bar-Joseph, Gifford, Jaakkola 2001, doi 10.1093/bioinformatics/17.suppl_1.S22.

    Examples
    --------
    >>> mass = np.array([[0.8, 0.0, 0.2], [0.0, 0.8, 0.2], [0.2, 0.2, 0.6]])
    >>> seriate(mass, np.array([3, 2, 2])).tolist()
    [0, 2, 1]
    """
    known = np.flatnonzero((sizes > 0) & np.isfinite(mass).all(axis=1))
    rest = np.setdiff1d(np.arange(len(sizes)), known)
    if len(known) < _FEWEST_ORDERED:
        return np.concatenate([known, rest])
    shares = mass[np.ix_(known, known)] / sizes[known]
    leaves = known[_leaves((shares + shares.T) / 2)]
    if sizes[leaves[0]] < sizes[leaves[-1]]:
        leaves = leaves[::-1]
    return np.concatenate([leaves, rest])


def _leaves(near: Float64[np.ndarray, "groups groups"]) -> Int64[np.ndarray, " groups"]:
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import squareform

    lowest = near[near > 0].min() if (near > 0).any() else 1.0
    far = -np.log(np.maximum(near, lowest))
    far -= far.min()
    np.fill_diagonal(far, 0)
    tree = linkage(squareform(far, checks=False), "average", optimal_ordering=len(near) <= _MOST_ORDERED)
    return np.asarray(leaves_list(tree), dtype=np.int64)
