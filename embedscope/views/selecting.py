"""A view whose selection is ids in Python and rows on the wire."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import traitlets
from jaxtyping import UInt32

from embedscope.items.items import Items
from embedscope.items.problems import ItemId
from embedscope.views.widget import Scope
from embedscope.views.wire import rows_from_wire, rows_to_wire, sorted_rows


class Selecting(Scope):
    """A view of items, some of which are selected from either side.

    Two traits hold the selection and follow each other: ``selection`` (ids, Python's) does not travel,
    ``selection_rows`` (rows, the front end's) does. Front ends may call on other threads than the
    notebook's, hence the lock.

    Parameters
    ----------
    items : Items
        What can be selected.
    **traits
        Of the widget.
    """

    selection = traitlets.List()

    def __init__(self, items: Items, **traits: Any) -> None:
        self._items = items
        self._changing = threading.RLock()
        # Ids that came from rows need no look-up: that would double the time of a large lasso.
        self._arrived: list[ItemId] = []
        super().__init__(selection_rows=rows_to_wire(np.empty(0, np.uint32)), **traits)
        self.observe(self._take_rows, "selection_rows")
        self.observe(self._send_rows, "selection")

    @property
    def selected_rows(self) -> UInt32[np.ndarray, " selected"]:
        """Rows of the selected items, in order."""
        return rows_from_wire(self.selection_rows, len(self._items))

    @property
    def selected_items(self) -> Items:
        """The selected items with their columns."""
        return self._items.take(self.selected_rows)

    @traitlets.validate("selection")  # type: ignore[untyped-decorator]
    def _check_selection(self, proposal: Any) -> list[ItemId]:
        arrived = proposal["value"] is self._arrived
        if arrived:
            return self._arrived
        rows = sorted_rows(self._items.rows_of(proposal["value"]))
        known: list[ItemId] = [self._items.ids[row] for row in rows.tolist()]
        return known

    def _take_rows(self, change: Any) -> None:
        with self._changing:
            rows = rows_from_wire(change["new"], len(self._items))
            ids = self._items.ids
            self._arrived = [ids[row] for row in rows.tolist()]
            self.selection = self._arrived

    def _send_rows(self, change: Any) -> None:
        if change["new"] is self._arrived:
            return
        with self._changing:
            self.selection_rows = rows_to_wire(self._items.rows_of(change["new"]).astype(np.uint32))
