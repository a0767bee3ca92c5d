"""``neighbors``: what lies nearest to an item, a text or an image."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

from embedscope._errors import InputError
from embedscope.encoders.protocol import EncoderRecord
from embedscope.items.payloads import Image, Modality
from embedscope.spaces.search_result import SearchResult
from embedscope.spaces.space import Space
from embedscope.views.answers.payloads import check_row
from embedscope.views.channel import Answer, Buffer, Request

MOST_NEIGHBORS = 100
TEXT_CHARACTERS = 100_000
IMAGE_BYTES = 64 << 20
IMAGE_PIXELS = 64_000_000


class NearestItems:
    """Finds the nearest items to what is asked about.

    Parameters
    ----------
    space : callable
        Gives the space as it is now.
    found : callable, optional
        Hears of every query, how many were asked for, and the result.
    """

    def __init__(
        self,
        space: Callable[[], Space],
        found: Callable[[Mapping[str, Any], int, SearchResult], None] | None = None,
    ) -> None:
        self._space = space
        self._found = found

    def __call__(self, request: Request) -> Answer:
        """Answer a request.

        Parameters
        ----------
        request : Request
            ``query`` and ``k``; an image's file as its buffer.

        Returns
        -------
        Answer
            ``rows``, ``distances``, ``metric``, and a ``note`` where the search is approximate.

        Raises
        ------
        InputError
            If the query cannot be answered in this space; the words say what can.
        """
        query, space = request.content.get("query"), self._space()
        if not isinstance(query, Mapping):
            raise InputError("A query names its kind: item, text or image.")
        k, image = _checked_k(request.content.get("k")), request.buffers[0] if request.buffers else None
        result = nearest(space, query, k, image)
        if self._found is not None and not request.is_cancelled():
            self._found(query, k, result)
        return Answer(
            {
                "rows": [int(row) for row in space.items.rows_of(result.ids)],
                "distances": [float(distance) for distance in result.distances],
                "metric": result.metric,
                "note": note_of(result),
            }
        )


def nearest(space: Space, query: Mapping[str, Any], k: int, image: Buffer | None = None) -> SearchResult:
    """Search as a query of the view says.

    Parameters
    ----------
    space : Space
        What is searched.
    query : mapping
        ``{"kind": "item", "row"}``, ``{"kind": "text", "text"}`` or ``{"kind": "image", "name"}``.
    k : int
        How many.
    image : bytes, optional
        The image's file.

    Returns
    -------
    SearchResult
        Nearest first.

    Raises
    ------
    InputError
        If it cannot be answered in this space.

    Examples
    --------
    >>> space = Space.from_arrays({"a": [1.0, 0.0], "b": [0.9, 0.1], "c": [0.0, 1.0]})
    >>> nearest(space, {"kind": "item", "row": 0}, 1).ids
    ('b',)
    """
    kind = query.get("kind")
    if kind == "item":
        return space.neighbors_of(space.ids[check_row(query.get("row"), len(space))], k)
    if kind == "text":
        check_reads(space, "text")
        return space.search(_checked_text(query.get("text")), k)
    if kind == "image":
        check_reads(space, "image")
        return space.search(checked_image(image), k)
    raise InputError(f"A query is of an item, a text or an image; {kind!r} came.")


def note_of(result: SearchResult) -> str:
    """Say what one must know of a result.

    Parameters
    ----------
    result : SearchResult
        Of a search.

    Returns
    -------
    str
        Empty where it is exact.
    """
    if result.recall is None:
        return ""
    return f"Approximate: such a search finds {100 * result.recall:.1f} % of the true nearest."


def check_reads(space: Space, modality: Modality) -> None:
    """Make sure that a space's encoder takes a text or an image, before it is loaded.

    Parameters
    ----------
    space : Space
        What is searched.
    modality : {"text", "image"}
        What the query is.

    Raises
    ------
    InputError
        If it does not; the words say what one can do.
    """
    record: EncoderRecord | None = space.encoder
    if record is None and space.loaded is not None:
        record = space.loaded.record
    if record is None:
        raise InputError(
            "This space was made of vectors alone, and no encoder is known that could read "
            f"{'words' if modality == 'text' else 'an image'}. Type to match names, or pick an item to see "
            "its neighbours; Space.from_arrays(..., encoder=record) names an encoder."
        )
    if modality in record.modalities:
        return
    if modality == "text":
        raise InputError(
            f"The encoder {record.name!r} reads images only, so words have no place in this space. "
            "Type to match names; drop an image to find what looks like it."
        )
    raise InputError(
        f"The encoder {record.name!r} reads texts only, so images have no place in this space. "
        "Type words instead, or pick an item."
    )


def checked_image(data: Buffer | None) -> Image:
    """Make an image of a file that came from the front end.

    Parameters
    ----------
    data : bytes
        The file.

    Returns
    -------
    Image
        Of known format and bearable size; whether all of it decodes shows when it is encoded.

    Raises
    ------
    InputError
        If it is none, or is larger than a photograph.
    """
    from PIL import Image as PILImage

    if data is None:
        raise InputError("The image is not here any more: drop it again.")
    content = bytes(data)
    if len(content) > IMAGE_BYTES:
        raise InputError(f"The image has {len(content) >> 20} MB; {IMAGE_BYTES >> 20} MB are the most.")
    try:
        with PILImage.open(io.BytesIO(content)) as opened:
            width, height = opened.size
    except PILImage.DecompressionBombError as error:
        raise InputError(f"The image is too large: {error}") from error
    except (OSError, ValueError, SyntaxError) as error:
        raise InputError("The file is no image that can be read: try PNG, JPEG or WebP.") from error
    if width * height > IMAGE_PIXELS:
        raise InputError(
            f"The image is too large: {width:,} × {height:,} pixels, and {IMAGE_PIXELS // 10**6} million "
            "are the most. Make it smaller first."
        )
    return Image(data=content)


def _checked_k(k: object) -> int:
    if type(k) is not int or not 1 <= k <= MOST_NEIGHBORS:
        raise InputError(f"From 1 to {MOST_NEIGHBORS} neighbours can be asked for; {k!r} came.")
    return k


def _checked_text(text: object) -> str:
    if not isinstance(text, str) or not text.strip():
        raise InputError("Type some words to look for.")
    if len(text) > TEXT_CHARACTERS:
        raise InputError(f"The text has {len(text):,} characters; {TEXT_CHARACTERS:,} are the most.")
    return text
