"""Where the descent starts: the graph's slowest eigenvectors, components side by side."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float32, Float64

from embedscope.layouts.pca import principal_components

_EXTENT = 10.0
_JITTER = 1e-4
_FEWEST_SPECTRAL = 10
_FEWEST_LANCZOS = 30
_TINY = 1e-38


def spectral_start(
    graph: Any, vectors: Float32[np.ndarray, "items dims"], n_components: int, random_state: int
) -> Float32[np.ndarray, "items components"]:
    """Lay out a graph by the eigenvectors of its normalised Laplacian, scaled to 0..10 on each axis.

    Parameters
    ----------
    graph : scipy.sparse.csr_array, shape (items, items)
        Symmetric memberships.
    vectors : ndarray of float32, shape (items, dims)
        Used to place connected components relative to each other, where there are several.
    n_components : int
        Axes of the layout.
    random_state : int
        Seed of the jitter that parts duplicates.

    Returns
    -------
    ndarray of float32, shape (items, components)
        Where to start.

    Notes
    -----
    Largest eigenpairs of D^-1/2 W D^-1/2 (the smallest of the Laplacian) by Lanczos from a fixed vector,
    signs fixed, so it repeats exactly. Components are placed by the principal components of their means,
    each scaled to a third of the way to its nearest fellow. Where the eigenvectors do not converge,
    principal components stand in.

    References
    ----------
    Belkin, Niyogi 2003, doi 10.1162/089976603321780317; McInnes, Healy, Melville 2018, arXiv 1802.03426.
    """
    from scipy.sparse.csgraph import connected_components

    n_parts, part_of = connected_components(graph, directed=False)
    if n_parts == 1:
        start = _one_component(graph, vectors, n_components)
    else:
        start = _many_components(graph, vectors, n_components, n_parts, part_of)
    jitter = np.random.default_rng(random_state).normal(scale=_JITTER, size=start.shape)
    start = start * (_EXTENT / max(float(np.abs(start).max()), _TINY)) + jitter
    low, high = start.min(axis=0), start.max(axis=0)
    scaled: np.ndarray = (_EXTENT * (start - low) / np.maximum(high - low, _TINY)).astype(np.float32)
    return scaled


def _one_component(
    graph: Any, vectors: Float32[np.ndarray, "items dims"], n_components: int
) -> Float64[np.ndarray, "items components"]:
    from scipy.sparse import diags_array
    from scipy.sparse.linalg import ArpackError, eigsh

    n = graph.shape[0]
    if n < max(_FEWEST_SPECTRAL, n_components + 3):
        return principal_components(vectors, n_components)
    scale = diags_array(1 / np.sqrt(np.asarray(graph.sum(axis=0), dtype=np.float64)))
    normalised = scale @ graph.astype(np.float64) @ scale
    k = n_components + 1
    # Ones would be an eigenvector itself where all degrees are equal, and Lanczos would not get away from it.
    first = np.random.default_rng(0).uniform(0.5, 1, n)
    try:
        values, axes = eigsh(
            normalised, k=k, which="LA", ncv=min(n, max(_FEWEST_LANCZOS, int(np.sqrt(n)))), tol=1e-4, v0=first
        )
    except ArpackError:
        return principal_components(vectors, n_components)
    axes = axes[:, np.argsort(-values, kind="stable")][:, 1:]
    return fix_signs(axes)


def fix_signs(axes: Float64[np.ndarray, "items components"]) -> Float64[np.ndarray, "items components"]:
    """Turn each column so that its largest entry is positive.

    Parameters
    ----------
    axes : ndarray of float64, shape (items, components)
        Eigenvectors, each known but for its sign.

    Returns
    -------
    ndarray of float64, shape (items, components)
        The same, with signs that repeat.
    """
    largest = np.abs(axes).argmax(axis=0)
    signs = np.sign(axes[largest, np.arange(axes.shape[1])])
    return np.asarray(axes * np.where(signs == 0, 1, signs))


def _many_components(
    graph: Any,
    vectors: Float32[np.ndarray, "items dims"],
    n_components: int,
    n_parts: int,
    part_of: np.ndarray,
) -> Float64[np.ndarray, "items components"]:
    members = [np.flatnonzero(part_of == part) for part in range(n_parts)]
    means = np.stack([vectors[rows].mean(axis=0) for rows in members])
    centres = principal_components(means, n_components)
    centres /= max(float(np.abs(centres).max()), _TINY)
    gaps = np.linalg.norm(centres[:, None] - centres[None], axis=-1) + np.where(np.eye(n_parts), np.inf, 0)
    radii = np.maximum(gaps.min(axis=1) / 3, 0.05 / n_parts)
    start = np.empty((len(vectors), n_components))
    for rows, centre, radius in zip(members, centres, radii, strict=True):
        own = _one_component(graph[rows][:, rows], vectors[rows], n_components)
        start[rows] = centre + own * (radius / max(float(np.abs(own).max()), _TINY))
    return start
