"""Payloads: what an image looks like when it is opened, and what makes two of them equal."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image as PILImage

from embedscope.items.payloads import Image, content_hash, modality_of


def encoded(image: PILImage.Image, kind: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def test_transparency_is_laid_on_white() -> None:
    image = PILImage.new("RGBA", (2, 2), (255, 0, 0, 0))
    assert Image(data=encoded(image)).open().getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"])
def test_every_mode_opens_as_rgb(mode: str) -> None:
    image = PILImage.new("L", (3, 2)).convert(mode) if mode != "I;16" else PILImage.new("I;16", (3, 2))
    opened = Image(data=encoded(image, "TIFF")).open()
    assert (opened.mode, opened.size) == ("RGB", (3, 2))


def test_the_exif_tag_turns_the_image_upright() -> None:
    exif = PILImage.Exif()
    exif[0x0112] = 6
    assert Image(data=encoded(PILImage.new("RGB", (4, 2)), "JPEG", exif=exif)).open().size == (2, 4)


def test_a_file_and_its_bytes_have_one_hash(tmp_path: Path) -> None:
    data = encoded(PILImage.new("RGB", (2, 2)))
    (tmp_path / "a.png").write_bytes(data)
    assert content_hash(Image(path=tmp_path / "a.png")) == content_hash(Image(data=data))
    assert content_hash("a") != content_hash("b")


def test_an_image_without_anything_cannot_be_read() -> None:
    with pytest.raises(ValueError, match="path or data"):
        Image().read()


def test_modalities() -> None:
    assert (modality_of("a"), modality_of(Image(data=b""))) == ("text", "image")
