"""What was made and kept, and what was dropped for which reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import pyarrow as pa

from embedscope._table import Table
from embedscope.items.items import Items
from embedscope.items.pairs import Pairs

UNREADABLE = "verdict not readable"

Kept = TypeVar("Kept", Items, Pairs)


@dataclass(frozen=True, eq=False)
class Made(Generic[Kept]):
    """Data that a generator made or judged.

    Parameters
    ----------
    kept : Items or Pairs
        What passed; its columns hold the prompts, the verdicts and who gave them.
    dropped : pyarrow.Table
        What did not, with the same columns and the ``reason``.
    counts : mapping of str to int
        How many were asked for and kept, and how many were dropped for each reason.

    Examples
    --------
    >>> Made(Items.from_texts(["a"]), pa.table({"reason": ["empty"]}), {"asked": 2, "kept": 1, "empty": 1})
    what   items
    asked      2
    kept       1
    empty      1
    """

    kept: Kept
    dropped: pa.Table
    counts: Mapping[str, int]

    def _table(self) -> Table:
        return Table(("what", "items"), list(self.counts.items()))

    def __repr__(self) -> str:
        return repr(self._table())

    def _repr_html_(self) -> str:
        return self._table()._repr_html_()


def settle_rows(
    rows: Sequence[Mapping[str, Any]], schema: pa.Schema
) -> tuple[pa.Table, pa.Table, dict[str, int]]:
    """Part rows by whether they have a reason to be dropped.

    Parameters
    ----------
    rows : sequence of mapping
        With the schema's keys and ``reason``: None or empty to keep the row.
    schema : pyarrow.Schema
        Of the columns without ``reason``.

    Returns
    -------
    kept, dropped : pyarrow.Table
        The second with the column ``reason``.
    counts : dict
        ``asked``, ``kept``, and each reason.

    Examples
    --------
    >>> rows = [{"a": 1, "reason": None}, {"a": 2, "reason": "even"}]
    >>> settle_rows(rows, pa.schema({"a": pa.int64()}))[2]
    {'asked': 2, 'kept': 1, 'even': 1}
    """
    good = [row for row in rows if not row["reason"]]
    bad = [row for row in rows if row["reason"]]
    reasons = Counter(row["reason"] for row in bad)
    return (
        pa.Table.from_pylist(good, schema),
        pa.Table.from_pylist(bad, schema.append(pa.field("reason", pa.string()))),
        {"asked": len(rows), "kept": len(good), **reasons},
    )
