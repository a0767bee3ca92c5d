"""How crowded the map is around each point, for colouring."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Float32

_BINS = 256
_BLUR = 3.0


def point_density(coords: Float[np.ndarray, "items 2"]) -> Float32[np.ndarray, " items"]:
    """Estimate the density of the map at each of its points, the densest place being 1.

    Parameters
    ----------
    coords : ndarray of float, shape (items, 2)
        Places on the map.

    Returns
    -------
    ndarray of float32, shape (items,)
        In (0, 1].

    Notes
    -----
    Counts on a 256 × 256 grid over the map, blurred by a Gaussian of 3 cells, read off at each point.
    Cost: O(items), 0.1 s for a million points; a picture's density, not that of the vectors.

    References
    ----------
    Ours.

    Examples
    --------
    >>> crowd = np.repeat([[0.0, 0.0], [1.0, 1.0]], [9, 1], axis=0)
    >>> point_density(crowd)[[0, 9]].round(2)
    array([1.  , 0.11], dtype=float32)
    """
    from scipy.ndimage import gaussian_filter

    if len(coords) == 0:
        return np.empty(0, np.float32)
    low = coords.min(axis=0)
    span = float(np.ptp(coords, axis=0).max()) or 1.0
    cells = np.minimum(((coords - low) / span * _BINS).astype(np.int64), _BINS - 1)
    flat = cells[:, 0] * _BINS + cells[:, 1]
    grid = np.bincount(flat, minlength=_BINS * _BINS).reshape(_BINS, _BINS).astype(np.float64)
    at_points = gaussian_filter(grid, _BLUR, mode="constant").ravel()[flat]
    return np.asarray(at_points / at_points.max(), np.float32)
