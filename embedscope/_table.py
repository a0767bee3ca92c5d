"""A small frozen table that displays well: aligned text in a terminal, plain HTML in a notebook."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import pyarrow as pa

from embedscope._errors import InputError, unknown_name

_CELL_CHARACTERS = 60
_NO_FRACTION_FROM = 1000
_MARKUP = re.compile(r"[\\`*_\[\]<>|~&$]")
_NUMBERS = (int, float, np.integer, np.floating)
_STYLE = "border-collapse:collapse;font-variant-numeric:tabular-nums"
_CELL_STYLE = "padding:0.2em 0.8em 0.2em 0;vertical-align:top;background:none"


@dataclass(frozen=True, eq=False)
class Table:
    """Named columns and rows for people to read; `to_frame` gives the same to programs.

    Parameters
    ----------
    columns : sequence of str
        Names, unique.
    rows : sequence of sequence
        One value a column: str, numbers, booleans or None.
    title : str
        One line above the table.

    Raises
    ------
    InputError
        If a row is not as long as ``columns``, or a name comes twice.

    Examples
    --------
    >>> Table(("name", "items"), [("emoji", 7012), ("flags", 258)])
    name   items
    emoji  7,012
    flags    258
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    title: str = ""

    def __post_init__(self) -> None:
        columns = tuple(self.columns)
        rows = tuple(tuple(row) for row in self.rows)
        if len(set(columns)) < len(columns):
            raise InputError(f"A table's column names must be unique; got {', '.join(columns)}.")
        for place, row in enumerate(rows):
            if len(row) != len(columns):
                raise InputError(f"Row {place} has {len(row)} values; the table has {len(columns)} columns.")
        object.__setattr__(self, "columns", columns)
        object.__setattr__(self, "rows", rows)

    def __len__(self) -> int:
        return len(self.rows)

    @classmethod
    def from_records(cls, records: Sequence[Mapping[str, Any]], *, title: str = "") -> Table:
        """Make a table from one mapping a row; the first one gives the columns.

        Parameters
        ----------
        records : sequence of mapping
            All with the same keys.
        title : str
            One line above the table.

        Returns
        -------
        Table
            One row a record.

        Examples
        --------
        >>> len(Table.from_records([{"a": 1}, {"a": 2}]))
        2
        """
        columns = tuple(records[0]) if records else ()
        return cls(columns, [tuple(record[name] for name in columns) for record in records], title)

    def column(self, name: str) -> list[Any]:
        """Give one column's values.

        Parameters
        ----------
        name : str
            The column.

        Returns
        -------
        list
            One value a row.

        Raises
        ------
        MissingError
            If there is no such column.

        Examples
        --------
        >>> Table(("name", "items"), [("emoji", 7012)]).column("items")
        [7012]
        """
        if name not in self.columns:
            raise unknown_name("column", name, self.columns)
        place = list(self.columns).index(name)
        return [row[place] for row in self.rows]

    def to_frame(self) -> pa.Table:
        """Give the same as an Arrow table; ``.to_pandas()`` and ``polars.from_arrow`` go on from there.

        Returns
        -------
        pyarrow.Table
            The columns and rows.

        Examples
        --------
        >>> Table(("name", "items"), [("emoji", 7012)]).to_frame().num_rows
        1
        """
        return pa.table({name: self.column(name) for name in self.columns})

    def to_markdown(self) -> str:
        r"""Give the same as Markdown.

        Returns
        -------
        str
            The title and a table with pipes; long cells are cut, and what would be markup is escaped.

        Examples
        --------
        >>> print(Table(("name", "items"), [("a|b", 7012)]).to_markdown())
        | name | items |
        | --- | ---: |
        | a\|b | 7,012 |
        """
        sides = ["---:" if self._is_numeric(place) else "---" for place in range(len(self.columns))]
        cells = [
            [markdown_text(_shorten(_text(value))) for value in row] for row in [self.columns, *self.rows]
        ]
        lines = [f"| {' | '.join(row)} |" for row in [cells[0], sides, *cells[1:]]]
        return "\n".join([markdown_text(self.title), "", *lines] if self.title else lines)

    def __repr__(self) -> str:
        cells = [[_shorten(_text(value)) for value in row] for row in self.rows]
        widths = [
            max(len(row[place]) for row in [self.columns, *cells]) for place in range(len(self.columns))
        ]
        right = [self._is_numeric(place) for place in range(len(self.columns))]
        lines = [_align(row, widths, right) for row in [list(self.columns), *cells]]
        return "\n".join([self.title, *lines] if self.title else lines)

    def _repr_html_(self) -> str:
        right = [self._is_numeric(place) for place in range(len(self.columns))]
        head = "".join(_cell("th", name, right[place]) for place, name in enumerate(self.columns))
        body = "".join(
            f"<tr>{''.join(_cell('td', _text(value), right[place]) for place, value in enumerate(row))}</tr>"
            for row in self.rows
        )
        caption = f"<div>{escape(self.title)}</div>" if self.title else ""
        return f'{caption}<table style="{_STYLE}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'

    def _is_numeric(self, place: int) -> bool:
        values = [row[place] for row in self.rows if row[place] is not None]
        return bool(values) and all(
            isinstance(value, _NUMBERS) and not isinstance(value, bool) for value in values
        )


def markdown_text(text: str) -> str:
    r"""Escape what Markdown would take for markup.

    Parameters
    ----------
    text : str
        Anything.

    Returns
    -------
    str
        The same on one line.

    Examples
    --------
    >>> print(markdown_text("<b> or [x]"))
    \<b\> or \[x\]
    """
    return _MARKUP.sub(r"\\\g<0>", " ".join(text.split()))


def _text(value: Any) -> str:
    """Write a value as a person would: thousands apart, three digits of a fraction, missing as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, int | np.integer):
        return f"{int(value):,}"
    if isinstance(value, float | np.floating):
        number = float(value)
        return f"{number:.3g}" if abs(number) < _NO_FRACTION_FROM else f"{number:,.0f}"
    return str(value)


def _shorten(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _CELL_CHARACTERS else line[: _CELL_CHARACTERS - 1] + "…"


def _align(row: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    cells = [
        text.rjust(width) if to_right else text.ljust(width)
        for text, width, to_right in zip(row, widths, right, strict=True)
    ]
    return "  ".join(cells).rstrip()


def _cell(tag: str, text: str, right: bool) -> str:
    side = "right" if right else "left"
    return f'<{tag} style="{_CELL_STYLE};text-align:{side}">{escape(text)}</{tag}>'
