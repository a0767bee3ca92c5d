"""Colour by a column: as a category, a number or a date, whichever its type calls for."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from jaxtyping import Float

from embedscope._errors import InputError
from embedscope.views.categories import category_coloring
from embedscope.views.coloring import Coloring, ColorKind

_FEW_INTEGERS = 24
_TAIL = 0.01


def column_coloring(values: pa.Array | pa.ChunkedArray, key: str, title: str) -> Coloring:
    """Colour by a column, as a category or as a number, whichever its type calls for.

    Parameters
    ----------
    values : pyarrow.Array or pyarrow.ChunkedArray
        One value an item.
    key, title : str
        Name of the choice and of the legend.

    Returns
    -------
    Coloring
        Texts, booleans and integers of at most 24 different values are categories; other numbers are
        numbers; dates are numbers whose ends are written as dates.

    Raises
    ------
    InputError
        If the column holds what has no colour: bytes, lists, records.

    Examples
    --------
    >>> column_coloring(pa.array(["b", "a", "b", None]), "label", "label").names
    ('b', 'a', 'missing')
    """
    kind = values_kind(values)
    if kind is None:
        raise InputError(f"The column {title!r} holds {values.type}, which has no colour; name another.")
    if kind == "category":
        return category_coloring(values, key, title)
    if pa.types.is_date(values.type) or pa.types.is_timestamp(values.type):
        return _date_coloring(values, key, title)
    return number_coloring(_as_floats(values), key, title)


def values_kind(values: pa.Array | pa.ChunkedArray) -> ColorKind | None:
    """Say how values are coloured.

    Parameters
    ----------
    values : pyarrow.Array or pyarrow.ChunkedArray
        One an item.

    Returns
    -------
    {"category", "number"} or None
        As `column_kind`, and a category too where there are at most 24 different integers.
    """
    if pa.types.is_integer(values.type) and pc.count_distinct(values).as_py() <= _FEW_INTEGERS:
        return "category"
    return column_kind(values.type)


def column_kind(kind: pa.DataType) -> ColorKind | None:
    """Say how a column of some Arrow type is coloured.

    Parameters
    ----------
    kind : pyarrow.DataType
        The column's type.

    Returns
    -------
    {"category", "number"} or None
        None for what has no colour. An integer column of few values becomes a category all the same.
    """
    types = pa.types
    if types.is_dictionary(kind):
        return "category" if column_kind(kind.value_type) else None
    if any(is_kind(kind) for is_kind in (types.is_string, types.is_large_string, types.is_string_view)):
        return "category"
    if types.is_boolean(kind) or types.is_null(kind) or types.is_time(kind):
        return "category"
    number = (types.is_integer, types.is_floating, types.is_decimal, types.is_date, types.is_timestamp)
    return "number" if any(is_kind(kind) for is_kind in (*number, types.is_duration)) else None


def number_coloring(
    values: Float[np.ndarray, " items"], key: str, title: str, label: Callable[[float], str] | None = None
) -> Coloring:
    """Colour by a number, on a ramp from the 1st to the 99th percentile.

    Parameters
    ----------
    values : ndarray of float, shape (items,)
        NaN or infinite where missing.
    key, title : str
        Name of the choice and of the legend.
    label : callable, optional
        Writes a number for people; three digits when there is none.

    Returns
    -------
    Coloring
        The ends of its range say by "≤" and "≥" where values lie beyond them.
    """
    write = label or _short_number
    finite = values[np.isfinite(values)].astype(np.float64)
    kept = np.where(np.isfinite(values), values, np.nan).astype(np.float32)
    if not finite.size:
        return Coloring("number", key, title, values=kept, range_labels=("no values", "no values"))
    low, high = (float(x) for x in np.quantile(finite, [_TAIL, 1 - _TAIL]))
    lowest, highest = float(finite.min()), float(finite.max())
    if low == high:
        low, high = lowest, highest
    ends = ("≤ " * (lowest < low) + write(low), "≥ " * (highest > high) + write(high))
    return Coloring("number", key, title, values=kept, range=(low, high), range_labels=ends)


def _date_coloring(values: pa.Array | pa.ChunkedArray, key: str, title: str) -> Coloring:
    stamps = np.asarray(values.cast(pa.timestamp("us")).to_numpy(zero_copy_only=False))
    stamps = stamps.astype("datetime64[us]")
    missing = np.isnat(stamps)
    origin = stamps[~missing].min() if not missing.all() else np.datetime64(0, "us")
    seconds = np.where(missing, np.nan, (stamps - origin) / np.timedelta64(1, "s"))

    def write(second: float) -> str:
        moment = origin + np.timedelta64(round(second * 1e6), "us")
        return str(np.datetime_as_string(moment, unit="D" if np.nanmax(seconds) > 172_800 else "m"))

    return number_coloring(seconds, key, title, write)


def _as_floats(values: pa.Array | pa.ChunkedArray) -> Float[np.ndarray, " items"]:
    whole = values.cast(pa.int64()) if pa.types.is_duration(values.type) else values
    return np.asarray(whole.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False), np.float64)


def _short_number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
