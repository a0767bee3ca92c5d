"""A thinned picture shows the same map with fewer points: selection, query, colours and frame stay right."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image as PILImage

from embedscope.views import pictured
from embedscope.views.coloring import Coloring, no_coloring
from embedscope.views.map_widget import Map
from embedscope.views.picture import MapPicture
from embedscope.views.thinning import thin_picture

COUNT = 1_000


@pytest.fixture(scope="module")
def coords() -> np.ndarray:
    return np.random.default_rng(0).normal(0, 0.2, (COUNT, 2)).astype(np.float32)


def colored(coords: np.ndarray) -> MapPicture:
    codes = (np.arange(COUNT) % 3).astype(np.uint16)
    coloring = Coloring("category", "c", "c", codes, ("a", "b", "c"), ("#000000",) * 3, (334, 333, 333))
    selected = np.arange(0, COUNT, 25, dtype=np.uint32)
    return MapPicture(coords, coloring, title="t", facts="f", selected=selected, query=777)


def rows_of(thin: MapPicture, coords: np.ndarray) -> np.ndarray:
    place = {tuple(pair): row for row, pair in enumerate(coords.tolist())}
    return np.array([place[tuple(pair)] for pair in thin.coords.tolist()])


def test_a_picture_of_few_points_stays_as_it_is(coords: np.ndarray) -> None:
    picture = colored(coords)
    assert thin_picture(picture, COUNT) is picture


def test_everything_follows_the_points_that_are_kept(coords: np.ndarray) -> None:
    picture = colored(coords)
    thin = thin_picture(picture, 100)
    rows = rows_of(thin, coords)
    assert len(rows) == len(set(rows.tolist())) == 100
    assert picture.coloring.codes is not None
    np.testing.assert_array_equal(thin.coloring.codes, picture.coloring.codes[rows])
    assert thin.coloring.counts == picture.coloring.counts
    # All forty selected ones fit, and no other is selected.
    np.testing.assert_array_equal(np.sort(rows[thin.selected]), picture.selected)
    assert thin.query is not None
    assert rows[thin.query] == 777
    np.testing.assert_array_equal(np.ptp(thin.coords, axis=0), np.ptp(coords, axis=0))
    assert (thin.title, thin.facts) == ("t", "f")


def test_numbers_follow_too_and_the_same_points_are_kept_every_time(coords: np.ndarray) -> None:
    values = np.arange(COUNT, dtype=np.float32)
    picture = MapPicture(coords, Coloring("number", "v", "v", values=values))
    thin, again = thin_picture(picture, 50), thin_picture(picture, 50)
    np.testing.assert_array_equal(thin.coloring.values, rows_of(thin, coords))
    np.testing.assert_array_equal(thin.coords, again.coords)


@pytest.mark.parametrize(("selected", "share"), [(1_000, 1.0), (900, 0.9), (300, 0.5), (3, 0.03)])
def test_many_selected_points_keep_their_share(coords: np.ndarray, selected: int, share: float) -> None:
    picture = MapPicture(coords, no_coloring(), selected=np.arange(selected, dtype=np.uint32))
    thin = thin_picture(picture, 100)
    assert len(thin.coords) == 100
    assert len(thin.selected) / 100 == pytest.approx(share, abs=0.05)


def test_the_picture_below_a_view_is_thinned_and_one_that_is_asked_for_is_not(
    space, layout, clusters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictured, "_MOST_DRAWN", 12)
    shown = Map(space, layout, clusters, color_by="none")

    def inked(png: bytes) -> int:
        image = np.asarray(PILImage.open(io.BytesIO(png)).convert("RGB")).astype(int)
        return int((np.ptp(image[100:], axis=2) > 25).sum())

    thin, full = inked(shown._draw_small()), inked(shown.to_png(scale=pictured._SCALE, height=shown.height))
    assert 0 < thin < full / 2
    assert len(shown.picture().coords) == len(space)
