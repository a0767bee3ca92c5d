from __future__ import annotations

import html

import pytest

from embedscope.comparison.figure_look import (
    diverging_scale,
    label_room,
    plain,
    plain_names,
    rising_scale,
    styled,
)


@pytest.mark.parametrize("name", ["<b>x</b>", "a & b", "$x^2$", "&lt;", "plain", "日本語", "👩‍👩‍👧"])
def test_a_name_reads_as_it_is(name):
    assert html.unescape(plain(name)) == name


def test_what_plotly_would_read_is_gone():
    assert "<" not in plain("<a href='javascript:x'>y</a>")
    assert "$" not in plain("$a$")
    assert plain("\u202eabc\x00\n\td") == "abc d"
    assert plain("") == plain(" \u200f ") == "(no name)"


def test_a_name_is_cut_before_it_is_written():
    assert html.unescape(plain("<" * 100)) == "<" * 39 + "…"
    assert plain("x" * 40) == "x" * 40
    assert len(plain("x" * 10_000_000)) == 40
    assert plain(" " * 1000 + "x").endswith("…")


def test_equal_names_stay_apart():
    names = plain_names(["a", "a (2)", "a\n", "x" * 50, "x" * 60])
    assert len(set(names)) == 5
    assert names[0] == "a"


def test_scales_begin_and_end_where_plotly_wants_them():
    for scale in (diverging_scale(), rising_scale()):
        places = [place for place, _ in scale]
        assert places[0] == 0
        assert places[-1] == 1
        assert places == sorted(places)
    assert diverging_scale()[3] == [0.5, "#f7f7f8"]


def test_a_longer_name_has_more_room():
    assert label_room([]) < label_room(["ab"]) < label_room(["ab", "abc"])


def test_what_is_given_wins_over_the_look():
    import plotly.graph_objects as go

    figure = styled(go.Figure(go.Scatter(x=[1], y=[2])), "a", "b", height=123, xaxis={"zeroline": True})
    assert figure.layout.height == 123
    assert figure.layout.xaxis.zeroline
    assert figure.layout.xaxis.automargin
    assert figure.layout.title.text == "a"
    assert figure.layout.title.subtitle.text == "b"
