"""UMAP over a given neighbour graph: the parts in their order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Float64

from embedscope.layouts.fuzzy import fuzzy_graph
from embedscope.layouts.spectral import spectral_start
from embedscope.layouts.start import given_start
from embedscope.neighbors import Neighbors

_MANY_ITEMS = 10_000
_EPOCHS_OF_FEW, _EPOCHS_OF_MANY = 500, 200


@dataclass(frozen=True)
class UmapOptions:
    """What shapes a UMAP layout.

    Parameters
    ----------
    min_dist : float
        How close items may come; from 0 to 1.
    n_components : int
        Axes of the layout.
    random_state : int
        Seed: the same seed gives the same coordinates.
    n_epochs : int, optional
        Passes of the descent; 500 up to 10,000 items and 200 past that, as in umap.
    """

    min_dist: float = 0.1
    n_components: int = 2
    random_state: int = 0
    n_epochs: int | None = None

    def epochs(self, n: int) -> int:
        """Count the passes for so many items.

        Parameters
        ----------
        n : int
            Items.

        Returns
        -------
        int
            ``n_epochs``, or umap's default.
        """
        return self.n_epochs or (_EPOCHS_OF_FEW if n <= _MANY_ITEMS else _EPOCHS_OF_MANY)


def umap_coords(
    vectors: Float32[np.ndarray, "items dims"],
    neighbors: Neighbors,
    options: UmapOptions,
    init: Float64[np.ndarray, "items components"] | None = None,
) -> Float32[np.ndarray, "items components"]:
    """Lay items out by UMAP over the neighbours they already have.

    Parameters
    ----------
    vectors : ndarray of float32, shape (items, dims)
        Only used to start where the graph is too small, or falls into parts.
    neighbors : Neighbors
        The graph; umap's ``n_neighbors`` is ``neighbors.k + 1``, since umap counts the item itself.
    options : UmapOptions
        What shapes the layout.
    init : ndarray of float64, shape (items, components), optional
        Places to start from, in any unit; the graph's slowest eigenvectors if not given.

    Returns
    -------
    ndarray of float32, shape (items, components)
        Coordinates.

    Notes
    -----
    umap-learn's own code is not used: in a fresh process its imports and compilation take longer than the
    layout. The graph is equal to umap's (tested), and the descent is the same (`descend`).
    Only the descent is compiled, in about 2 s the first time, and kept on disk after that.

    References
    ----------
    McInnes, Healy, Melville 2018, arXiv 1802.03426.

    Examples
    --------
    >>> from embedscope.neighbors import exact_neighbors
    >>> x = np.random.default_rng(0).normal(size=(60, 8)).astype(np.float32)
    >>> umap_coords(x, exact_neighbors(x, 9), UmapOptions(n_epochs=20)).shape
    (60, 2)
    """
    from embedscope.layouts.descent import descend, fit_curve

    graph = fuzzy_graph(neighbors)
    if init is None:
        start = spectral_start(graph, vectors, options.n_components, options.random_state)
    else:
        start = given_start(init, options.random_state)
    return descend(
        start,
        graph,
        fit_curve(options.min_dist),
        n_epochs=options.epochs(len(vectors)),
        random_state=options.random_state,
    )
