"""Clusters that lie near each other become one: weighted Ward linkage on their centres."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64, Int32, Int64


def merge_centres(
    centres: Float64[np.ndarray, "clusters dims"], sizes: Int64[np.ndarray, " clusters"], wanted: int
) -> Int32[np.ndarray, " clusters"]:
    """Merge clusters, two at a time, until few are left.

    Parameters
    ----------
    centres : ndarray of float64, shape (clusters, dims)
        Mean of each cluster's items.
    sizes : ndarray of int64, shape (clusters,)
        Items of each.
    wanted : int
        How many are to be left, at least 1.

    Returns
    -------
    ndarray of int32, shape (clusters,)
        Group of each cluster, numbered in the order of first members.

    Notes
    -----
    Each step merges the two whose union adds least to the squared distances from the centres,
    ``n_i n_j / (n_i + n_j) · |c_i - c_j|²``: Ward's linkage of all items, given the clusters. Time and
    memory O(clusters²), as long as few nearest partners change at a step.

    References
    ----------
    Ward 1963, doi 10.1080/01621459.1963.10500845.

    Examples
    --------
    >>> merge_centres(np.array([[0.0], [9.0], [1.0], [8.0]]), np.ones(4, np.int64), 2).tolist()
    [0, 1, 0, 1]
    """
    centres, weight = centres.copy(), sizes.astype(np.float64)
    group = np.arange(len(weight))
    cost = np.array([_costs(row, centres, weight) for row in range(len(weight))])
    for _ in range(len(weight) - max(wanted, 1)):
        kept, gone = sorted(divmod(int(cost.argmin()), len(weight)))
        total = weight[kept] + weight[gone]
        centres[kept] = (weight[kept] * centres[kept] + weight[gone] * centres[gone]) / total
        weight[kept], weight[gone] = total, 0
        group[group == gone] = kept
        cost[gone] = cost[:, gone] = np.inf
        cost[kept] = cost[:, kept] = _costs(kept, centres, weight)
    _, first, found = np.unique(group, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[found].astype(np.int32)


def _costs(
    row: int, centres: Float64[np.ndarray, "clusters dims"], weight: Float64[np.ndarray, " clusters"]
) -> Float64[np.ndarray, " clusters"]:
    apart = ((centres - centres[row]) ** 2).sum(axis=1)
    costs = weight * weight[row] / np.maximum(weight + weight[row], 1e-300) * apart
    costs[(weight == 0) | (np.arange(len(weight)) == row)] = np.inf
    return np.asarray(costs)
