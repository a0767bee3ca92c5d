"""Columns of items: from mappings and any data frame to Arrow, and from Arrow to numpy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals.stable.v1 as nw
import numpy as np
import pyarrow as pa
from jaxtyping import Int64, Shaped

from embedscope._errors import InputError, unknown_name
from embedscope.items.warn import warn


def is_frame(value: object) -> bool:
    """Tell whether narwhals reads a value as a data frame.

    Parameters
    ----------
    value : object
        Anything.

    Returns
    -------
    bool
        True for pandas, polars, pyarrow tables and the like.

    Examples
    --------
    >>> is_frame(pa.table({"a": [1]})), is_frame([1])
    (True, False)
    """
    return isinstance(nw.from_native(value, pass_through=True), nw.DataFrame | nw.LazyFrame)


def frame_to_arrow(frame: Any) -> pa.Table:
    """Read any data frame as an Arrow table, column by column, without its index.

    Parameters
    ----------
    frame : data frame
        pandas, polars (eager or lazy), pyarrow, or whatever else narwhals reads.

    Returns
    -------
    pyarrow.Table
        The same columns. One that holds several types is kept as text, with a warning.

    Raises
    ------
    InputError
        If it is no data frame.

    Examples
    --------
    >>> frame_to_arrow(pa.table({"a": [1, 2]})).column_names
    ['a']
    """
    if isinstance(frame, pa.Table):
        return frame
    wrapped = nw.from_native(frame, pass_through=True)
    if isinstance(wrapped, nw.LazyFrame):
        wrapped = wrapped.collect()
    if not isinstance(wrapped, nw.DataFrame):
        raise InputError(
            f"A data frame was wanted (pandas, polars, pyarrow, ...); got {type(frame).__name__}."
        )
    return pa.table({str(name): _series_to_arrow(wrapped[name]) for name in wrapped.columns})


def _series_to_arrow(series: Any) -> pa.Array | pa.ChunkedArray:
    try:
        return series.to_arrow()
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
        warn(f"The column {series.name!r} holds values of several types; it is kept as text.")
        return pa.array([None if value is None else str(value) for value in series.to_list()], pa.string())


def as_columns(columns: Any, count: int) -> pa.Table:
    """Check columns that came beside items.

    Parameters
    ----------
    columns : mapping of str to sequence, data frame, or None
        One value an item.
    count : int
        Number of items.

    Returns
    -------
    pyarrow.Table
        One row an item; without columns it has no rows either.

    Raises
    ------
    InputError
        If a column is longer or shorter than the items, or is not a sequence of one type.

    Examples
    --------
    >>> as_columns({"label": ["x", "y"]}, 2).num_rows
    2
    """
    if columns is None:
        return pa.table({})
    table = _from_mapping(columns) if isinstance(columns, Mapping) else frame_to_arrow(columns)
    if table.num_columns and table.num_rows != count:
        raise InputError(f"The columns have {table.num_rows} rows for {count} items; give one row an item.")
    return table


def _from_mapping(columns: Mapping[str, Any]) -> pa.Table:
    arrays = {name: as_array(name, values) for name, values in columns.items()}
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        raise InputError(f"The columns are not equally long: {lengths}.")
    return pa.table(arrays)


def as_array(name: str, values: Any) -> pa.Array | pa.ChunkedArray:
    """Make one Arrow column of a sequence, a numpy array or a series.

    Parameters
    ----------
    name : str
        The column, for the error.
    values : sequence
        Values of one type; None is missing.

    Returns
    -------
    pyarrow.Array
        The values.

    Raises
    ------
    InputError
        If Arrow finds no type for them.

    Examples
    --------
    >>> as_array("label", ["x", None]).null_count
    1
    """
    if isinstance(values, str):
        raise InputError(f"The column {name!r} is a single text; give a sequence with one value an item.")
    wrapped = nw.from_native(values, series_only=True, pass_through=True)
    if isinstance(wrapped, nw.Series):
        return _series_to_arrow(wrapped)
    try:
        return pa.array(values if isinstance(values, np.ndarray) else list(values))
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, TypeError) as error:
        raise InputError(f"The column {name!r} cannot be kept: {error}.") from error


def column_values(table: pa.Table, name: str) -> Shaped[np.ndarray, " items"]:
    """Give one column as numpy.

    Parameters
    ----------
    table : pyarrow.Table
        The columns.
    name : str
        Which one.

    Returns
    -------
    ndarray, shape (items,)
        Numbers and booleans in their own type (float with NaN where whole numbers are missing); texts and
        everything else as objects, None where missing.

    Raises
    ------
    MissingError
        If there is no such column.

    Examples
    --------
    >>> column_values(pa.table({"a": ["x", None]}), "a").tolist()
    ['x', None]
    """
    if name not in table.column_names:
        raise unknown_name("column", name, table.column_names)
    column = table.column(name)
    kind = column.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_temporal(kind):
        return np.asarray(column.to_numpy())
    if pa.types.is_boolean(kind) and not column.null_count:
        return np.asarray(column.to_numpy())
    values = np.empty(len(column), dtype=object)
    values[:] = column.to_pylist()
    return values


def take_rows(table: pa.Table, rows: Int64[np.ndarray, " taken"]) -> pa.Table:
    """Take rows of a table, also where it has no columns.

    Parameters
    ----------
    table : pyarrow.Table
        The columns.
    rows : ndarray of int64, shape (taken,)
        Places from 0.

    Returns
    -------
    pyarrow.Table
        The rows in that order.

    Examples
    --------
    >>> take_rows(pa.table({"a": [1, 2]}), np.array([1]))["a"].to_pylist()
    [2]
    """
    if not table.num_columns:
        return table
    taken = {name: takeable(table.column(name)).take(pa.array(rows)) for name in table.column_names}
    return pa.table(taken).replace_schema_metadata(table.schema.metadata)


def takeable(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Give a column as a type that rows can be taken of: Arrow takes none of a view of texts.

    Parameters
    ----------
    column : pyarrow.ChunkedArray
        Any.

    Returns
    -------
    pyarrow.ChunkedArray
        Texts and bytes plain, all else as it came.

    Examples
    --------
    >>> takeable(pa.chunked_array([["a"]], pa.string_view())).type
    DataType(large_string)
    """
    if pa.types.is_string_view(column.type):
        return column.cast(pa.large_string())
    return column.cast(pa.large_binary()) if pa.types.is_binary_view(column.type) else column
