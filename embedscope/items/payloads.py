"""What is embedded: a text is a plain ``str``, an image is an ``Image`` by path or by bytes."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from embedscope._hashing import hash_bytes, hash_text

if TYPE_CHECKING:
    from PIL import Image as PILImage

Modality: TypeAlias = Literal["text", "image"]


@dataclass(frozen=True)
class Image:
    """An encoded image (PNG, JPEG, WebP, ...), by path or by its bytes; nothing is decoded until `open`.

    Parameters
    ----------
    path : Path, optional
        File that holds the image.
    data : bytes, optional
        The file's content, where there is no file.
    """

    path: Path | None = None
    data: bytes | None = None

    def read(self) -> bytes:
        """Give the encoded bytes, from memory or from the file.

        Returns
        -------
        bytes
            The image file's content.
        """
        if self.data is not None:
            return self.data
        if self.path is None:
            raise ValueError("An Image needs a path or data; neither came.")
        return self.path.read_bytes()

    def open(self) -> PILImage.Image:
        """Decode the image: RGB, upright by its EXIF tag, transparency laid on white.

        Returns
        -------
        PIL.Image.Image
            Mode ``"RGB"``.
        """
        from PIL import Image as PILImage
        from PIL import ImageOps

        with PILImage.open(io.BytesIO(self.read())) as opened:
            image = ImageOps.exif_transpose(opened)
            if image.has_transparency_data:
                rgba = image.convert("RGBA")
                ground = PILImage.new("RGBA", rgba.size, "white")
                return PILImage.alpha_composite(ground, rgba).convert("RGB")
            return image.convert("RGB")


Payload: TypeAlias = str | Image


def modality_of(payload: Payload) -> Modality:
    """Tell a text from an image.

    Parameters
    ----------
    payload : str or Image
        One payload.

    Returns
    -------
    {"text", "image"}
        Its modality.
    """
    return "text" if isinstance(payload, str) else "image"


def content_hash(payload: Payload) -> bytes:
    """Hash what the payload holds, so that equal content is encoded once.

    Parameters
    ----------
    payload : str or Image
        One payload; an image is hashed as its encoded bytes.

    Returns
    -------
    bytes
        16 bytes.
    """
    if isinstance(payload, str):
        return hash_text(payload)
    return hash_bytes(payload.read())
