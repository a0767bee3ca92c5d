"""Thumbnails are small, real pictures, and only the last ones are kept."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image as PILImage
from PIL import features

from embedscope.items.payloads import Image
from embedscope.views.thumbnails import ThumbnailCache, make_thumbnail


def picture(width: int, height: int, color: int = 200) -> Image:
    file = io.BytesIO()
    PILImage.fromarray(np.full((height, width, 3), color, np.uint8)).save(file, "PNG")
    return Image(data=file.getvalue())


@pytest.mark.parametrize(
    ("size", "small"), [((400, 200), (96, 48)), ((10, 20), (10, 20)), ((1, 500), (1, 96))]
)
def test_the_longer_side_is_at_most_96_pixels(size: tuple[int, int], small: tuple[int, int]) -> None:
    with PILImage.open(io.BytesIO(make_thumbnail(picture(*size)))) as opened:
        assert opened.size == small
        assert np.abs(np.asarray(opened.convert("RGB")).astype(int) - 200).max() < 6


def test_without_webp_it_is_a_png(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "check", lambda name: False)
    assert make_thumbnail(picture(8, 8))[1:4] == b"PNG"


def test_the_least_recently_wanted_goes_first() -> None:
    cache = ThumbnailCache(size=2)
    first = cache.get(0, picture(8, 8))
    cache.get(1, picture(8, 8, 10))
    assert cache.get(0, Image(data=b"kept, so not decoded")) == first
    cache.get(2, picture(8, 8, 20))
    assert len(cache) == 2
    with pytest.raises(OSError, match="identify"):
        cache.get(1, Image(data=b"not kept, so decoded"))


def test_many_threads_get_what_one_would() -> None:
    cache = ThumbnailCache(size=5)
    images = [picture(64, 64, color) for color in range(10)]
    rows = list(range(10)) * 10
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda row: cache.get(row, images[row]), rows))
    assert got == [make_thumbnail(images[row]) for row in rows]
    assert len(cache) <= 5
