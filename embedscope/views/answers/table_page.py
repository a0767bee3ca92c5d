"""``table``: one page of the selected rows, sorted and filtered."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
from jaxtyping import UInt32

from embedscope._errors import InputError, unknown_name
from embedscope.clusters.cluster import Clusters
from embedscope.items.items import Items
from embedscope.views.answers.columns import PaneColumn, pane_columns, sort_order
from embedscope.views.answers.filters import passes
from embedscope.views.channel import Answer, Request

MOST_ROWS = 200
_FILTER_CHARACTERS = 200

Rows = UInt32[np.ndarray, " rows"]
Ordered = UInt32[np.ndarray, " passing"]


@dataclass(frozen=True)
class TableView:
    """Which part of the table is asked for.

    Parameters
    ----------
    sort : str
        A column's key; empty: the order of the space.
    descending : bool
        Largest first.
    filters : tuple of (str, str)
        Columns' keys with what was typed.
    offset, limit : int
        Which rows of those that pass.
    """

    sort: str
    descending: bool
    filters: tuple[tuple[str, str], ...]
    offset: int
    limit: int


@dataclass(frozen=True, eq=False)
class _KeptOrder:
    """The order that was asked for last, and of what."""

    items: Items
    rows: Rows
    view: TableView
    order: Ordered

    def is_of(self, items: Items, rows: Rows, view: TableView) -> bool:
        """Tell whether only another page of it is asked for."""
        same = replace(view, offset=self.view.offset, limit=self.view.limit) == self.view
        return same and items is self.items and np.array_equal(rows, self.rows)


class TablePages:
    """Sorts and filters the rows of a selection, and writes the cells of one page.

    The last order is kept: who scrolls asks for the same again and again.

    Parameters
    ----------
    rows : callable
        Finds the rows that a request is about.
    items : callable
        Gives the items as they are now.
    clusters : callable
        Tells how they are grouped.
    """

    def __init__(
        self, rows: Callable[[Request], Rows], items: Callable[[], Items], clusters: Callable[[], Clusters]
    ) -> None:
        self._rows = rows
        self._items = items
        self._clusters = clusters
        self._kept: _KeptOrder | None = None
        self._lock = threading.Lock()

    def __call__(self, request: Request) -> Answer:
        """Answer a request.

        Parameters
        ----------
        request : Request
            About some rows, with a ``view``.

        Returns
        -------
        Answer
            The columns, the cells of the page, and how many rows pass.

        Raises
        ------
        InputError
            If the view or a filter cannot be understood.
        MissingError
            If there is no such column.
        """
        view = _checked_view(request.content.get("view"))
        items = self._items()
        rows = self._rows(request)
        columns = pane_columns(items, self._clusters())
        order = self._ordered(request, items, rows, view, {column.name: column for column in columns})
        page = order[view.offset : view.offset + view.limit].tolist()
        heads = [{"name": c.name, "title": c.title, "numeric": c.numeric} for c in columns]
        cells = [{"row": row, "cells": [column.cell(row) for column in columns]} for row in page]
        return Answer({"columns": heads, "rows": cells, "total": len(order)})

    def _ordered(
        self, request: Request, items: Items, rows: Rows, view: TableView, columns: Mapping[str, PaneColumn]
    ) -> Ordered:
        with self._lock:
            kept = self._kept
        if kept is not None and kept.is_of(items, rows, view):
            return kept.order
        order = ordered_rows(rows, view, columns, request)
        with self._lock:
            self._kept = _KeptOrder(items, rows, view, order)
        return order


def ordered_rows(rows: Rows, view: TableView, columns: Mapping[str, PaneColumn], request: Request) -> Ordered:
    """Filter rows, and sort those that are left.

    Parameters
    ----------
    rows : ndarray of uint32, shape (rows,)
        What is selected, in the order of the space.
    view : TableView
        What is asked for.
    columns : mapping of str to PaneColumn
        By key.
    request : Request
        Stops in between where it is cancelled.

    Returns
    -------
    ndarray of uint32, shape (passing,)
        The rows that pass, in the order asked for.

    Raises
    ------
    MissingError
        If there is no such column.
    """
    for name in [*(name for name, _ in view.filters), *([view.sort] if view.sort else [])]:
        if name not in columns:
            raise unknown_name("column", name, columns)
    passing: Ordered = rows
    for name, words in view.filters:
        request.check_wanted()
        passing = passing[passes(columns[name], columns[name].values(passing), words)]
    if not view.sort:
        return passing[::-1] if view.descending else passing
    request.check_wanted()
    places: pa.Array = sort_order(columns[view.sort].values(passing), view.descending)
    return np.asarray(passing[places.to_numpy()])


def _checked_view(view: Any) -> TableView:
    if not isinstance(view, Mapping):
        raise InputError("A page of the table names its sort, filters, offset and limit.")
    filters = view.get("filters") or {}
    if not isinstance(filters, Mapping) or not all(isinstance(words, str) for words in filters.values()):
        raise InputError("Filters are words by column.")
    if any(len(words) > _FILTER_CHARACTERS for words in filters.values()):
        raise InputError(f"A filter has at most {_FILTER_CHARACTERS} characters.")
    offset, limit = view.get("offset", 0), view.get("limit", MOST_ROWS)
    if type(offset) is not int or type(limit) is not int or offset < 0 or not 0 <= limit <= MOST_ROWS:
        raise InputError(f"A page begins at a row from 0 and has at most {MOST_ROWS}; {limit!r} came.")
    typed = tuple((str(name), words) for name, words in filters.items() if words.strip())
    return TableView(str(view.get("sort") or ""), bool(view.get("descending")), typed, offset, limit)
