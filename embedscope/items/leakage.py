"""Split matches so that no query and no document is on both sides."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Int64

from embedscope._errors import InputError


def group_matches(nodes: Int64[np.ndarray, "matches 2"]) -> Int64[np.ndarray, " matches"]:
    """Give the number of the group to each match; matches that share a node are of one group.

    Parameters
    ----------
    nodes : ndarray of int64, shape (matches, 2)
        Number of the content of each match's query and document.

    Returns
    -------
    ndarray of int64, shape (matches,)
        Number of the group.

    Notes
    -----
    Connected components of the graph whose edges are the matches; sharing goes on through others.

    Examples
    --------
    >>> group_matches(np.array([[0, 1], [1, 2], [3, 4]])).tolist()
    [0, 0, 1]
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    known, flat = np.unique(nodes, return_inverse=True)
    ends = flat.reshape(nodes.shape)
    shape = (len(known), len(known))
    graph = coo_matrix((np.ones(len(nodes), np.int8), (ends[:, 0], ends[:, 1])), shape=shape)
    _, groups = connected_components(graph, directed=False)
    return np.asarray(groups[ends[:, 0]], np.int64)


def split_matches(
    nodes: Int64[np.ndarray, "matches 2"], fraction: float, seed: int
) -> Bool[np.ndarray, " matches"]:
    """Choose the matches of the first part.

    Parameters
    ----------
    nodes : ndarray of int64, shape (matches, 2)
        Number of the content of each match's query and document.
    fraction : float
        Share of the matches wanted in the first part.
    seed : int
        For the draw.

    Returns
    -------
    ndarray of bool, shape (matches,)
        True for the first part.

    Raises
    ------
    InputError
        If a part would stay empty.

    Examples
    --------
    >>> int(split_matches(np.arange(20).reshape(10, 2), 0.8, 0).sum())
    8
    """
    groups = group_matches(nodes)
    sizes = np.bincount(groups) if len(groups) else np.zeros(0, np.int64)
    room = len(nodes) - round(fraction * len(nodes))
    second = np.zeros(len(sizes), np.bool_)
    for group in np.random.default_rng(seed).permutation(len(sizes)):
        if sizes[group] <= room:
            second[group] = True
            room -= sizes[group]
    in_first: Bool[np.ndarray, " matches"] = ~second[groups]
    if in_first.all() or not in_first.any():
        biggest = int(sizes.max()) if len(sizes) else 0
        raise InputError(
            f"{len(nodes)} matches cannot be split at {fraction}: {biggest} of them hang together, "
            "because they share queries or documents. Choose another fraction, or split by hand with take()."
        )
    return in_first
