"""UMAP's fuzzy graph: neighbour distances become memberships, joined into one symmetric graph."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float64

from embedscope.neighbors import Neighbors

_BISECTIONS = 64
_TOLERANCE = 1e-5
_SMALLEST_SCALE = 1e-3


def fuzzy_graph(neighbors: Neighbors) -> Any:
    """Join the neighbourhoods of all items into UMAP's fuzzy graph.

    Parameters
    ----------
    neighbors : Neighbors
        The k nearest of each item, without the item itself.

    Returns
    -------
    scipy.sparse.csr_array of float32, shape (items, items)
        Symmetric; a membership from 0 to 1 an edge.

    Notes
    -----
    Membership of j in the neighbourhood of i: v = exp(-max(0, d_ij - ρ_i)/σ_i), ρ_i the distance to the
    nearest distinct neighbour, σ_i such that the memberships sum to log2(k + 1); union: v + vᵀ - v·vᵀ.
    Equal to ``umap.umap_.fuzzy_simplicial_set`` with n_neighbors = k + 1 (umap counts the item itself),
    vectorised over the items, so that nothing is compiled. Time and memory O(items · k).

    References
    ----------
    McInnes, Healy, Melville 2018, arXiv 1802.03426.

    Examples
    --------
    >>> from embedscope.neighbors import exact_neighbors
    >>> fuzzy_graph(exact_neighbors([[0.0], [1.0], [3.0]], 2, metric="euclidean")).toarray()[0].round(2)
    array([0.  , 1.  , 0.83], dtype=float32)
    """
    from scipy.sparse import csr_array

    distances = neighbors.distances.astype(np.float64)
    nearest, scale = _nearest_and_scale(distances)
    beyond = np.maximum(distances - nearest[:, None], 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        members = np.where(beyond > 0, np.exp(-beyond / scale[:, None]), 1.0).astype(np.float32)
    n, k = members.shape
    starts = np.arange(0, n * k + 1, k)
    directed = csr_array((members.ravel(), neighbors.indices.ravel(), starts), shape=(n, n))
    directed.eliminate_zeros()
    both = directed.multiply(directed.T)
    graph = (directed + directed.T - both).tocsr()
    graph.sort_indices()
    graph.eliminate_zeros()
    return graph


def _nearest_and_scale(
    distances: Float64[np.ndarray, "items k"],
) -> tuple[Float64[np.ndarray, " items"], Float64[np.ndarray, " items"]]:
    positive = np.where(distances > 0, distances, np.inf).min(axis=1)
    nearest = np.where(np.isinf(positive), 0.0, positive)
    scale = _scale_by_bisection(np.maximum(distances - nearest[:, None], 0), np.log2(distances.shape[1] + 1))
    # The item itself is among umap's k + 1, hence the mean over k + 1.
    own_mean = distances.sum(axis=1) / (distances.shape[1] + 1)
    overall = distances.sum() / (len(distances) * (distances.shape[1] + 1))
    return nearest, np.maximum(scale, _SMALLEST_SCALE * np.where(nearest > 0, own_mean, overall))


def _scale_by_bisection(
    beyond: Float64[np.ndarray, "items k"], wanted: float
) -> Float64[np.ndarray, " items"]:
    low = np.zeros(len(beyond))
    high = np.full(len(beyond), np.inf)
    scale = np.ones(len(beyond))
    open_rows = np.arange(len(beyond))
    for _ in range(_BISECTIONS):
        total = np.exp(-beyond[open_rows] / scale[open_rows, None]).sum(axis=1)
        still = np.abs(total - wanted) >= _TOLERANCE
        open_rows, total = open_rows[still], total[still]
        if not len(open_rows):
            break
        above = total > wanted
        high[open_rows[above]] = scale[open_rows[above]]
        low[open_rows[~above]] = scale[open_rows[~above]]
        upper = high[open_rows]
        middle = (low[open_rows] + upper) / 2
        scale[open_rows] = np.where(np.isinf(upper), scale[open_rows] * 2, middle)
    return scale
