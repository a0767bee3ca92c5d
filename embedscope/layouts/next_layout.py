"""The next map of items whose vectors change: it starts from the one before and lies like it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from jaxtyping import Float32

from embedscope._arrays import normalise_rows
from embedscope.layouts.align import align
from embedscope.layouts.layout import Layout, layout, method_for
from embedscope.layouts.start import check_start
from embedscope.layouts.trust import map_trust
from embedscope.layouts.umap import UmapOptions, umap_coords
from embedscope.neighbors import exact_neighbors

_N_NEIGHBORS = 15
# Fewer passes than a map from nothing: what has not changed stays where it is.
_EPOCHS = 120


def next_layout(vectors: Float32[np.ndarray, "items dims"], before: Layout | None) -> Layout:
    """Lay items out after another map of them, so that the eye can follow.

    Parameters
    ----------
    vectors : ndarray of float32, shape (items, dims)
        The items' vectors now; the metric is cosine.
    before : Layout or None
        The map before, of the same items; None: there is none.

    Returns
    -------
    Layout
        By UMAP, or by PCA where there are fewer than 16 items; turned and moved to lie like the one before.

    Raises
    ------
    InputError
        If there is no item, or a vector is not finite or has no direction.

    Notes
    -----
    UMAP of 15 neighbours starts from the places before and makes 120 passes; the first map makes 500 from
    the graph's own start. Orthogonal Procrustes turns it, without scaling. Trust is that of `layout`.

    Examples
    --------
    >>> x = np.random.default_rng(0).normal(size=(40, 8)).astype(np.float32)
    >>> first = next_layout(x, None)
    >>> second = next_layout(x + 0.01, first)
    >>> len(second), bool(np.allclose(first.coords.mean(axis=0), second.coords.mean(axis=0), atol=1e-3))
    (40, True)
    """
    method = method_for(len(vectors))
    if before is None:
        return layout(vectors, method=method)
    if method == "pca":
        found = layout(vectors, method=method)
        return replace(found, coords=align(found.coords, before.coords))
    start = check_start(before.coords, len(vectors))
    directions = normalise_rows(vectors)
    neighbors = exact_neighbors(vectors, _N_NEIGHBORS - 1, metric="cosine")
    coords = align(umap_coords(directions, neighbors, UmapOptions(n_epochs=_EPOCHS), start), before.coords)
    trust = map_trust(vectors, coords, metric="cosine")
    parameters = {"n_neighbors": _N_NEIGHBORS, "n_epochs": _EPOCHS, "trust_k": trust.k}
    return Layout(
        coords, "umap", parameters, trust.trustworthiness, trust.continuity, trust.point_trust, trust.sampled
    )
