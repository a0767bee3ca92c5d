"""Vectors as everybody hands them in, made into one checked form."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from jaxtyping import Float32, Float64, Int64

from embedscope._errors import InputError

_CHUNK_NUMBERS = 1 << 24
_NAMED_ROWS = 5


def as_vectors(vectors: object, *, name: str = "vectors") -> Float32[np.ndarray, "items dims"]:
    """Give vectors as a C-contiguous float32 array, checked to be finite.

    Parameters
    ----------
    vectors : array_like of shape (items, dims)
        A numpy array, a torch tensor on any device, nested lists: real numbers.
    name : str
        What the error calls them.

    Returns
    -------
    ndarray of float32, shape (items, dims)
        The input itself where it already has this form: not to be written to.

    Raises
    ------
    InputError
        If they are not a matrix of real numbers, or a row holds NaN or infinity (the rows are named).

    Notes
    -----
    Reads every number once; no temporary is larger than 16 MB.

    Examples
    --------
    >>> as_vectors([[1, 2], [3, 4]]).dtype
    dtype('float32')
    """
    array = _as_array(vectors, name)
    if array.ndim != 2 or array.shape[1] == 0:
        raise InputError(
            f"{name} have shape {array.shape}; wanted (items, dims), with at least one dim."
            + (" For one vector write vectors[None]." if array.ndim == 1 else "")
        )
    with np.errstate(over="ignore"):
        checked = np.ascontiguousarray(array, dtype=np.float32)
    bad = [start + np.flatnonzero(~np.isfinite(rows).all(axis=1)) for start, rows in _row_chunks(checked)]
    rows = np.concatenate(bad) if bad else np.empty(0, np.int64)
    if len(rows):
        raise InputError(
            f"{name} hold NaN, infinity or a number past float32 in {name_rows(rows)} of {len(checked):,}. "
            "Leave these items out or encode them again."
        )
    return checked


def _as_array(vectors: object, name: str) -> np.ndarray:
    if hasattr(vectors, "detach"):  # a torch tensor, without importing torch; bfloat16 has no numpy form
        vectors = vectors.detach().cpu().float().numpy()
    try:
        array = np.asarray(vectors)
    except ValueError as error:
        raise InputError(f"{name} are not a rectangular array of numbers: {error}.") from error
    if array.dtype.kind not in "fiub":
        raise InputError(f"{name} are of dtype {array.dtype}; wanted real numbers, for example float32.")
    return array


def _row_chunks(array: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    step = max(1, _CHUNK_NUMBERS // array.shape[1])
    for start in range(0, len(array), step):
        yield start, array[start : start + step]


def name_rows(rows: Int64[np.ndarray, " rows"]) -> str:
    """Name some rows for a message, the first few by number.

    Parameters
    ----------
    rows : ndarray of int64, shape (rows,)
        Row numbers, from 0.

    Returns
    -------
    str
        For example ``"rows 3, 8"`` or ``"rows 0, 1, 2, 3, 4 and 95 more"``.

    Examples
    --------
    >>> name_rows(np.arange(7))
    'rows 0, 1, 2, 3, 4 and 2 more'
    """
    shown = ", ".join(str(row) for row in rows[:_NAMED_ROWS])
    more = f" and {len(rows) - _NAMED_ROWS:,} more" if len(rows) > _NAMED_ROWS else ""
    return f"row{'s' if len(rows) > 1 else ''} {shown}{more}"


def row_norms(vectors: Float32[np.ndarray, "items dims"]) -> Float64[np.ndarray, " items"]:
    """Measure the Euclidean length of each row, summed in float64.

    Parameters
    ----------
    vectors : ndarray of float32, shape (items, dims)
        The rows.

    Returns
    -------
    ndarray of float64, shape (items,)
        Lengths; 0 only for a row of zeros, since no float32 square underflows in float64.

    Examples
    --------
    >>> float(row_norms(np.array([[3, 4]], np.float32))[0])
    5.0
    """
    squares: np.ndarray = np.einsum("ij,ij->i", vectors, vectors, dtype=np.float64)
    lengths: np.ndarray = np.sqrt(squares)
    return lengths


def normalise_rows(
    vectors: Float32[np.ndarray, "items dims"], *, name: str = "vectors"
) -> Float32[np.ndarray, "items dims"]:
    """Scale each row to length 1.

    Parameters
    ----------
    vectors : ndarray of float32, shape (items, dims)
        The rows, finite.
    name : str
        What the error calls them.

    Returns
    -------
    ndarray of float32, shape (items, dims)
        New rows of length 1.

    Raises
    ------
    InputError
        If a row is all zeros: it has no direction, hence no cosine (the rows are named).

    Examples
    --------
    >>> normalise_rows(np.array([[3, 4]], np.float32)).tolist()
    [[0.6000000238418579, 0.800000011920929]]
    """
    norms = row_norms(vectors)
    check_no_zero_rows(norms, name=name)
    unit = np.empty_like(vectors)
    np.divide(vectors, norms[:, None], out=unit, casting="same_kind")
    return unit


def check_no_zero_rows(norms: Float64[np.ndarray, " items"], *, name: str = "vectors") -> None:
    """Refuse rows of length 0, which have no cosine.

    Parameters
    ----------
    norms : ndarray of float64, shape (items,)
        Length of each row.
    name : str
        What the error calls them.

    Raises
    ------
    InputError
        If a length is 0; the rows are named.
    """
    rows = np.flatnonzero(norms == 0)
    if len(rows):
        raise InputError(
            f"{name} are all zeros in {name_rows(rows)} of {len(norms):,}, and a zero vector has no cosine. "
            "Leave these items out, or use metric='euclidean'."
        )
