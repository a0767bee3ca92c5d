"""Arrays as they travel to the widget and back: dtype, shape and one little-endian buffer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
from jaxtyping import Float, Float32, UInt32

from embedscope._errors import InputError

Wire: TypeAlias = dict[str, Any]
"""``{"dtype": str, "shape": [int, ...], "data": bytes}``: `ipywidgets` carries the bytes as they are."""

_DTYPES = {name: np.dtype(name).newbyteorder("<") for name in ("float32", "uint32", "uint16", "uint8")}
_MIX = np.uint32(2_654_435_761)


def to_wire(array: np.ndarray) -> Wire:
    r"""Pack an array for the widget.

    Parameters
    ----------
    array : ndarray of float32, uint32, uint16 or uint8, any shape
        What travels; no other dtype is cast in silence.

    Returns
    -------
    dict
        ``dtype``, ``shape`` and ``data`` (C order, little-endian).

    Raises
    ------
    InputError
        If the dtype is none of the four.

    Examples
    --------
    >>> to_wire(np.array([1, 2], dtype=np.uint16))
    {'dtype': 'uint16', 'shape': [2], 'data': b'\x01\x00\x02\x00'}
    """
    name = array.dtype.name
    if name not in _DTYPES:
        raise InputError(f"A {name} array cannot travel to the widget; cast it to {', '.join(_DTYPES)}.")
    data = np.ascontiguousarray(array, dtype=_DTYPES[name]).tobytes()
    return {"dtype": name, "shape": list(array.shape), "data": data}


def from_wire(wire: Mapping[str, Any]) -> np.ndarray:
    """Unpack an array that came from the widget.

    Parameters
    ----------
    wire : mapping
        As `to_wire` makes it; ``data`` may be bytes or a memoryview.

    Returns
    -------
    ndarray
        A read-only view of the buffer, in the machine's byte order.

    Raises
    ------
    InputError
        If a key is missing, the dtype unknown, or the buffer does not fill the shape.

    Examples
    --------
    >>> from_wire(to_wire(np.array([[0.5, 1.0]], dtype=np.float32)))
    array([[0.5, 1. ]], dtype=float32)
    """
    missing = [key for key in ("dtype", "shape", "data") if key not in wire]
    if missing:
        raise InputError(f"An array on the wire lacks {', '.join(missing)}.")
    dtype, shape = _DTYPES.get(wire["dtype"]), tuple(wire["shape"])
    if dtype is None:
        raise InputError(f"The wire has no dtype {wire['dtype']!r}; it has {', '.join(_DTYPES)}.")
    data = memoryview(wire["data"]).cast("B")
    wanted = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
    if data.nbytes != wanted:
        raise InputError(f"{wire['dtype']} of shape {shape} needs {wanted} bytes; {data.nbytes} came.")
    return np.frombuffer(data, dtype=dtype).reshape(shape).astype(dtype.newbyteorder("="), copy=False)


def rows_to_wire(rows: UInt32[np.ndarray, " selected"]) -> Wire:
    """Pack a selection: sorted, each row once.

    Parameters
    ----------
    rows : ndarray of uint32, shape (selected,)
        Rows in any order.

    Returns
    -------
    dict
        A wire array.
    """
    return to_wire(sorted_rows(rows))


def rows_from_wire(wire: Mapping[str, Any], items: int) -> UInt32[np.ndarray, " selected"]:
    """Unpack a selection that came from the widget.

    Parameters
    ----------
    wire : mapping
        A wire array of uint32; an empty mapping is an empty selection.
    items : int
        How many items there are.

    Returns
    -------
    ndarray of uint32, shape (selected,)
        Sorted, each row once.

    Raises
    ------
    InputError
        If it is no list of uint32, or a row is not below ``items``.
    """
    if not wire:
        return np.empty(0, np.uint32)
    rows = from_wire(wire)
    if rows.dtype != np.uint32 or rows.ndim != 1:
        raise InputError(f"A selection is a flat uint32 array; {rows.dtype.name} of shape {rows.shape} came.")
    if rows.size and int(rows.max()) >= items:
        raise InputError(f"The selection holds row {int(rows.max())}, and there are {items} items.")
    return sorted_rows(rows)


def sorted_rows(rows: np.ndarray) -> np.ndarray:
    """Sort rows and keep each once.

    Parameters
    ----------
    rows : ndarray of int, shape (rows,)
        In any order; the same array comes back where it is in order already, as a lasso's is.

    Returns
    -------
    ndarray of int, shape (unique,)
        Increasing.

    Notes
    -----
    ``numpy.unique`` hashes integers: 300,000 rows take it half a second, and this 3 ms in order, 20 ms not.

    Examples
    --------
    >>> sorted_rows(np.array([3, 1, 3]))
    array([1, 3])
    """
    if len(rows) < 2 or (rows[1:] > rows[:-1]).all():
        return rows
    ordered = np.sort(rows)
    return np.asarray(ordered[np.concatenate([[True], ordered[1:] != ordered[:-1]])])


def rows_check(rows: UInt32[np.ndarray, " rows"]) -> Wire:
    """Count rows and sum them up, to tell selections apart without sending them.

    Parameters
    ----------
    rows : ndarray of uint32, shape (rows,)
        Which items.

    Returns
    -------
    dict
        ``count``, and ``sum``: of every row plus one, times an odd constant, modulo 2³². The front end's
        ``rows_check.ts`` gives the same.

    Examples
    --------
    >>> rows_check(np.array([0, 2], np.uint32))
    {'count': 2, 'sum': 2027808452}
    """
    mixed = (rows.astype(np.uint32) + np.uint32(1)) * _MIX
    return {"count": len(rows), "sum": int(mixed.sum(dtype=np.uint64) % (1 << 32))}


def scale_coords(coords: Float[np.ndarray, "items 2"]) -> Float32[np.ndarray, "items 2"]:
    """Move and scale coordinates into [-1, 1], both axes by the same factor.

    Parameters
    ----------
    coords : ndarray of float, shape (items, 2)
        The layout's own.

    Returns
    -------
    ndarray of float32, shape (items, 2)
        The wider axis fills [-1, 1]; zeros where all points coincide.

    Examples
    --------
    >>> scale_coords(np.array([[0.0, 0.0], [4.0, 2.0]]))
    array([[-1. , -0.5],
           [ 1. ,  0.5]], dtype=float32)
    """
    if len(coords) == 0:
        return np.empty((0, 2), np.float32)
    wide = coords.astype(np.float64)
    low, high = wide.min(axis=0), wide.max(axis=0)
    half = float((high - low).max()) / 2
    scaled = (wide - (low + high) / 2) / half if half > 0 else np.zeros_like(wide)
    return scaled.astype(np.float32)
