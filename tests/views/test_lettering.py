"""Letters are measured in pixels of the page, at every scale."""

from __future__ import annotations

import matplotlib as mpl
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from embedscope.views.lettering import GROUNDS, Lettering


def lettering(scale: float = 1) -> Lettering:
    figure = Figure(figsize=(4, 4), dpi=96 * scale)
    FigureCanvasAgg(figure)
    page = figure.add_axes((0, 0, 1, 1))
    page.set(xlim=(0, 384), ylim=(384, 0))
    return Lettering(page, GROUNDS["dark"], scale)


def test_a_measure_does_not_depend_on_the_scale_and_leaves_nothing_behind() -> None:
    small, large = lettering(1), lettering(3)
    assert small.measure("a few words", 12) == pytest.approx(large.measure("a few words", 12), rel=0.05)
    assert list(small.page.texts) == []
    assert small.measure("words", 12, bold=True)[0] > small.measure("words", 12)[0]
    assert small.measure("two\nlines", 12)[1] > 1.8 * small.measure("two", 12)[1]


def test_a_line_is_cut_where_the_room_ends() -> None:
    letters = lettering()
    text = "a rather long line of words"
    assert letters.fit(text, 400, 12) == text
    assert letters.fit("", 400, 12) == ""
    cut = letters.fit(text, 100, 12)
    assert cut.endswith("…")
    assert letters.measure(cut, 12)[0] <= 100
    assert letters.measure(text[: len(cut) + 1] + "…", 12)[0] > 100


def test_the_persons_settings_change_nothing() -> None:
    plain = lettering().measure("words", 12)
    with mpl.rc_context(
        {"font.size": 40, "font.family": "monospace", "text.color": "red", "font.weight": "bold"}
    ):
        letters = lettering()
        assert letters.measure("words", 12) == plain
        assert letters.write(0, 0, "words", 12).get_color() == GROUNDS["dark"].ink
