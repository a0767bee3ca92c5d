"""Principal components: the map that needs no search and no seed."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32, Float64


def principal_components(
    vectors: Float32[np.ndarray, "items dims"], n_components: int
) -> Float64[np.ndarray, "items components"]:
    """Project vectors on the axes of their largest variance.

    Parameters
    ----------
    vectors : ndarray of float32, shape (items, dims)
        Finite vectors.
    n_components : int
        Axes wanted; axes that the data does not have are zeros.

    Returns
    -------
    ndarray of float64, shape (items, components)
        Centred coordinates, largest variance first; an axis's largest loading is positive.

    Notes
    -----
    Eigenvectors of the dims × dims covariance of the centred rows: time O(items · dims² + dims³), memory
    O(dims²) beside one centred copy. With fewer items than dims, of the items × items products.

    References
    ----------
    Hotelling 1933, doi 10.1037/h0071325.

    Examples
    --------
    >>> principal_components(np.array([[0, 0], [2, 0], [4, 0]], np.float32), 2).round(3) + 0
    array([[-2.,  0.],
           [ 0.,  0.],
           [ 2.,  0.]])
    """
    centred = vectors - vectors.mean(axis=0, dtype=np.float64).astype(np.float32)
    n, dims = centred.shape
    coords = np.zeros((n, n_components))
    kept = min(n_components, n, dims)
    if n >= dims:
        _, axes = np.linalg.eigh((centred.T @ centred).astype(np.float64))
        axes = axes[:, ::-1][:, :kept]
    else:
        _, sides = np.linalg.eigh((centred @ centred.T).astype(np.float64))
        axes = centred.T @ sides[:, ::-1][:, :kept]
        lengths = np.linalg.norm(axes, axis=0)
        axes = np.where(lengths > 1e-6 * max(lengths.max(), 1e-30), axes / np.maximum(lengths, 1e-30), 0)
    largest = np.abs(axes).argmax(axis=0)
    signs = np.where(axes[largest, np.arange(kept)] < 0, -1.0, 1.0)
    coords[:, :kept] = centred @ (axes * signs)
    return coords
