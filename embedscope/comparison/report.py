"""Report: a comparison on one page, in words and figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

import pyarrow as pa

from embedscope._errors import unknown_name
from embedscope._table import Table


@dataclass(frozen=True, eq=False)
class Section:
    """One part of a report: what was found, in sentences, and the numbers behind it.

    Parameters
    ----------
    title : str
        A few words.
    sentences : tuple of str
        What the numbers say.
    numbers : mapping of str to float
        The numbers by name; NaN where a measure is not defined.
    tables : tuple of Table
        Shown below the sentences.
    """

    title: str
    sentences: tuple[str, ...]
    numbers: Mapping[str, float] = field(default_factory=dict)
    tables: tuple[Table, ...] = ()

    def __repr__(self) -> str:
        parts = [self.title, "-" * len(self.title), *self.sentences]
        return "\n".join([*parts, *(f"\n{table!r}" for table in self.tables)])

    def _repr_html_(self) -> str:
        tables = "".join(f'<div style="margin:0.6em 0">{table._repr_html_()}</div>' for table in self.tables)
        return (
            f'<h4 style="margin:1.2em 0 0.3em">{escape(self.title)}</h4>'
            f'<p style="margin:0;max-width:44em">{escape(" ".join(self.sentences))}</p>{tables}'
        )


@dataclass(frozen=True, eq=False)
class Report:
    """A comparison on one page.

    Made by `Comparison.report`; it holds words and numbers, not the spaces.

    Parameters
    ----------
    title : str
        What was compared.
    sections : tuple of Section
        The page's parts.

    Examples
    --------
    >>> Report("a and b", (Section("Neighbours", ("All are kept.",), {"recall@10": 1.0}),))
    a and b
    =======
    <BLANKLINE>
    Neighbours
    ----------
    All are kept.
    """

    title: str
    sections: tuple[Section, ...]

    def __len__(self) -> int:
        return len(self.sections)

    def section(self, title: str) -> Section:
        """Find a part by its title.

        Parameters
        ----------
        title : str
            As on the page.

        Returns
        -------
        Section
            That part.

        Raises
        ------
        MissingError
            If there is no such part; the titles are listed.
        """
        for section in self.sections:
            if section.title == title:
                return section
        raise unknown_name("section", title, [section.title for section in self.sections])

    def to_frame(self) -> pa.Table:
        """Give every number as an Arrow table.

        Returns
        -------
        pyarrow.Table
            Columns section, measure and value.
        """
        rows: list[dict[str, Any]] = [
            {"section": section.title, "measure": name, "value": value}
            for section in self.sections
            for name, value in section.numbers.items()
        ]
        schema = pa.schema([("section", pa.string()), ("measure", pa.string()), ("value", pa.float64())])
        return pa.Table.from_pylist(rows, schema)

    def __repr__(self) -> str:
        return "\n\n".join([f"{self.title}\n{'=' * len(self.title)}", *map(repr, self.sections)])

    def _repr_html_(self) -> str:
        parts = "".join(section._repr_html_() for section in self.sections)
        return f'<div><h3 style="margin:0">{escape(self.title)}</h3>{parts}</div>'
