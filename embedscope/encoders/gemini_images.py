"""Images as the hosted Gemini models take them: PNG or JPEG, upright, with nothing to see through."""

from __future__ import annotations

import io

from embedscope._errors import InputError
from embedscope.items.payloads import Image

_SENT_AS_THEY_ARE = {"PNG": "image/png", "JPEG": "image/jpeg"}
_ORIENTATION = 0x0112


def image_bytes(image: Image, place: int) -> tuple[bytes, str]:
    """Give an image's bytes as they are where the model takes them, else as PNG.

    Parameters
    ----------
    image : Image
        The image.
    place : int
        Its place among the payloads, for the message.

    Returns
    -------
    data : bytes
        A PNG or JPEG file.
    media_type : str
        ``"image/png"`` or ``"image/jpeg"``.

    Raises
    ------
    InputError
        If it cannot be decoded; its place and path are named.

    Notes
    -----
    What is turned by its EXIF tag or lets through a ground becomes what `Image.open` makes of it, so that
    every encoder sees the same picture.
    """
    from PIL import Image as PILImage

    try:
        data = image.read()
        decoded = Image(data=data).open()
        with PILImage.open(io.BytesIO(data)) as opened:
            plain = not opened.has_transparency_data and opened.getexif().get(_ORIENTATION, 1) == 1
            media_type = _SENT_AS_THEY_ARE.get(opened.format or "")
    except Exception as error:  # decoders raise errors of many types
        where = f" ({image.path})" if image.path else ""
        raise InputError(
            f"Item {place}{where} cannot be read as an image: {type(error).__name__}: {error}. "
            "Leave it out, or load the items with on_error='skip'."
        ) from error
    if plain and media_type is not None:
        return data, media_type
    buffer = io.BytesIO()
    decoded.save(buffer, "PNG")
    return buffer.getvalue(), "image/png"
