"""Give some items a label, in a column that keeps what the others have."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from jaxtyping import Integer

from embedscope._errors import InputError
from embedscope.items.columns import takeable


def label_rows(
    values: pa.Array | pa.ChunkedArray | None, rows: Integer[np.ndarray, " rows"], label: Any, items: int
) -> pa.Array:
    """Set some rows of a column.

    Parameters
    ----------
    values : pyarrow.Array or pyarrow.ChunkedArray or None
        The column as it is; None where there is none yet.
    rows : ndarray of int, shape (rows,)
        What gets the label.
    label : str, int, float, bool or None
        In a column of numbers a text that is a number will do; None takes the label away.
    items : int
        How many rows there are.

    Returns
    -------
    pyarrow.Array
        A new column; the other rows have what they had.

    Raises
    ------
    InputError
        If the column's type has no place for the label.

    Examples
    --------
    >>> label_rows(None, np.array([1]), "odd", 3).to_pylist()
    [None, 'odd', None]
    >>> label_rows(pa.array([1, 2]), np.array([0]), "7", 2).to_pylist()
    [7, 2]
    """
    if values is None:
        kind = pa.scalar(label).type if label is not None else pa.string()
        values = pa.nulls(items, kind)
    column = takeable(values if isinstance(values, pa.ChunkedArray) else pa.chunked_array([values]))
    whole = pa.concat_arrays(column.chunks or [pa.nulls(0, column.type)])
    if pa.types.is_dictionary(whole.type):
        whole = whole.cast(whole.type.value_type)
    if pa.types.is_null(whole.type):
        whole = whole.cast(pa.string())
    chosen = np.zeros(items, np.bool_)
    chosen[rows] = True
    return pc.if_else(pa.array(chosen), _as_type(label, whole.type), whole)


def _as_type(label: Any, kind: pa.DataType) -> pa.Scalar:
    try:
        if label is not None and _is_text(kind):
            return pa.scalar(str(label), kind)
        return pa.scalar(label).cast(kind)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
        raise InputError(
            f"The column holds {kind}, which has no place for {label!r}. Choose another column, or a label "
            "of its kind."
        ) from error


def _is_text(kind: pa.DataType) -> bool:
    return any(is_kind(kind) for is_kind in (pa.types.is_string, pa.types.is_large_string))
