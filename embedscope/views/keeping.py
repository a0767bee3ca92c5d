"""A map whose selection is counted, named, labelled, tabled and written to files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from jaxtyping import UInt32

from embedscope._errors import InputError, StoreError
from embedscope.items.labels import label_rows
from embedscope.items.warn import warn
from embedscope.spaces.composition import Composition, compose_values
from embedscope.spaces.selections import Selections, clean_name
from embedscope.views.answers.composition import Compositions, composition_of
from embedscope.views.answers.export import Exports, export_frame, frame_bytes
from embedscope.views.answers.rows import asked_rows
from embedscope.views.answers.table_page import TablePages
from embedscope.views.channel import Answer, AnswerFunction, Request
from embedscope.views.choices import check_color
from embedscope.views.colors import values_kind
from embedscope.views.map_widget import Map

_HOVER_COLUMNS = 6


class Keeping(Map):
    """A map whose selection can be kept.

    Parameters
    ----------
    *parts
        Space, layout and clusters, as `Map` takes them.
    **options
        As `Map` takes them.

    Attributes
    ----------
    saved_selections : list of dict
        ``name`` and ``count`` of each named selection; ``observe(..., "saved_selections")`` hears of changes
        from either side. Change them through `selections`.
    """

    # A view whose parts were refused is closed too, by Python, when it goes.
    _stop_listening: Callable[[], object] = staticmethod(lambda: None)

    def __init__(self, *parts: Any, **options: Any) -> None:
        super().__init__(*parts, **options)
        self._stop_listening = self.space.selections.observe(self._list_selections)
        try:
            self._list_selections()
        except StoreError as error:
            warn(f"{error} The view goes on without saved selections.")

    @property
    def selections(self) -> Selections:
        """The named selections of the space: a mapping from name to `Selection`, kept with the space.

        Examples
        --------
        >>> import embedscope as es
        >>> shown = es.explore(es.Space.from_arrays([[0, 1], [1, 0], [1, 1]], ids=["a", "b", "c"]))
        >>> shown.selections["corner"] = ["c"]
        >>> shown.selection = shown.selections["corner"].ids
        >>> shown.selection
        ['c']
        """
        return self.space.selections

    def composition(self, by: str | None = None) -> Composition:
        """Say which categories the selection has more or fewer of than all items.

        Parameters
        ----------
        by : str, optional
            A column of categories, or "cluster"; what the colours show where nothing is said.

        Returns
        -------
        Composition
            Counts, ratios, and q-values of an exact test that is corrected for the number of categories; the
            most telling ones first.

        Raises
        ------
        InputError
            If nothing is selected, or the column holds no categories.
        MissingError
            If there is no such column.

        Examples
        --------
        >>> import embedscope as es
        >>> space = es.Space.from_arrays(
        ...     [[0, 1], [1, 0], [1, 1]], ids=["a", "b", "c"], columns={"label": ["x", "y", "x"]}
        ... )
        >>> shown = es.explore(space)
        >>> shown.selection = ["a", "c"]
        >>> shown.composition(by="label").names
        ('x', 'y')
        """
        key = by or self.color_by
        check_color(key, self._choices.keys())
        if key in ("cluster", "trust", "density", "none"):
            return composition_of(self._choices.make(key), self.selected_rows)
        values = self._choices.given.get(key)
        if values is None:
            values = self.space.items.columns.column(key.removeprefix("column:"))
        if values_kind(values) != "category":
            raise InputError(f"The column {key!r} holds {values.type}; a composition takes categories.")
        return compose_values(values, self.selected_rows, by=key)

    def label_selection(self, label: Any, column: str = "label") -> None:
        """Give the selected items a label, in a column that keeps what the others have.

        Parameters
        ----------
        label : str, int, float, bool or None
            In a column of numbers a text that is a number will do; None takes the label away.
        column : str
            An existing column, or a new one; afterwards one can colour by it.

        Raises
        ------
        InputError
            If nothing is selected, or the column's type has no place for the label.

        Notes
        -----
        Items and spaces are never changed: ``explorer.space`` and ``explorer.items`` are new ones, which
        share the vectors with the old ones. Save the new space to keep the column.

        Examples
        --------
        >>> import embedscope as es
        >>> shown = es.explore(es.Space.from_arrays([[0, 1], [1, 0], [1, 1]], ids=["a", "b", "c"]))
        >>> shown.selection = ["b"]
        >>> shown.label_selection("odd", column="verdict")
        >>> shown.space.items.column("verdict").tolist()
        [None, 'odd', None]
        """
        self._label(self.selected_rows, label, column)

    def export(self, path: str | Path) -> Path:
        """Write the selected items to a file: ids, texts or paths, columns, and their cluster's name.

        Parameters
        ----------
        path : str or Path
            Ends in ``.csv``, ``.json`` or ``.parquet``.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        InputError
            If nothing is selected.
        MissingError
            If the suffix is another one.

        Examples
        --------
        >>> import tempfile
        >>> import embedscope as es
        >>> shown = es.explore(es.Space.from_arrays([[0, 1], [1, 0], [1, 1]], ids=["a", "b", "c"]))
        >>> shown.selection = ["c", "a"]
        >>> shown.export(Path(tempfile.mkdtemp()) / "corner.csv").read_text().split()
        ['"id"', '"a"', '"c"']
        """
        target = Path(path).expanduser()
        frame = export_frame(self.space.items, self.clusters, self.selected_rows)
        target.write_bytes(frame_bytes(frame, target.suffix.lower().removeprefix(".")))
        return target

    def close(self) -> None:
        """Close the view; its space goes on without telling it of changes."""
        self._stop_listening()
        super().close()

    def _answers(self) -> dict[str, AnswerFunction]:
        return super()._answers() | {
            "apply_selection": self._apply,
            "composition": Compositions(self._asked, lambda: self._choices, lambda: self._coloring),
            "delete_selection": self._delete,
            "export": Exports(self._asked, lambda: self.space.items, lambda: self.clusters),
            "label_selection": self._label_asked,
            "save_selection": self._save,
            "table": TablePages(self._asked, lambda: self.space.items, lambda: self.clusters),
        }

    def _asked(self, request: Request) -> UInt32[np.ndarray, " rows"]:
        return asked_rows(request, self.selected_rows, len(self._items))

    def _save(self, request: Request) -> Answer:
        rows, ids = self._asked(request), self.space.ids
        if not len(rows):
            raise InputError("Nothing is selected; select the items to save.")
        self.selections[clean_name(request.content.get("name"))] = [ids[row] for row in rows.tolist()]
        return Answer()

    def _apply(self, request: Request) -> Answer:
        chosen = self.selections[clean_name(request.content.get("name"))]
        with self._changing:
            self.selection = list(chosen.ids)
        return Answer()

    def _delete(self, request: Request) -> Answer:
        del self.selections[clean_name(request.content.get("name"))]
        return Answer()

    def _label_asked(self, request: Request) -> Answer:
        label = clean_name(request.content.get("label"))
        self._label(self._asked(request), label, clean_name(request.content.get("column")))
        return Answer()

    def _label(self, rows: UInt32[np.ndarray, " rows"], label: Any, column: str) -> None:
        if not len(rows):
            raise InputError("Nothing is selected; select the items to label.")
        name = clean_name(column)
        with self._changing:
            given = dict(self._choices.given)
            values = given.pop(name, None)
            if values is None and name in self.space.items.columns.column_names:
                values = self.space.items.columns.column(name)
            labelled = label_rows(values, rows, label, len(self.space))
            self._show_items(name, labelled, given)

    def _show_items(self, name: str, values: pa.Array, given: dict[str, pa.Array]) -> None:
        """Go on with items that have a new or changed column."""
        self.space = self.space.with_column(name, values)
        self._items = self.space.items
        self._choices = replace(self._choices, items=self._items, given=given)
        self.color_choices = self._choices.listing()
        if name not in self.hover_columns and len(self.hover_columns) < _HOVER_COLUMNS:
            self.hover_columns = [*self.hover_columns, name]
        # The page keeps cards and tables that it has; a new revision tells it that they have changed.
        self.universe = {**self.universe, "revision": self.universe.get("revision", 0) + 1}
        if self.color_by in (name, f"column:{name}"):
            self._recolor({"new": self.color_by})

    def _list_selections(self) -> None:
        with self._changing:
            counts = self.selections.counts()
            self.saved_selections = [{"name": name, "count": count} for name, count in counts.items()]
