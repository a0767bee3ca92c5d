"""Turn a map so that it lies like another one of the same items."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Float32

from embedscope._errors import InputError


def align(
    coords: Float[np.ndarray, "items components"],
    reference: Float[np.ndarray, "_ _"],
    *,
    scale: bool = False,
) -> Float32[np.ndarray, "items components"]:
    """Rotate, mirror and move coordinates so that they come nearest to others.

    Orientation means nothing in most maps; two of the same items are easier to compare where they lie alike.

    Parameters
    ----------
    coords : ndarray of float, shape (items, components)
        What is turned. Rows with a value that is not finite do not count, and are turned with the others.
    reference : ndarray of float, shape (items, components)
        The same items' other coordinates.
    scale : bool
        Whether the size is fitted too.

    Returns
    -------
    ndarray of float32, shape (items, components)
        ``s (coords - mean) R + mean of reference``; distances between items stay as they are (times s).

    Raises
    ------
    InputError
        If the shapes differ.

    Notes
    -----
    Orthogonal Procrustes: R = U Vᵀ of the singular value decomposition U Σ Vᵀ of the centred
    ``coordsᵀ reference``, which minimises the sum of squared distances; reflections are allowed. With
    ``scale``, s = tr Σ / |coords|². Time O(items · components²), float64 inside.

    References
    ----------
    Schönemann 1966, doi 10.1007/BF02289451; Gower 1975, doi 10.1007/BF02291478.

    Examples
    --------
    >>> square = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    >>> turned = square @ np.array([[0.0, 1.0], [-1.0, 0.0]]) + 5
    >>> bool(np.allclose(align(turned, square), square, atol=1e-6))
    True
    """
    if coords.shape != reference.shape:
        raise InputError(
            f"Coordinates of shape {coords.shape} cannot be laid over others of shape {reference.shape}: "
            "both are of the same items, in the same order."
        )
    own, other = coords.astype(np.float64), reference.astype(np.float64)
    known = np.isfinite(own).all(axis=1) & np.isfinite(other).all(axis=1)
    if not known.any():
        return coords.astype(np.float32)
    middle, wanted = own[known].mean(axis=0), other[known].mean(axis=0)
    centred = own[known] - middle
    left, strengths, right = np.linalg.svd(centred.T @ (other[known] - wanted))
    size = float((centred**2).sum())
    factor = float(strengths.sum()) / size if scale and size > 0 else 1.0
    aligned: np.ndarray = factor * (own - middle) @ (left @ right) + wanted
    return aligned.astype(np.float32)
