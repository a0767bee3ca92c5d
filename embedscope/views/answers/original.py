"""``original``: one item as it is, and not as a card shows it."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from embedscope.items.items import Items
from embedscope.items.payloads import Image
from embedscope.views.answers.payloads import check_row
from embedscope.views.answers.values import row_values
from embedscope.views.channel import Answer, Request
from embedscope.views.facts import has_payload

TEXT_CHARACTERS = 200_000
VALUE_CHARACTERS = 2_000
FILE_BYTES = 4 << 20
FILE_PIXELS = 8192
SHRUNK_PIXELS = 2048
_BROWSERS_SHOW = frozenset({"GIF", "JPEG", "PNG", "WEBP"})


class Originals:
    """Whole texts, image files, and all columns of an item.

    Parameters
    ----------
    items : callable
        Gives the items as they are now.
    """

    def __init__(self, items: Callable[[], Items]) -> None:
        self._items = items

    def __call__(self, request: Request) -> Answer:
        """Answer a request.

        Parameters
        ----------
        request : Request
            ``row``: which item.

        Returns
        -------
        Answer
            A text up to 200,000 characters; or the image, as its own file where a browser shows that and it
            has at most 4 MB, else shrunk to 2,048 pixels.

        Raises
        ------
        InputError
            If the row is none.
        """
        items = self._items()
        row = check_row(request.content.get("row"), len(items))
        payload, name = items.payloads[row], str(items.ids[row])
        text = _text_of(items, row)
        buffers: list[bytes] = []
        if isinstance(payload, Image):
            try:
                buffers.append(viewable(payload))
            except Exception as error:  # decoders raise errors of many types; the pane says which
                text = f"The image cannot be read: {error}"
        result: dict[str, Any] = {"row": row, "id": name, "title": name}
        result["text"] = None if text is None else text[:TEXT_CHARACTERS]
        result["cut"] = text is not None and len(text) > TEXT_CHARACTERS
        result["image"] = 0 if buffers else None
        result["columns"] = row_values(items.columns, row, items.columns.column_names, VALUE_CHARACTERS)
        return Answer(result, buffers)


def _text_of(items: Items, row: int) -> str | None:
    payload = items.payloads[row]
    if payload is None:
        return items.snippet(row, VALUE_CHARACTERS)
    return str(payload) if isinstance(payload, str) and has_payload(items, row) else None


def viewable(image: Image) -> bytes:
    """Give an image as a file that every browser shows and no tab chokes on.

    Parameters
    ----------
    image : Image
        The item's payload.

    Returns
    -------
    bytes
        The file itself where it is small enough, else a WebP (or PNG) of at most 2,048 pixels.
    """
    from PIL import Image as PILImage
    from PIL import features

    data = image.read()
    with PILImage.open(io.BytesIO(data)) as opened:
        small = len(data) <= FILE_BYTES and max(opened.size) <= FILE_PIXELS
        if small and opened.format in _BROWSERS_SHOW:
            return data
    picture = Image(data=data).open()
    picture.thumbnail((SHRUNK_PIXELS, SHRUNK_PIXELS))
    file = io.BytesIO()
    if features.check("webp"):
        picture.save(file, "WEBP", quality=90, method=2)
    else:
        picture.save(file, "PNG")
    return file.getvalue()
