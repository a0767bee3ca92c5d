"""A column's value in words."""

from __future__ import annotations

import math
from typing import Any

import pyarrow as pa

VALUE_CHARACTERS = 200


def value_text(value: object, length: int = VALUE_CHARACTERS) -> str:
    """Write a value as a person reads it.

    Parameters
    ----------
    value : object
        As Arrow gives it.
    length : int
        Most characters.

    Returns
    -------
    str
        Empty where it is missing.

    Examples
    --------
    >>> value_text(0.123456), value_text(True), value_text(None)
    ('0.1235', 'yes', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.4g}"
    return shorten(str(value), length)


def shorten(text: str, length: int) -> str:
    """Cut a text, with an ellipsis where something is cut.

    Parameters
    ----------
    text : str
        Any text.
    length : int
        Most characters.

    Returns
    -------
    str
        Its beginning.

    Examples
    --------
    >>> shorten("abcdef", 4)
    'abc…'
    """
    return text if len(text) <= length else text[: length - 1] + "…"


def row_values(columns: pa.Table, row: int, names: Any, length: int = VALUE_CHARACTERS) -> dict[str, str]:
    """Write some values of one item.

    Parameters
    ----------
    columns : pyarrow.Table
        One row an item.
    row : int
        Which item.
    names : iterable of str
        Which columns; one that is not there is left out.
    length : int
        Most characters of a value.

    Returns
    -------
    dict of str to str
        By column.

    Examples
    --------
    >>> row_values(pa.table({"label": ["x", None]}), 1, ["label"])
    {'label': ''}
    """
    known = set(columns.column_names)
    return {name: value_text(columns.column(name)[row].as_py(), length) for name in names if name in known}
