"""UMAP by umap-learn itself, over the neighbours that the space already has."""

from __future__ import annotations

import warnings

import numpy as np
from jaxtyping import Float32, Float64

from embedscope.layouts.start import given_start
from embedscope.layouts.umap import UmapOptions
from embedscope.neighbors import Neighbors


def umap_learn_coords(
    vectors: Float32[np.ndarray, "items dims"],
    neighbors: Neighbors,
    options: UmapOptions,
    init: Float64[np.ndarray, "items components"] | None = None,
) -> Float32[np.ndarray, "items components"]:
    """Lay items out by `umap.UMAP`, as its own defaults have it.

    Parameters
    ----------
    vectors : ndarray of float32, shape (items, dims)
        Rows of length 1 where the neighbours are by cosine.
    neighbors : Neighbors
        The graph; umap's ``n_neighbors`` is ``neighbors.k + 1``, since umap counts the item itself.
    options : UmapOptions
        What shapes the layout.
    init : ndarray of float64, shape (items, components), optional
        Places to start from; umap-learn stretches each axis of them to 0..10.

    Returns
    -------
    ndarray of float32, shape (items, components)
        Coordinates.

    Notes
    -----
    In a fresh process umap-learn's imports and compilation take longer than the layout of 10,000 items;
    `umap_coords` does without them. This is the reference to hold it against.

    References
    ----------
    McInnes, Healy, Melville 2018, arXiv 1802.03426.
    """
    import umap

    itself = np.arange(len(vectors), dtype=np.int32)[:, None]
    indices = np.hstack([itself, neighbors.indices.astype(np.int32)])
    distances = np.hstack([np.zeros((len(vectors), 1), np.float32), neighbors.distances])
    reducer = umap.UMAP(
        n_neighbors=neighbors.k + 1,
        n_components=options.n_components,
        min_dist=options.min_dist,
        n_epochs=options.n_epochs,
        metric=neighbors.metric,
        precomputed_knn=(indices, distances, None),
        force_approximation_algorithm=True,
        random_state=options.random_state,
        init="spectral" if init is None else given_start(init, options.random_state),
    )
    with warnings.catch_warnings():
        # It says that a seed means one thread, and that without its own index nothing new can be added later.
        warnings.simplefilter("ignore", UserWarning)
        return np.asarray(reducer.fit_transform(vectors), dtype=np.float32)
