"""A still picture shows the same colours, names, title and legend, and leaves matplotlib as it was."""

from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import replace

import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image as PILImage

from embedscope.views.categories import cluster_coloring
from embedscope.views.coloring import no_coloring
from embedscope.views.colors import number_coloring
from embedscope.views.density import point_density
from embedscope.views.labels import cluster_labels
from embedscope.views.palette import PALETTE
from embedscope.views.picture import MapPicture, PictureOptions
from embedscope.views.snapshots import draw_png, draw_svg
from embedscope.views.wire import scale_coords

NASTY = "<script>alert(1)</script> $\\frac{1}{0}$ ‮bidi\x00 & ünïcode 日本"


@pytest.fixture(scope="module")
def picture(layout, clusters) -> MapPicture:
    places = scale_coords(layout.coords)
    coloring = cluster_coloring(clusters.labels, clusters.name_of)
    labels = cluster_labels(places, clusters.labels, clusters.name_of)
    return MapPicture(places, coloring, labels, "Trees", "60 texts · UMAP")


def pixels(png: bytes) -> np.ndarray:
    with PILImage.open(io.BytesIO(png)) as opened:
        return np.asarray(opened.convert("RGB")).astype(int)


def count_near(image: np.ndarray, color: str, within: int = 30) -> int:
    wanted = np.array(list(bytes.fromhex(color[1:])))
    return int((np.abs(image - wanted).max(axis=2) <= within).sum())


@pytest.mark.parametrize(("theme", "ground"), [("light", (255, 255, 255)), ("dark", (20, 22, 27))])
def test_size_ground_and_the_colours_of_the_palette(picture, theme: str, ground: tuple) -> None:
    image = pixels(draw_png(picture, PictureOptions(500, 320, 2, theme)))
    assert image.shape == (640, 1000, 3)
    assert tuple(image[-5, 5]) == ground
    for color in PALETTE[:3]:
        assert count_near(image, color) > 100


def test_equal_pictures_are_equal_files(picture) -> None:
    options = PictureOptions(400, 300, 1)
    assert draw_png(picture, options) == draw_png(picture, options)


def test_a_point_is_drawn_where_the_map_has_it() -> None:
    corners = np.array([[-1, -1], [1, 1]], np.float32)
    values = number_coloring(np.array([0.0, 1.0]), "k", "t")
    image = pixels(draw_png(MapPicture(corners, values), PictureOptions(820, 664, 1)))
    # The map takes 600 x 600 below the header; 24 pixels stay free on each side.
    low, high = image[664 - 24, 24], image[64 + 24, 600 - 24]
    assert low[2] > low[0] + 40
    assert high[0] > high[2] + 40
    assert image[64 + 24, 24].tolist() == [255, 255, 255]


def test_the_svg_says_title_and_has_the_colours(picture) -> None:
    svg = draw_svg(picture, PictureOptions(500, 320))
    assert svg.lstrip().startswith("<?xml")
    assert all(color in svg for color in PALETTE[:3])
    assert "<image" not in svg


def test_many_points_are_an_image_in_the_svg() -> None:
    coords = np.random.default_rng(0).uniform(-1, 1, (6000, 2)).astype(np.float32)
    coloring = number_coloring(point_density(coords), "density", "density")
    svg = draw_svg(MapPicture(coords, coloring), PictureOptions(400, 300))
    assert "<image" in svg
    assert len(svg) < 1_000_000


def test_any_text_is_drawn_as_text(picture) -> None:
    labels = tuple(replace(label, name=NASTY) for label in picture.labels)
    coloring = replace(picture.coloring, names=(NASTY,) * len(picture.coloring.names), title=NASTY)
    nasty = MapPicture(picture.coords, coloring, labels, NASTY, NASTY + "x" * 1_000_000)
    assert draw_png(nasty, PictureOptions(400, 300, 1))[1:4] == b"PNG"
    assert "<script>" not in draw_svg(nasty, PictureOptions(400, 300))


def test_no_points_and_points_that_coincide() -> None:
    for coords in (np.empty((0, 2), np.float32), np.zeros((5, 2), np.float32)):
        blank = number_coloring(np.zeros(len(coords)), "k", "t")
        assert draw_png(MapPicture(coords, blank), PictureOptions(400, 300, 1))[1:4] == b"PNG"


def test_the_persons_matplotlib_stays_as_it_was(picture) -> None:
    plain = draw_png(picture, PictureOptions(400, 300, 1))
    wild = {
        "axes.facecolor": "red",
        "font.family": "monospace",
        "lines.linewidth": 9,
        "savefig.bbox": "tight",
    }
    with mpl.rc_context(wild | {"figure.autolayout": True, "savefig.transparent": True}):
        before = dict(mpl.rcParams)
        assert draw_png(picture, PictureOptions(400, 300, 1)) == plain
        assert dict(mpl.rcParams) == before


def test_neither_pyplot_nor_a_backend_is_loaded() -> None:
    code = (
        "import sys, numpy as np\n"
        "from embedscope.views.picture import MapPicture\n"
        "from embedscope.views.coloring import no_coloring\n"
        "from embedscope.views import snapshots\n"
        "assert 'matplotlib' not in sys.modules\n"
        "snapshots.draw_png(MapPicture(np.zeros((3, 2), np.float32), no_coloring()))\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


def test_only_the_names_that_are_seen_from_afar_are_drawn(picture) -> None:
    near = tuple(replace(label, min_zoom=2.5) for label in picture.labels)
    without = draw_png(replace(picture, labels=()), PictureOptions(400, 300, 1))
    assert draw_png(replace(picture, labels=near), PictureOptions(400, 300, 1)) == without
    half = (picture.labels[0], *near[1:])
    first = draw_png(replace(picture, labels=picture.labels[:1]), PictureOptions(400, 300, 1))
    assert draw_png(replace(picture, labels=half), PictureOptions(400, 300, 1)) == first != without


def test_without_a_legend_the_map_takes_the_whole_width() -> None:
    ends = np.array([[-1, 0], [1, 0]], np.float32)
    image = pixels(draw_png(MapPicture(ends, no_coloring()), PictureOptions(820, 464, 1)))
    inked = np.flatnonzero((image[80:] < 200).any(axis=(0, 2)))
    assert inked.min() < 40
    assert inked.max() > 780
