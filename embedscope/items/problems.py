"""What happens to an item that cannot be used: it is reported, and the rest goes on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
import pyarrow as pa

from embedscope._errors import InputError, unknown_name
from embedscope.items.columns import take_rows
from embedscope.items.payloads import Payload
from embedscope.items.warn import warn

ItemId: TypeAlias = str | int
OnError: TypeAlias = Literal["raise", "skip", "mark"]

_SHOWN = 5


@dataclass(frozen=True)
class Problem:
    """An item that cannot be used, and why.

    Parameters
    ----------
    id : str or int
        The item's id.
    reason : str
        One sentence.
    row : int
        Its place in the input, from 0.

    Examples
    --------
    >>> str(Problem("b", "the text is empty", 1))
    "'b' (row 1): the text is empty"
    """

    id: ItemId
    reason: str
    row: int

    def __str__(self) -> str:
        return f"{self.id!r} (row {self.row}): {self.reason}"


@dataclass(frozen=True, eq=False)
class Gathered:
    """The parts of an `Items`, checked.

    Parameters
    ----------
    ids : tuple of str or of int
        Unique.
    payloads : tuple of str, Image or None
        One an id; None where the item is marked as a problem.
    columns : pyarrow.Table
        One row an id, or no columns at all.
    problems : tuple of Problem
        What was left out or marked.
    """

    ids: tuple[ItemId, ...]
    payloads: tuple[Payload | None, ...]
    columns: pa.Table
    problems: tuple[Problem, ...]


def as_ids(ids: Sequence[object] | None, count: int) -> list[ItemId | None]:
    """Make ids plain str or int; a missing one becomes None.

    Parameters
    ----------
    ids : sequence, optional
        As they came; the row numbers when there are none.
    count : int
        Number of items.

    Returns
    -------
    list of str, int or None
        One an item.

    Raises
    ------
    InputError
        If there are more or fewer ids than items, or they are neither all text nor all whole numbers.

    Examples
    --------
    >>> as_ids(None, 2)
    [0, 1]
    """
    if ids is None:
        return list(range(count))
    plain = [_as_id(value) for value in ids]
    if len(plain) != count:
        raise InputError(f"{len(plain)} ids came for {count} items; give one id an item.")
    kinds = {type(value).__name__ for value in plain if value is not None}
    if len(kinds) > 1:
        raise InputError(f"ids must be all str or all int; got both {' and '.join(sorted(kinds))}.")
    return plain


def _as_id(value: object) -> ItemId | None:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, bool | np.bool_) or not isinstance(value, str | int | np.integer):
        raise InputError(f"An id must be a str or an int; got {value!r} ({type(value).__name__}).")
    return str(value) if isinstance(value, str) else int(value)


def settle(
    payloads: Sequence[Payload | None],
    reasons: Mapping[int, str],
    ids: Sequence[ItemId | None],
    columns: pa.Table,
    on_error: OnError,
) -> Gathered:
    """Raise, leave out or mark the items that cannot be used.

    Parameters
    ----------
    payloads : sequence of str, Image or None
        One an item; what stands where there is a reason does not matter.
    reasons : mapping of int to str
        Row of an item that cannot be used, and why.
    ids : sequence of str, int or None
        One an item.
    columns : pyarrow.Table
        One row an item, or no columns.
    on_error : {"raise", "skip", "mark"}
        What to do. A missing or repeated id cannot stay, so it is left out under "mark" too.

    Returns
    -------
    Gathered
        What stays, and what was found.

    Raises
    ------
    InputError
        With ``on_error="raise"``, if any item cannot be used.

    Examples
    --------
    >>> import warnings
    >>> with warnings.catch_warnings(action="ignore"):
    ...     parts = settle(["a", None], {1: "the text is empty"}, ["x", "y"], pa.table({}), "mark")
    >>> parts.ids, parts.payloads, parts.columns["problem"].to_pylist()
    (('x', 'y'), ('a', None), [None, 'the text is empty'])
    """
    if on_error not in get_args(OnError):
        raise unknown_name("on_error", on_error, get_args(OnError))
    homeless = _bad_ids(ids)
    problems = _list_problems({**reasons, **homeless}, ids)
    if not problems:
        return Gathered(_known(ids), tuple(payloads), columns, ())
    _report(problems, len(ids), on_error)
    gone = homeless.keys() if on_error == "mark" else {problem.row for problem in problems}
    if on_error == "mark":
        columns = _mark(columns, reasons, len(ids))
    stay = [row for row in range(len(ids)) if row not in gone]
    return Gathered(
        ids=_known([ids[row] for row in stay]),
        payloads=tuple(None if row in reasons else payloads[row] for row in stay),
        columns=take_rows(columns, np.asarray(stay, dtype=np.int64)),
        problems=problems,
    )


def _known(ids: Sequence[ItemId | None]) -> tuple[ItemId, ...]:
    return tuple(value for value in ids if value is not None)


def _bad_ids(ids: Sequence[ItemId | None]) -> dict[int, str]:
    reasons: dict[int, str] = {}
    first: dict[ItemId, int] = {}
    for row, value in enumerate(ids):
        if value is None:
            reasons[row] = "the id is missing"
        elif value in first:
            reasons[row] = f"the id was already used in row {first[value]}"
        else:
            first[value] = row
    return reasons


def _list_problems(reasons: Mapping[int, str], ids: Sequence[ItemId | None]) -> tuple[Problem, ...]:
    def name(row: int) -> ItemId:
        value = ids[row]
        return f"(row {row})" if value is None else value

    return tuple(Problem(name(row), reasons[row], row) for row in sorted(reasons))


def _report(problems: Sequence[Problem], count: int, on_error: OnError) -> None:
    shown = "; ".join(str(problem) for problem in problems[:_SHOWN])
    more = f"; and {len(problems) - _SHOWN:,} more" if len(problems) > _SHOWN else ""
    found = f"{len(problems):,} of {count:,} items cannot be used: {shown}{more}."
    if on_error == "raise":
        raise InputError(f"{found} Mend them, or pass on_error='skip' or on_error='mark'.")
    what = "left out" if on_error == "skip" else "marked in the column 'problem'"
    warn(f"{found} They are {what}; see .problems.")


def _mark(columns: pa.Table, reasons: Mapping[int, str], count: int) -> pa.Table:
    if "problem" in columns.column_names:
        raise InputError("on_error='mark' writes a column 'problem', and there is one already: rename it.")
    marks = pa.array([reasons.get(row) for row in range(count)], pa.string())
    return columns.append_column("problem", marks) if columns.num_columns else pa.table({"problem": marks})
