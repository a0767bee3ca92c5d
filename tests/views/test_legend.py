"""The legend holds every category that there is room for, and says how many there is none for."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from embedscope.views.categories import category_coloring
from embedscope.views.coloring import Coloring, no_coloring
from embedscope.views.colors import number_coloring
from embedscope.views.legend import draw_legend
from embedscope.views.lettering import GROUNDS, Lettering


def drawn(coloring: Coloring, bottom: float = 400) -> list[str]:
    figure = Figure(figsize=(4, 4), dpi=96)
    FigureCanvasAgg(figure)
    page = figure.add_axes((0, 0, 1, 1))
    page.set(xlim=(0, 384), ylim=(384, 0))
    draw_legend(Lettering(page, GROUNDS["light"], 1), coloring, 0, 0, bottom)
    assert page.get_xlim() == (0, 384)
    assert page.get_ylim() == (384, 0)
    return [text.get_text() for text in page.texts]


def test_categories_with_their_counts() -> None:
    coloring = category_coloring(pa.array(["b", "a", "b"] + [None] * 1200), "k", "kind")
    assert drawn(coloring) == ["kind", "b", "2", "a", "1", "missing", "1,200"]


def test_what_has_no_room_is_counted() -> None:
    coloring = category_coloring(pa.array([f"name {i}" for i in range(100)]), "k", "kind")
    words = drawn(coloring, bottom=200)
    assert words[-1].startswith("and ")
    assert (len(words) - 2) // 2 + int(words[-1].split()[1]) == 100


def test_a_long_name_is_cut_to_the_column() -> None:
    words = drawn(category_coloring(pa.array(["word " * 30]), "k", "kind"))
    assert words[1].endswith("…")
    assert len(words[1]) < 40


def test_a_ramp_with_its_ends() -> None:
    assert drawn(number_coloring(np.array([1.0, 2.0]), "k", "size"))[0] == "size"
    assert drawn(no_coloring()) == []


@pytest.mark.parametrize("text", ["$\\frac{", "a_b^c", "<b>", "‮abc"])
def test_a_text_is_set_as_it_is(text: str) -> None:
    assert drawn(category_coloring(pa.array([text]), "k", "kind"))[1] == text
