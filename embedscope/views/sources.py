"""The Python end of the widget's source: answers what a pane asks for, from any thread, in bounded pieces."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from embedscope._errors import EmbedscopeError, InputError, unknown_name
from embedscope.items.items import Items
from embedscope.items.payloads import Image
from embedscope.views.facts import has_payload
from embedscope.views.thumbnails import ThumbnailCache

MAX_ROWS = 64
TEXT_CHARACTERS = 600
VALUE_CHARACTERS = 200
_REMEMBERED_CANCELS = 256

Send: TypeAlias = Callable[[dict[str, Any], list[bytes]], None]


@dataclass(frozen=True)
class Reply:
    """An answer: what is said, and the pictures it points to by their place.

    Parameters
    ----------
    content : dict
        JSON values.
    buffers : list of bytes
        Encoded pictures.
    """

    content: dict[str, Any]
    buffers: list[bytes]


class PayloadSource:
    """Texts, thumbnails and column values of the rows that a pane asks for.

    Items are never changed, so the one lock here guards only which requests were cancelled, and the
    thumbnails guard themselves: a request on one thread does not wait for a picture decoded on another.

    Parameters
    ----------
    items : Items
        What the rows are.
    """

    def __init__(self, items: Items) -> None:
        self._items = items
        self._thumbnails = ThumbnailCache()
        self._cancelled: OrderedDict[int, None] = OrderedDict()
        self._lock = threading.Lock()

    def handle(self, message: object, columns: Sequence[str], send: Send) -> None:
        """Answer one message of the widget's channel.

        Parameters
        ----------
        message : object
            ``{"type": "request", "id", "kind": "payload", "rows"}`` or ``{"type": "cancel", "id"}``;
            other messages are not for this source.
        columns : sequence of str
            Columns whose values go along.
        send : callable
            Gets the content and the buffers of a reply. A cancelled request gets none.
        """
        if not isinstance(message, Mapping) or not isinstance(message.get("id"), int):
            return
        if message.get("type") == "cancel":
            self._cancel(message["id"])
        elif message.get("type") == "request":
            reply = self._answer(message, columns)
            if reply is not None:
                send(reply.content, reply.buffers)

    def _answer(self, message: Mapping[str, Any], columns: Sequence[str]) -> Reply | None:
        number = message["id"]
        try:
            if message.get("kind") != "payload":
                raise unknown_name("request", str(message.get("kind")), ["payload"])
            result, buffers = [], list[bytes]()
            for row in self._check_rows(message.get("rows")):
                if self._is_cancelled(number):
                    return None
                result.append(self.describe(row, columns, buffers))
        except EmbedscopeError as error:
            return Reply({"type": "reply", "id": number, "ok": False, "error": str(error)}, [])
        return Reply({"type": "reply", "id": number, "ok": True, "result": result}, buffers)

    def describe(self, row: int, columns: Sequence[str], buffers: list[bytes]) -> dict[str, Any]:
        """Describe one item for a hover card.

        Parameters
        ----------
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
        items, payload = self._items, self._items.payloads[row]
        own = isinstance(payload, str) and has_payload(items, row)
        text, place = (_shorten(str(payload), TEXT_CHARACTERS) if own else None), None
        if isinstance(payload, Image):
            try:
                buffers.append(self._thumbnails.get(row, payload))
                place = len(buffers) - 1
            except (OSError, ValueError) as error:
                text = f"The image cannot be read: {error}"
        values = {name: _value_text(items.columns.column(name)[row].as_py()) for name in columns}
        name = str(items.ids[row])
        return {"row": row, "id": name, "title": name, "text": text, "columns": values, "thumbnail": place}

    def _check_rows(self, rows: object) -> list[int]:
        last = len(self._items) - 1
        if not isinstance(rows, list) or not all(type(row) is int and 0 <= row <= last for row in rows):
            raise InputError(f"Rows are whole numbers from 0 to {last}.")
        if len(rows) > MAX_ROWS:
            raise InputError(f"{len(rows)} rows were asked for at once; {MAX_ROWS} are the most.")
        return rows

    def _cancel(self, number: int) -> None:
        with self._lock:
            self._cancelled[number] = None
            while len(self._cancelled) > _REMEMBERED_CANCELS:
                self._cancelled.popitem(last=False)

    def _is_cancelled(self, number: int) -> bool:
        with self._lock:
            return number in self._cancelled


def _shorten(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def _value_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}"
    return _shorten(str(value), VALUE_CHARACTERS)
