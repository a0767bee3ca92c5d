"""The heatmap on a picture: cells in the order of similarity with the widget's colours, names only where they fit."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from embedscope.comparison.diverging import color_limit, color_shares
from embedscope.views.drawn_heatmap import draw_heatmap
from embedscope.views.heat_colors import heat_rgb
from embedscope.views.lettering import GROUNDS, Lettering
from embedscope.views.points import Frame

sys.path.insert(0, str(Path(__file__).parent))
from comparison_pictures import measured


@pytest.fixture
def page() -> Iterator[Lettering]:
    figure = Figure(figsize=(1000 / 96, 400 / 96), dpi=96)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, 1000), ylim=(400, 0))
    yield Lettering(axes, GROUNDS["light"], 1.0)
    figure.clear()


def words(page: Lettering) -> list[str]:
    return [text.get_text() for text in page.page.texts]


def test_the_cells_are_the_contributions_in_the_order_of_similarity(page) -> None:
    found = measured()
    draw_heatmap(page, found, Frame(16, 10, 968, 320), "light")
    order = found.heatmap.order
    cells = found.layer()[np.ix_(order, order)]
    drawn = np.asarray(page.page.images[0].get_array())
    np.testing.assert_array_equal(drawn, heat_rgb(color_shares(cells, color_limit(cells)), "light"))
    # The page still counts pixels.
    assert page.page.get_xlim() == (0, 1000)
    assert page.page.get_ylim() == (400, 0)


def test_words_say_the_number_and_the_largest_cells(page) -> None:
    found = measured()
    draw_heatmap(page, found, Frame(16, 10, 968, 320), "light")
    said = words(page)
    assert f"{found.mean_kl:.3g} nats" in said
    assert any("by tree" in line for line in said)
    largest = np.abs(found.layer()).max()
    assert f"{largest:.3g}" in said
    assert said.index(f"{largest:.3g}") > said.index("nats")


def test_names_are_text_and_cut(page) -> None:
    draw_heatmap(page, measured(), Frame(16, 10, 968, 320), "light")
    said = words(page)
    assert "<b>oak</b>" in said
    assert "$\\frac{1}{0}$" in said
    assert not any("w" * 100 in line for line in said)
    assert all(not text.get_parse_math() for text in page.page.texts)


def test_rows_too_low_for_names_are_counted(page) -> None:
    found = measured(names=tuple(f"tree {number}" for number in range(40)))
    draw_heatmap(page, found, Frame(16, 10, 968, 320), "light")
    assert "40 groups" in words(page)
    assert sum(line.startswith("tree") for line in words(page)) == 2 * 5


def test_a_low_frame_lists_fewer_cells_and_none_below_it(page) -> None:
    draw_heatmap(page, measured(), Frame(16, 10, 968, 215), "light")
    assert max(text.get_position()[1] for text in page.page.texts) < 10 + 215 + 6


def test_one_group_is_one_cell(page) -> None:
    draw_heatmap(page, measured(names=("all",)), Frame(16, 10, 968, 320), "light")
    assert words(page).count("all") == 3
