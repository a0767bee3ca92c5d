from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from embedscope._errors import MissingError
from embedscope.comparison.bandwidth import Bandwidth
from embedscope.comparison.divergence import divergence
from embedscope.comparison.divergence_figure import MOST_GROUPS
from embedscope.comparison.groups import Groups
from embedscope.comparison.neighborhoods import Neighborhoods

sys.path.insert(0, str(Path(__file__).parent))
from clouds import NAMES, clouds
from hostile import assert_harmless, hostile_comparison


def measured(codes=None, names=NAMES):
    teacher, student, own = clouds()
    sides = [Neighborhoods.of(x, Bandwidth.perplexity(4)) for x in (teacher, student)]
    return divergence(*sides, Groups(own if codes is None else codes, names, "tree"), device="cpu")


@pytest.fixture(scope="module")
def found():
    return measured()


@pytest.mark.parametrize("layer", ["contribution", "per mass", "between", "within", "js"])
def test_the_cells_are_the_layers_in_the_order_of_similarity(found, layer):
    figure = found.figure(layer)
    trace = figure.data[0]
    order = found.heatmap.order
    np.testing.assert_array_equal(trace.z, found.layer(layer)[np.ix_(order, order)])
    assert list(trace.x) == list(trace.y) == [NAMES[code] for code in order]
    np.testing.assert_allclose(
        trace.customdata[..., 0], found.heatmap.teacher_mass[np.ix_(order, order)], rtol=1e-6
    )
    np.testing.assert_allclose(
        trace.customdata[..., 1], found.heatmap.student_mass[np.ix_(order, order)], rtol=1e-6
    )


def test_the_colours_are_centred_on_0_and_the_title_has_the_number(found):
    figure = found.figure()
    assert figure.data[0].zmin == -figure.data[0].zmax
    assert figure.data[0].zmax > 0
    assert f"{found.mean_kl:.3g} nats" in figure.layout.title.text
    assert "by tree" in figure.layout.title.subtitle.text
    assert figure.layout.yaxis.autorange == "reversed"


def test_an_unknown_layer(found):
    with pytest.raises(MissingError, match="contribution"):
        found.figure("mutual")


def test_equal_spaces_have_colours_too():
    teacher, _, codes = clouds()
    side = Neighborhoods.of(teacher, Bandwidth.perplexity(4))
    figure = divergence(side, side, Groups(codes, NAMES), device="cpu").figure()
    assert figure.data[0].zmax > 0


def test_hostile_names_are_text():
    figure = hostile_comparison().divergence(bandwidth=Bandwidth.perplexity(4)).figure()
    assert "&lt;b&gt;x&lt;/b&gt;" in figure.data[0].x
    assert "by &lt;i&gt;by&lt;/i&gt;" in figure.layout.title.subtitle.text
    assert_harmless(figure)


def test_many_groups_are_the_largest_and_the_file_stays_small():
    n, groups = 900, 300
    rng = np.random.default_rng(0)
    codes = np.concatenate([np.arange(groups), rng.integers(0, 150, n - groups)]).astype(np.int64)
    x = rng.normal(size=(n, 5)).astype(np.float32)
    sides = [Neighborhoods.of(v, Bandwidth.perplexity(4)) for v in (x, x[:, :4])]
    made = divergence(*sides, Groups(codes, [f"{g} " + "y" * 100 for g in range(groups)]), device="cpu")
    figure = made.figure()
    assert figure.data[0].z.shape == (MOST_GROUPS, MOST_GROUPS)
    assert f"{MOST_GROUPS} largest of {groups} groups" in figure.layout.title.subtitle.text
    shown = [int(name.split()[0]) for name in figure.data[0].x]
    left_out = np.delete(made.groups.counts, shown)
    assert made.groups.counts[shown].min() >= left_out.max()
    assert len(figure.to_json()) < 1_500_000
