"""Few colours and few bytes, and what must stay stays."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image as PILImage

from embedscope.views.categories import cluster_coloring
from embedscope.views.colors import number_coloring
from embedscope.views.palette import RAMP
from embedscope.views.picture import MapPicture, PictureOptions
from embedscope.views.small_png import ramp_steps, to_small_png
from embedscope.views.snapshots import draw_png

ITEMS = 10_000


def opened(png: bytes) -> PILImage.Image:
    return PILImage.open(io.BytesIO(png))


def pixels(png: bytes) -> np.ndarray:
    return np.asarray(opened(png).convert("RGB")).astype(int)


def ten_thousand(kind: str) -> MapPicture:
    rng = np.random.default_rng(0)
    group = rng.integers(0, 30, ITEMS).astype(np.int32)
    coords = rng.uniform(-0.8, 0.8, (30, 2))[group] + rng.normal(0, 0.06, (ITEMS, 2))
    coloring = cluster_coloring(group, lambda label: f"cluster {label}")
    if kind == "number":
        coloring = number_coloring(rng.normal(size=ITEMS), "weight", "weight")
    return MapPicture(coords.astype(np.float32), coloring, (), "Ten thousand", "points")


def test_ten_thousand_points_take_less_than_150_kb_and_look_the_same() -> None:
    for kind in ("category", "number"):
        full = draw_png(ten_thousand(kind), PictureOptions(1000, 560, 1.5))
        small = to_small_png(full, ["#ffffff", *(ramp_steps(RAMP, 64) if kind == "number" else ())])
        assert len(small) < 150_000
        gap = np.abs(pixels(small) - pixels(full)).max(axis=2)
        assert gap.mean() < 1
        assert np.percentile(gap, 99.9) < 32


def test_a_ramp_shows_no_steps() -> None:
    steps = np.array([list(bytes.fromhex(color[1:])) for color in ramp_steps(RAMP, 500)], np.uint8)
    # Many other colours beside it, as on a map.
    noise = np.random.default_rng(0).integers(0, 256, (400, 500, 3), np.uint8)
    file = io.BytesIO()
    PILImage.fromarray(np.concatenate([np.repeat(steps[None], 20, axis=0), noise])).save(file, "png")
    small = pixels(to_small_png(file.getvalue(), ramp_steps(RAMP, 64)))
    assert np.abs(np.diff(small[10], axis=0)).max() <= 8
    assert np.abs(small[10] - steps).max() <= 8


def test_the_mark_stands_where_the_front_end_reads_it() -> None:
    file = io.BytesIO()
    PILImage.new("RGB", (40, 30), "#ffffff").save(file, "png")
    small = to_small_png(file.getvalue())
    assert opened(small).text == {"Source": "embedscope"}
    # After the signature (8) and the header's chunk (25): length, type, and the words.
    assert small[33 + 4 : 33 + 8 + 17] == b"tEXtSource\0embedscope"
