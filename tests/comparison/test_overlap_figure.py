from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from embedscope._errors import MissingError
from embedscope.comparison.comparison import compare
from embedscope.comparison.overlap_figure import MOST_GROUPS

sys.path.insert(0, str(Path(__file__).parent))
from hostile import assert_harmless, hostile_comparison


@pytest.fixture(scope="module")
def found(pair):
    return compare(*pair).neighbors(5)


def test_every_group_has_its_recall_with_the_interval_the_most_changed_first(found):
    groups, means = found.by_group()
    trace = found.figure().data[0]
    assert list(trace.x) == sorted(means.means)
    for place, name in enumerate(trace.y):
        code = groups.code(str(name))
        assert trace.x[place] == means.means[code]
        assert trace.x[place] + trace.error_x.array[place] == pytest.approx(means.high[code])
        assert trace.x[place] - trace.error_x.arrayminus[place] == pytest.approx(means.low[code])
        assert trace.customdata[place][2] == means.counts[code]


def test_lines_for_chance_and_for_all(found):
    chance, whole = found.figure().layout.shapes
    assert chance.x0 == pytest.approx(5 / 119)
    assert whole.x0 == pytest.approx(found.recall.mean())
    assert f"recall@5 {found.recall.mean():.3f}" in found.figure().layout.title.text


def test_groups_by_a_column(found):
    assert set(found.figure("source").data[0].y) == {"s0", "s1"}
    with pytest.raises(MissingError, match="source"):
        found.figure("sourcf")


def test_without_a_label_all_items_are_one_line(make_spaces):
    found = compare(*make_spaces(columns=False)).neighbors(5)
    trace = found.figure().data[0]
    assert list(trace.y) == ["all items"]
    assert list(trace.x) == [pytest.approx(found.recall.mean())]


def test_a_group_of_one_item_has_no_interval(found):
    labels = ["one", *["others"] * 119]
    trace = found.figure(labels).data[0]
    place = list(trace.y).index("one")
    assert trace.error_x.array[place] == trace.error_x.arrayminus[place] == 0
    assert np.isfinite(trace.customdata[place]).all()


def test_many_groups_are_the_most_changed(found):
    labels = [f"g{row // 2:02}" + "z" * 200 for row in range(120)]
    labels[:4] = ["g60", "g61", "g62", "g63"]
    figure = found.figure(labels)
    assert len(figure.data[0].y) == MOST_GROUPS
    assert "60 most changed of 62 groups" in figure.layout.title.subtitle.text
    assert len(figure.to_json()) < 40_000


def test_hostile_names_are_text():
    figure = hostile_comparison().neighbors(5).figure()
    assert "&lt;b&gt;x&lt;/b&gt;" in figure.data[0].y
    assert_harmless(figure)
