"""What stands in a column's filter: some words, or a comparison."""

from __future__ import annotations

import re
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from jaxtyping import Bool, Float64

from embedscope._errors import InputError
from embedscope.items.haystack import holds
from embedscope.views.answers.columns import PaneColumn, searched

_COMPARISON = re.compile(r"\s*(<=|>=|!=|<|>|=|≤|≥|≠)?\s*(.*?)\s*", re.DOTALL)
_SIGNS = {"≤": "<=", "≥": ">=", "≠": "!="}
_CELL_DIGITS = 4


def passes(column: PaneColumn, values: pa.Array, words: str) -> Bool[np.ndarray, " rows"]:
    """Tell which values pass a filter.

    Parameters
    ----------
    column : PaneColumn
        The column.
    values : pyarrow.Array
        Its values.
    words : str
        What was typed: of a number a comparison ("> 3", "<= 0.5", "= 2", "2"), else words that the cell must
        hold, without regard to case. The column's word for a missing value finds the missing ones too.

    Returns
    -------
    ndarray of bool, shape (rows,)
        True where it passes.

    Raises
    ------
    InputError
        If numbers are compared with what is none.
    """
    if column.numeric:
        return _compared(column, values, words)
    needle = words.strip().removesuffix("…").casefold()
    found = holds(searched(values), needle)
    return found | _are_null(values) if needle == column.missing.casefold() else found


def _compared(column: PaneColumn, values: pa.Array, words: str) -> Bool[np.ndarray, " rows"]:
    match = _COMPARISON.fullmatch(words)
    written, typed = (match[1] or "=", match[2]) if match else ("=", words)
    sign = _SIGNS.get(written, written)
    numbers = _as_floats(values)
    if typed.casefold() == column.missing and sign in ("=", "!="):
        return np.asarray(np.isnan(numbers) == (sign == "="), np.bool_)
    wanted = _number(column, typed)
    if pa.types.is_integer(values.type) and wanted.is_integer() and sign in ("=", "!="):
        equal = _equal_integers(values, int(typed) if re.fullmatch(r"[+-]?\d+", typed) else int(wanted))
    else:
        equal = np.abs(numbers - wanted) <= _slack(typed, wanted)
    there = ~np.isnan(numbers)
    found = {
        "=": equal,
        "!=": ~equal & there,
        "<": numbers < wanted,
        ">": numbers > wanted,
        "<=": (numbers <= wanted) | equal,
        ">=": (numbers >= wanted) | equal,
    }[sign]
    return np.asarray(found, np.bool_)


def _equal_integers(values: pa.Array, wanted: int) -> Bool[np.ndarray, " rows"]:
    """Compare whole numbers as such: as fractions, large ones would run together."""
    try:
        scalar = pa.scalar(wanted, values.type)
    except (pa.ArrowInvalid, OverflowError):
        return np.zeros(len(values), np.bool_)
    return np.asarray(pc.fill_null(pc.equal(values, scalar), False).to_numpy(zero_copy_only=False), np.bool_)


def _number(column: PaneColumn, typed: str) -> float:
    plain = typed.replace(",", "")
    try:
        number = float(plain)
    except ValueError:
        number = float("nan")
    if np.isnan(number):
        came = f"{typed!r} is none" if typed else "nothing came"
        raise InputError(
            f"{column.title!r} holds numbers and is compared with a number; {came}. "
            'Type for example "> 3", "<= 0.5" or "= 2".'
        )
    return number


def _slack(typed: str, wanted: float) -> float:
    """Say how far apart equal fractions may lie: who types a cell's four digits means that cell."""
    plain = typed.replace(",", "").lower()
    written = Decimal(plain).as_tuple() if np.isfinite(wanted) else None
    is_fraction = "." in plain or "e" in plain
    if written is None or not is_fraction or len(written.digits) < _CELL_DIGITS:
        return 1e-9 * abs(wanted) if written is not None else 0.0
    return 0.5000001 * 10.0 ** int(written.exponent)


def _as_floats(values: pa.Array) -> Float64[np.ndarray, " rows"]:
    return np.asarray(values.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False), np.float64)


def _are_null(values: pa.Array) -> Bool[np.ndarray, " rows"]:
    return np.asarray(pc.is_null(values).to_numpy(zero_copy_only=False), np.bool_)
