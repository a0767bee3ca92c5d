"""A frame with a query and a document a row becomes two sets of items and their matches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from jaxtyping import Int64

from embedscope._errors import InputError, unknown_name
from embedscope.items.columns import frame_to_arrow, take_rows
from embedscope.items.from_texts import reason_of_text
from embedscope.items.items import Items, Problem
from embedscope.items.warn import warn

_SHOWN = 5


@dataclass(frozen=True, eq=False)
class GatheredPairs:
    """The parts of a `Pairs`, checked.

    Parameters
    ----------
    queries, documents : Items
        Unique texts.
    matches, negatives : ndarray of int64, shape (rows, 2)
        Row of the query, row of the document.
    columns : pyarrow.Table
        One row a match.
    problems : tuple of Problem
        What was left out.
    """

    queries: Items
    documents: Items
    matches: Int64[np.ndarray, "matches 2"]
    negatives: Int64[np.ndarray, "negatives 2"]
    columns: pa.Table
    problems: tuple[Problem, ...]


def gather_pairs(frame: Any, query: str, document: str, negative: str | None, on_error: str) -> GatheredPairs:
    """Read pairs from a frame.

    Parameters
    ----------
    frame : data frame
        Whatever narwhals reads.
    query, document : str
        The columns of the two texts.
    negative : str, optional
        The column of hard negatives.
    on_error : {"raise", "skip"}
        What happens to a row that cannot be used.

    Returns
    -------
    GatheredPairs
        The parts of a `Pairs`.

    Raises
    ------
    MissingError
        If a column is not there.
    InputError
        If a row cannot be used and ``on_error`` is "raise".
    """
    table = frame_to_arrow(frame)
    named = [one for one in (query, document, negative) if one is not None]
    for one in named:
        if one not in table.column_names:
            raise unknown_name("column of the frame", one, table.column_names)
    asked, given = table.column(query).to_pylist(), table.column(document).to_pylist()
    good, problems = _check_rows((asked, given), on_error)
    left, right = _Unique("q"), _Unique("d")
    matches = [(left.add(row, asked[row]), right.add(row, given[row])) for row in good]
    rejected = [] if negative is None else _list_negatives(table.column(negative).to_pylist(), good)
    negatives = [(left.add(row, asked[row]), right.add(row, text)) for row, text in rejected]
    rest = table.select([one for one in table.column_names if one not in named])
    return GatheredPairs(
        left.items("queries"),
        right.items("documents"),
        _as_rows(matches),
        _as_rows(negatives),
        take_rows(rest, np.asarray(good, np.int64)),
        problems,
    )


class _Unique:
    """Texts in the order in which they first come, with ids by the row they come in."""

    def __init__(self, letter: str) -> None:
        self._rows: dict[str, int] = {}
        self._ids: dict[str, str] = {}
        self._letter = letter

    def add(self, row: int, text: str) -> int:
        if text not in self._rows:
            self._rows[text] = len(self._rows)
            name = f"{self._letter}{row}"
            # A row brings more than one text where it has several negatives.
            self._ids[name if name not in self._ids else f"{name}.{len(self._rows)}"] = text
        return self._rows[text]

    def items(self, name: str) -> Items:
        return Items.from_texts(list(self._rows), ids=list(self._ids), name=name, on_error="raise")


def _as_rows(pairs: Sequence[tuple[int, int]]) -> Int64[np.ndarray, "rows 2"]:
    return np.asarray(pairs, np.int64).reshape(-1, 2)


def _check_rows(sides: tuple[list[Any], list[Any]], on_error: str) -> tuple[list[int], tuple[Problem, ...]]:
    if on_error not in ("raise", "skip"):
        raise unknown_name("on_error of pairs", on_error, ("raise", "skip"))
    problems = []
    for row, values in enumerate(zip(*sides, strict=True)):
        reasons = [
            f"{side}: {reason}"
            for side, value in zip(("query", "document"), values, strict=True)
            if (reason := reason_of_text(value))
        ]
        if reasons:
            problems.append(Problem(row, "; ".join(reasons), row))
    if problems:
        _report(problems, len(sides[0]), on_error)
    bad = {problem.row for problem in problems}
    return [row for row in range(len(sides[0])) if row not in bad], tuple(problems)


def _report(problems: Sequence[Problem], count: int, on_error: str) -> None:
    shown = "; ".join(str(problem) for problem in problems[:_SHOWN])
    found = f"{len(problems):,} of {count:,} pairs cannot be used: {shown}."
    if on_error == "raise":
        raise InputError(f"{found} Mend them, or pass on_error='skip'.")
    warn(f"{found} They are left out; see .problems.")


def _list_negatives(values: Sequence[Any], good: Sequence[int]) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for row in good:
        value = values[row]
        texts = value if isinstance(value, list) else [value]
        found.extend((row, text) for text in texts if reason_of_text(text) is None)
    return found
