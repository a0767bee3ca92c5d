"""``payload``: what the cards of some items show, in bounded pieces."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from embedscope._errors import InputError
from embedscope.items.items import Items
from embedscope.items.payloads import Image
from embedscope.views.answers.values import row_values, shorten
from embedscope.views.channel import Answer, Request
from embedscope.views.facts import has_payload
from embedscope.views.thumbnails import ThumbnailCache

MAX_ROWS = 64
TEXT_CHARACTERS = 600


class Payloads:
    """Texts, thumbnails and column values of the rows that a pane asks for.

    Items are never changed and the thumbnails guard themselves, so there is no lock here: a request on one
    thread does not wait for a picture decoded on another.

    Parameters
    ----------
    items : callable
        Gives the items as they are now.
    columns : callable
        Names the columns whose values go along.
    """

    def __init__(self, items: Callable[[], Items], columns: Callable[[], Sequence[str]]) -> None:
        self._items = items
        self._columns = columns
        self._thumbnails = ThumbnailCache()

    def __call__(self, request: Request) -> Answer:
        """Answer a request.

        Parameters
        ----------
        request : Request
            ``rows``: at most 64.

        Returns
        -------
        Answer
            One entry a row, as `describe` gives it, with the thumbnails as buffers.

        Raises
        ------
        InputError
            If a row is none.
        """
        items, columns = self._items(), self._columns()
        buffers: list[bytes] = []
        entries = []
        for row in _checked(request.content.get("rows"), len(items)):
            request.check_wanted()
            entries.append(self.describe(items, row, columns, buffers))
        return Answer(entries, buffers)

    def describe(
        self, items: Items, row: int, columns: Sequence[str], buffers: list[bytes]
    ) -> dict[str, Any]:
        """Describe one item for a card.

        Parameters
        ----------
        items : Items
            The items.
        row : int
            Its row.
        columns : sequence of str
            Columns whose values go along.
        buffers : list of bytes
            Its thumbnail is appended here.

        Returns
        -------
        dict
            ``row, id, title, text, columns, thumbnail``: a text's first 600 characters or None, and the
            thumbnail's place among the buffers or None.
        """
        payload = items.payloads[row]
        own = isinstance(payload, str) and has_payload(items, row)
        text, place = (shorten(str(payload), TEXT_CHARACTERS) if own else None), None
        if isinstance(payload, Image):
            try:
                buffers.append(self._thumbnails.get(row, payload))
                place = len(buffers) - 1
            except Exception as error:  # decoders raise errors of many types; the card says which
                text = f"The image cannot be read: {error}"
        values = row_values(items.columns, row, columns)
        name = str(items.ids[row])
        return {"row": row, "id": name, "title": name, "text": text, "columns": values, "thumbnail": place}


def check_row(row: object, items: int) -> int:
    """Give a row that came from the front end.

    Parameters
    ----------
    row : object
        What came.
    items : int
        How many items there are.

    Returns
    -------
    int
        The same.

    Raises
    ------
    InputError
        If there is no such row.

    Examples
    --------
    >>> check_row(2, 3)
    2
    """
    if type(row) is not int or not 0 <= row < items:
        raise InputError(f"Rows are whole numbers from 0 to {items - 1}.")
    return row


def _checked(rows: object, items: int) -> list[int]:
    if not isinstance(rows, list):
        raise InputError(f"Rows are whole numbers from 0 to {items - 1}.")
    if len(rows) > MAX_ROWS:
        raise InputError(f"{len(rows)} rows were asked for at once; {MAX_ROWS} are the most.")
    return [check_row(row, items) for row in rows]
