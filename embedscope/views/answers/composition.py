"""``composition``: what a selection is made of, against the whole."""

from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import islice
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from jaxtyping import UInt32

from embedscope._errors import InputError
from embedscope.spaces.composition import Composition, compose
from embedscope.views.channel import Answer, Request
from embedscope.views.choices import ColorChoices
from embedscope.views.coloring import Coloring

MOST_SHARES = 8
MOST_OTHERS = 4
MOST_CATEGORIES = 256


class Compositions:
    """Compares a selection's clusters and categories with those of all items.

    Parameters
    ----------
    rows : callable
        Finds the rows that a request is about.
    choices : callable
        Gives what can be coloured by now.
    coloring : callable
        Gives the colours that are shown now.
    """

    def __init__(
        self,
        rows: Callable[[Request], UInt32[np.ndarray, " rows"]],
        choices: Callable[[], ColorChoices],
        coloring: Callable[[], Coloring],
    ) -> None:
        self._rows = rows
        self._choices = choices
        self._coloring = coloring
        self._lock = threading.Lock()
        self._key: tuple[object, ...] = ()
        self._made: list[Coloring] = []

    def __call__(self, request: Request) -> Answer:
        """Answer a request.

        Parameters
        ----------
        request : Request
            About some rows.

        Returns
        -------
        Answer
            The clusters, the column that is shown, and up to four others: eight shares each at most, the most
            telling first. Nothing for no rows.
        """
        rows = self._rows(request)
        if not len(rows):
            return Answer([])
        shown, found = self._coloring(), []
        for coloring in self._colorings(shown):
            request.check_wanted()
            found.append(_to_wire(coloring, composition_of(coloring, rows), coloring is shown))
        return Answer(found)

    def _colorings(self, shown: Coloring) -> list[Coloring]:
        """Choose the colourings for a selection; the next selection's are the same, mostly."""
        choices = self._choices()
        key = (choices, shown, *choices.given.values())
        with self._lock:
            same = len(key) == len(self._key) and all(a is b for a, b in zip(key, self._key, strict=True))
            if not same:
                self._key, self._made = key, chosen_colorings(choices, shown)
            return self._made


def chosen_colorings(choices: ColorChoices, shown: Coloring) -> list[Coloring]:
    """Choose what a selection's composition is worth being told by.

    Parameters
    ----------
    choices : ColorChoices
        What there is.
    shown : Coloring
        The colours in force.

    Returns
    -------
    list of Coloring
        The clusters, the categories that are shown, and up to four other columns of at most 256 categories.
    """
    made = []
    if len(choices.clusters):
        made.append(shown if shown.column == "cluster" else choices.make("cluster"))
    if shown.kind == "category" and shown.column != "cluster":
        made.append(shown)
    others = (
        choice["key"]
        for choice in choices.listing()
        if choice["kind"] == "category" and choice["key"] not in ("cluster", shown.column)
    )
    few = (key for key in others if _distinct(choices, key) <= MOST_CATEGORIES)
    return made + [choices.make(key) for key in islice(few, MOST_OTHERS)]


def _distinct(choices: ColorChoices, key: str) -> int:
    values = choices.given.get(key)
    if values is None:
        values = choices.items.columns.column(key.removeprefix("column:"))
    plain = values.cast(values.type.value_type) if pa.types.is_dictionary(values.type) else values
    return 1 if pa.types.is_null(plain.type) else int(pc.count_distinct(plain).as_py())


def composition_of(coloring: Coloring, rows: UInt32[np.ndarray, " rows"]) -> Composition:
    """Compare the categories of some rows with those of all.

    Parameters
    ----------
    coloring : Coloring
        Categories of all items.
    rows : ndarray of uint32, shape (rows,)
        Which items.

    Returns
    -------
    Composition
        The most telling categories first.

    Raises
    ------
    InputError
        If the colouring has no categories, or there are no rows.
    """
    if coloring.codes is None:
        raise InputError(f"{coloring.title!r} holds no categories; a composition takes some.")
    return compose(coloring.codes, coloring.names, rows, by=coloring.title)


def _to_wire(coloring: Coloring, found: Composition, is_shown: bool) -> dict[str, Any]:
    shares = [
        {
            "name": found.names[place],
            "color": coloring.colors[found.places[place]] if is_shown else None,
            "count": int(found.counts[place]),
            "total": int(found.totals[place]),
            "ratio": float(found.ratios[place]),
            "q_value": float(found.q_values[place]),
        }
        for place in range(min(len(found), MOST_SHARES))
    ]
    more = len(found) - len(shares)
    return {"key": coloring.column, "title": coloring.title, "shares": shares, "more": more}
