"""A comparison on a picture: two maps by one factor, their names, one legend, and the heatmap where there is room."""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PILImage

from embedscope.views import drawn_comparison, pictured
from embedscope.views.categories import cluster_coloring
from embedscope.views.coloring import no_coloring
from embedscope.views.comparison_picture import ComparisonPicture
from embedscope.views.palette import PALETTE
from embedscope.views.picture import MapPicture, PictureOptions
from embedscope.views.small_png import to_small_png
from embedscope.views.snapshots import draw_png, draw_svg

sys.path.insert(0, str(Path(__file__).parent))
from comparison_pictures import comparison_picture, measured


@pytest.fixture(scope="module")
def found():
    return measured()


def pixels(png: bytes) -> np.ndarray:
    with PILImage.open(io.BytesIO(png)) as opened:
        return np.asarray(opened.convert("RGB")).astype(int)


def count_near(image: np.ndarray, color: str, within: int = 30) -> int:
    wanted = np.array(list(bytes.fromhex(color[1:])))
    return int((np.abs(image - wanted).max(axis=2) <= within).sum())


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_maps_have_the_same_colours(theme, found) -> None:
    image = pixels(draw_png(comparison_picture(found), PictureOptions(1000, 820, 1, theme)))
    assert image.shape == (820, 1000, 3)
    # Without captions, legend and heatmap.
    maps = image[100:485, :780]
    for color in PALETTE[:3]:
        assert count_near(maps[:, :390], color) > 40
        assert count_near(maps[:, 390:], color) > 40


def test_a_smaller_map_is_smaller_on_the_picture() -> None:
    bare = comparison_picture()
    bare = replace(bare, teacher=replace(bare.teacher, labels=()), labels_b=())
    image = pixels(draw_png(bare, PictureOptions(1000, 480, 1)))
    wide = []
    for half in (image[100:, :385], image[100:, 395:780]):
        columns = np.flatnonzero((np.abs(half - 255).max(axis=2) > 40).any(axis=0))
        wide.append(np.ptp(columns))
    # The student's coordinates are half the teacher's.
    assert wide[1] == pytest.approx(wide[0] / 2, rel=0.05)


def test_the_heatmap_is_drawn_only_where_it_was_computed_and_has_room(found, monkeypatch) -> None:
    drawn = []
    monkeypatch.setattr(drawn_comparison, "draw_heatmap", lambda *given: drawn.append(given[1]))
    draw_png(comparison_picture(), PictureOptions(1000, 820, 1))
    draw_png(comparison_picture(found), PictureOptions(1000, 420, 1))
    assert drawn == []
    draw_png(comparison_picture(found), PictureOptions(1000, 640, 1))
    assert drawn == [found]


def test_without_colours_the_maps_take_the_legends_room() -> None:
    plain = comparison_picture()
    plain = replace(plain, teacher=replace(plain.teacher, coloring=no_coloring()))
    image = pixels(draw_png(plain, PictureOptions(1000, 480, 1)))
    assert (np.abs(image[120:, 800:] - 255).max(axis=2) > 40).sum() > 100


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_picture_in_a_notebook_is_small_and_its_ground_exact(theme, found) -> None:
    picture = comparison_picture(found)
    full = draw_png(picture, PictureOptions(1000, 820, 1.5, theme))
    small = to_small_png(full, pictured._kept_colors(picture, theme))
    assert len(small) < 250_000
    assert tuple(pixels(small)[-3, 3]) == tuple(pixels(full)[-3, 3])
    assert np.abs(pixels(small) - pixels(full)).mean() < 3


def test_equal_pictures_are_equal_files_and_the_svg_has_no_markup_of_names(found) -> None:
    picture, options = comparison_picture(found), PictureOptions(1000, 820, 1)
    assert draw_png(picture, options) == draw_png(picture, options)
    svg = draw_svg(picture, options)
    assert "<b>oak" not in svg
    assert "<i>x" not in svg


def test_many_items_and_groups_stay_a_small_file() -> None:
    n, groups = 30_000, 80
    rng = np.random.default_rng(0)
    codes = rng.integers(0, groups, n).astype(np.int32)
    places = rng.uniform(-1, 1, (2, n, 2)).astype(np.float32)
    coloring = cluster_coloring(codes, lambda code: f"group {code}")
    found = measured(800, tuple(f"group {code}" for code in range(groups)))
    picture = ComparisonPicture(MapPicture(places[0], coloring), places[1], divergence=found)
    thin = picture.thinned(pictured._MOST_BESIDE)
    png = draw_png(thin, PictureOptions(1000, 820, 1.5))
    assert len(to_small_png(png, pictured._kept_colors(thin, "light"))) < 250_000
