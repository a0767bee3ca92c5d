"""The points of a picture: as many as can be read, the selected ones in front, a ring around the query."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image as PILImage

from embedscope.views.categories import cluster_coloring
from embedscope.views.coloring import no_coloring
from embedscope.views.palette import PALETTE
from embedscope.views.picture import MapPicture, PictureOptions, query_row
from embedscope.views.points import Frame, fit_map, point_look
from embedscope.views.snapshots import draw_png
from embedscope.views.wire import scale_coords

OPTIONS = PictureOptions(500, 320, 1)


@pytest.fixture(scope="module")
def picture(layout, clusters) -> MapPicture:
    places = scale_coords(layout.coords)
    return MapPicture(places, cluster_coloring(clusters.labels, clusters.name_of))


def pixels(picture: MapPicture) -> np.ndarray:
    with PILImage.open(io.BytesIO(draw_png(picture, OPTIONS))) as opened:
        # The map alone, without header and legend.
        return np.asarray(opened.convert("RGB")).astype(int)[64:, :280]


def count_near(image: np.ndarray, color: str, within: int = 30) -> int:
    wanted = np.array(list(bytes.fromhex(color[1:])))
    return int((np.abs(image - wanted).max(axis=2) <= within).sum())


def test_what_is_selected_stands_before_the_others(picture: MapPicture, clusters) -> None:
    before = [count_near(pixels(picture), color) for color in PALETTE[:3]]
    chosen = np.flatnonzero(clusters.labels == 1).astype(np.uint32)
    after = [count_near(pixels(replace(picture, selected=chosen)), color) for color in PALETTE[:3]]
    assert min(before) > 20
    assert after[1] >= before[1]
    assert after[0] < before[0] / 5
    assert after[2] < before[2] / 5


def test_the_query_has_a_ring_around_its_point(picture: MapPicture) -> None:
    with_ring, without = pixels(replace(picture, query=7)), pixels(picture)
    rows, columns = np.nonzero(np.abs(with_ring - without).max(axis=2) > 40)
    place = fit_map(picture.coords, Frame(0, 0, 280, 256)).apply(picture.coords[7:8])[0]
    assert len(rows) > 20
    assert np.hypot(columns - place[0], rows - place[1]).max() < 12


def test_only_an_item_is_a_row_to_ring() -> None:
    assert query_row({}, 5) is None
    assert query_row({"kind": "item", "row": 5}, 5) is None
    assert query_row({"kind": "item", "row": 4}, 5) == 4


def test_more_points_are_smaller_and_fainter() -> None:
    looks = [point_look(10**power, 500_000) for power in range(8)]
    assert looks == sorted(looks, reverse=True)
    assert all(1.2 <= size <= 9 and 0.15 <= opacity <= 0.92 for size, opacity in looks)


@pytest.mark.parametrize(("theme", "color"), [("light", "#4a5f96"), ("dark", "#93a8e0")])
def test_one_colour_is_the_widgets_own(theme: str, color: str) -> None:
    coords = np.random.default_rng(0).uniform(-1, 1, (30, 2)).astype(np.float32)
    png = draw_png(MapPicture(coords, no_coloring()), replace(OPTIONS, theme=theme))
    with PILImage.open(io.BytesIO(png)) as opened:
        image = np.asarray(opened.convert("RGB")).astype(int)
    assert count_near(image, color) > 200
