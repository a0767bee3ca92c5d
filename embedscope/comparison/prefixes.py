"""Search keys of prefixes: what orders items by their first dims, and how far off float32 can be."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32, Float64

from embedscope._errors import InputError
from embedscope.neighbors.distances import Points
from embedscope.neighbors.neighbors import Metric

_UNIT_ROUNDOFF = 2.0**-24


def check_dims(dims: int, largest: int) -> None:
    """Refuse a number of dims that is not there.

    Parameters
    ----------
    dims : int
        Dims wanted.
    largest : int
        Dims there are.

    Raises
    ------
    InputError
        If dims is less than 1 or more than ``largest``.
    """
    if not 1 <= dims <= largest:
        raise InputError(f"dims={dims}: this space has {largest:,} dims; wanted 1 to {largest:,}.")


def prefix_points(
    points: Points, rows: np.ndarray, dims: int, metric: Metric, *, name: str = "vectors"
) -> Points:
    """Cut some items to their first dims.

    Parameters
    ----------
    points : Points
        The items.
    rows : ndarray of int64, shape (rows,)
        Which.
    dims : int
        Numbers to keep.
    metric : {"cosine", "euclidean"}
        Under cosine a prefix of zeros is refused.
    name : str
        What an error calls them.

    Returns
    -------
    Points
        Copies, with their lengths.

    Raises
    ------
    InputError
        If a prefix is all zeros under cosine.
    """
    return Points.of(np.ascontiguousarray(points.vectors[rows, :dims]), metric, name=name)


def prefix_keys(
    products: Float32[np.ndarray, " items"], squares: Float32[np.ndarray, " items"], metric: Metric
) -> Float32[np.ndarray, " items"]:
    """Give what orders the items by their prefixes, larger for nearer.

    Parameters
    ----------
    products : ndarray of float32, shape (items,)
        Of each item's prefix with the query's.
    squares : ndarray of float32, shape (items,)
        Squared lengths of the prefixes.
    metric : {"cosine", "euclidean"}
        The metric.

    Returns
    -------
    ndarray of float32, shape (items,)
        x·q/|x|, -inf for a prefix of zeros; or 2x·q - |x|².

    Examples
    --------
    >>> one, two = np.array([2.0, 3.0], np.float32), np.array([4.0, 9.0], np.float32)
    >>> prefix_keys(one, two, "cosine").tolist(), prefix_keys(one, two, "euclidean").tolist()
    ([1.0, 1.0], [0.0, -3.0])
    """
    keys: np.ndarray
    if metric == "euclidean":
        keys = 2 * products - squares
        return keys
    with np.errstate(divide="ignore", invalid="ignore"):
        keys = products / np.sqrt(squares)
    keys[squares == 0] = -np.inf
    return keys


def key_error(
    squares: Float32[np.ndarray, " items"], length: float, dims: int, metric: Metric
) -> Float64[np.ndarray, " items"]:
    """Bound the rounding of keys.

    Parameters
    ----------
    squares : ndarray of float32, shape (items,)
        Squared lengths of the prefixes.
    length : float
        Of the query's prefix.
    dims : int
        Dims of the prefix.
    metric : {"cosine", "euclidean"}
        The metric.

    Returns
    -------
    ndarray of float64, shape (items,)
        How far off each key can be. A product of so many dims is off by at most dims · u · |x||q|, u = 2⁻²⁴.

    Examples
    --------
    >>> bool((key_error(np.ones(2, np.float32), 1.0, 64, "cosine") < 2e-5).all())
    True
    """
    error = 4 * (dims + 8) * _UNIT_ROUNDOFF
    if metric == "cosine":
        return np.full(len(squares), error * length)
    bounds: np.ndarray = error * (np.sqrt(squares.astype(np.float64)) + length) ** 2
    return bounds
