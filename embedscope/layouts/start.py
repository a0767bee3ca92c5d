"""Where a layout starts when places are given: another map of the same items, for example."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float32, Float64

from embedscope._errors import InputError
from embedscope._hashing import hash_bytes

_EXTENT = 10.0
_JITTER = 1e-4


def check_start(init: Any, items: int) -> Float64[np.ndarray, "items 2"]:
    """Refuse places that no layout can start from.

    Parameters
    ----------
    init : array_like of shape (items, 2)
        What came.
    items : int
        Items that are laid out.

    Returns
    -------
    ndarray of float64, shape (items, 2)
        Finite.

    Raises
    ------
    InputError
        If the shape is another one, or a value is no finite number; the first rows are named.

    Examples
    --------
    >>> check_start([[0, 1], [2, 3]], 2).dtype
    dtype('float64')
    """
    try:
        coords = np.asarray(init, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(
            f"init is a {type(init).__name__}; wanted {items:,} pairs of numbers, for example "
            "init=other.coords."
        ) from error
    if coords.shape != (items, 2):
        raise InputError(
            f"init has shape {coords.shape}; wanted ({items}, 2): two numbers an item, in the order of the "
            "space. Take another map's coords: init=other.coords."
        )
    bad = np.flatnonzero(~np.isfinite(coords).all(axis=1))
    if len(bad):
        rows = ", ".join(str(row) for row in bad[:5].tolist())
        raise InputError(
            f"init is not finite in {len(bad):,} of {items:,} rows ({rows}{', …' if len(bad) > 5 else ''}): "
            "every item needs a place to start from."
        )
    return coords


def given_start(coords: Float64[np.ndarray, "items 2"], random_state: int) -> Float32[np.ndarray, "items 2"]:
    """Bring given places to the size that a descent starts from.

    Parameters
    ----------
    coords : ndarray of float64, shape (items, 2)
        Finite, in any unit.
    random_state : int
        Seed of the jitter that parts items at one place.

    Returns
    -------
    ndarray of float32, shape (items, 2)
        Both axes by the same factor, the wider one from 0 to 10, as the spectral start has it.

    Examples
    --------
    >>> np.ptp(given_start(np.array([[0.0, 0.0], [1.0, 0.5]]), 0), axis=0).round(2).tolist()
    [10.0, 5.0]
    """
    low = coords.min(axis=0)
    extent = float((coords.max(axis=0) - low).max())
    jitter = np.random.default_rng(random_state).normal(scale=_JITTER, size=coords.shape)
    scaled: np.ndarray = (coords - low) * (_EXTENT / extent if extent > 0 else 0.0) + jitter
    return scaled.astype(np.float32)


def start_key(coords: Float64[np.ndarray, "items 2"]) -> str:
    """Name places by their content, so that layouts from two starts can be told apart.

    Parameters
    ----------
    coords : ndarray of float64, shape (items, 2)
        The places.

    Returns
    -------
    str
        Equal for equal places.

    Examples
    --------
    >>> start_key(np.zeros((2, 2))) == start_key(np.ones((2, 2)))
    False
    """
    return hash_bytes(np.ascontiguousarray(coords).tobytes()).hex()
