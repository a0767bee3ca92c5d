"""The heatmap, its cells and its anchors are the comparison's own numbers, and travel as JSON."""

from __future__ import annotations

import json
import threading
import warnings

import numpy as np
import pytest

from embedscope._errors import EmbedscopeWarning, InputError, MissingError
from embedscope.comparison.bandwidth import Bandwidth
from embedscope.comparison.comparison import compare
from embedscope.spaces.space import Space
from embedscope.views.answers.anchor import Anchors
from embedscope.views.answers.cell import Cells
from embedscope.views.answers.heatmap import Heatmaps, anchors_within, warnings_of
from embedscope.views.channel import CancelledRequestError, Request
from embedscope.views.group_choices import GroupChoices

LAYERS = ["contribution", "per mass", "between", "within"]


def asked(kind="heatmap", by="label", bandwidth="perplexity:10", **content):
    return Request(kind, {"by": by, "bandwidth": bandwidth} | content)


@pytest.fixture
def heatmaps(choices, work):
    return Heatmaps(lambda: choices, work)


@pytest.mark.parametrize("layer", [*LAYERS, "js"])
def test_layers_and_means_are_those_of_the_divergence(layer, heatmaps, comparison):
    answer = heatmaps(asked(layer=layer))
    found = comparison.divergence("label", Bandwidth.perplexity(10), layer)
    result = json.loads(json.dumps(answer.result, allow_nan=False))
    assert list(result["layers"]) == (LAYERS if layer != "js" else [*LAYERS, "js"])
    for name, place in result["layers"].items():
        travelled = np.frombuffer(answer.buffers[place], "<f4").reshape(4, 4)
        np.testing.assert_allclose(travelled, found.layer(name), rtol=1e-6)
    assert result["names"] == list(found.groups.names)
    assert result["order"] == found.heatmap.order.tolist()
    assert result["anchors"] == found.groups.counts.tolist()
    assert result["means"] == found.by_group.means.tolist()
    assert result["mean"] == pytest.approx(result["between"] + result["within"])
    assert result["mean"] == found.mean_kl
    assert result["effective"] == [np.median(found.teacher_effective), np.median(found.student_effective)]
    assert (result["by"], result["title"], result["sampling"]) == ("label", "label", "exact")
    assert result["bandwidth"] == "perplexity:10"


def test_rows_add_up_to_the_groups_means(heatmaps):
    answer = heatmaps(asked(by="cluster"))
    cells = np.frombuffer(answer.buffers[answer.result["layers"]["contribution"]], "<f4").reshape(3, 3)
    assert answer.result["names"][:2] == ["odd", "even"]
    np.testing.assert_allclose(cells.sum(axis=1), answer.result["means"], rtol=1e-5)


def test_no_group_means_one(heatmaps, comparison):
    result = heatmaps(asked(by="")).result
    assert (result["by"], result["title"], result["names"]) == ("", "all items", ["all"])
    assert result["mean"] == pytest.approx(
        comparison.divergence("half", Bandwidth.perplexity(10)).mean_kl, 1e-5
    )


@pytest.mark.filterwarnings("ignore::embedscope._errors.EmbedscopeWarning")
def test_a_group_without_anchors_is_null_and_nan(make_two_spaces, work, monkeypatch):
    teacher, student = make_two_spaces(2600)
    alone = ["one"] + ["rest"] * 2599
    comparison = compare(teacher.with_column("alone", alone), student)
    choices = GroupChoices(comparison, _no_clusters(2600))
    monkeypatch.setattr("embedscope.views.answers.heatmap._MOST_PRODUCTS", 1)
    answer = Heatmaps(lambda: choices, work)(asked(by="alone", bandwidth="mean:0.25"))
    drawn = comparison.divergence("alone", Bandwidth.mean_distance(0.25), n_anchors=2000)
    assert answer.result["sampling"] == repr(drawn.sampling)
    assert "2,000 of 2,600 anchors" in answer.result["sampling"]
    assert answer.result["anchors"] == np.bincount(drawn.groups.codes[drawn.anchors], minlength=2).tolist()
    json.dumps(answer.result, allow_nan=False)
    means = drawn.by_group.means
    assert answer.result["means"] == [None if np.isnan(mean) else mean for mean in means]


def test_warnings_travel_also_when_the_result_was_kept(heatmaps, comparison):
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        comparison.divergence("label", Bandwidth.mean_distance(1))
    said = [str(one.message) for one in heard if one.category is EmbedscopeWarning]
    assert len(said) == 2
    for _ in range(2):
        assert heatmaps(asked(bandwidth="mean:1")).result["warnings"] == said
    assert heatmaps(asked(bandwidth="perplexity:5")).result["warnings"] == []


@pytest.mark.filterwarnings("ignore::embedscope._errors.EmbedscopeWarning")
def test_threads_hear_only_their_own_warnings(comparison):
    wide = comparison.divergence("label", Bandwidth.mean_distance(1))
    fine = comparison.divergence("label", Bandwidth.perplexity(5))
    heard: list[int] = []

    def listen(found, count):
        heard.extend(len(warnings_of(found)) - count for _ in range(30))

    threads = [threading.Thread(target=listen, args=one) for one in ((wide, 2), (fine, 0)) * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard == [0] * 180


def test_a_cell_and_an_anchor_answer_from_what_was_kept(heatmaps, comparison, monkeypatch):
    heatmaps(asked())
    found = comparison.divergence("label", Bandwidth.perplexity(10))
    monkeypatch.setattr("embedscope.comparison.divergence.first_pass", None)
    for row in range(4):
        for column in range(4):
            cell = Cells(heatmaps)(asked("cell", row=row, column=column)).result
            wanted = found.worst_anchors(row, column)
            assert cell == {"rows": wanted.rows.tolist(), "contributions": wanted.contributions.tolist()}
            assert {found.groups.codes[anchor] for anchor in cell["rows"]} == {row}
    for group in (None, 2):
        terms = Anchors(heatmaps)(asked("anchor", row=7, group=group)).result
        wanted = found.pairs(7, group=group)
        assert terms["rows"] == wanted.rows.tolist()
        assert terms["contributions"] == wanted.contributions.tolist()
        assert terms["teacher"] == wanted.teacher_probability.tolist()
        assert terms["student"] == wanted.student_probability.tolist()
        assert terms["kl"] == pytest.approx(found.kl[7], rel=1e-4)
    assert heatmaps.last is found


def test_what_was_not_kept_must_be_shown_first(heatmaps):
    heatmaps(asked())
    for kind, answers in (("cell", Cells(heatmaps)), ("anchor", Anchors(heatmaps))):
        with pytest.raises(InputError, match="not here any more: show it again"):
            answers(asked(kind, bandwidth="mean:0.1", row=0, column=0))


@pytest.mark.parametrize(
    ("content", "error", "words"),
    [
        ({"by": "labell"}, MissingError, "label"),
        ({"bandwidth": "perplexity:one"}, InputError, "names no bandwidth"),
        ({"bandwidth": None}, InputError, "names no bandwidth"),
        ({"layer": "kl"}, MissingError, "layer"),
    ],
)
def test_what_is_no_heatmap_is_refused(content, error, words, heatmaps):
    with pytest.raises(error, match=words):
        heatmaps(asked(**content))


@pytest.mark.parametrize(
    "at", [{"row": 4}, {"row": -1}, {"row": True}, {"row": "0"}, {"row": 0, "column": 9}]
)
def test_cells_that_are_not_there_are_refused(at, heatmaps):
    heatmaps(asked())
    with pytest.raises(InputError, match="wanted a whole number from 0 to 3"):
        Cells(heatmaps)(asked("cell", **{"row": 0, "column": 0} | at))
    with pytest.raises(InputError, match="row=120: wanted a whole number from 0 to 119"):
        Anchors(heatmaps)(asked("anchor", row=120, group=None))


@pytest.mark.filterwarnings("ignore::embedscope._errors.EmbedscopeWarning")
def test_a_cancelled_pass_stops_at_its_next_tile_and_keeps_nothing(make_two_spaces, work):
    comparison = compare(*make_two_spaces(6000))
    choices = GroupChoices(comparison, _no_clusters(6000))
    heatmaps = Heatmaps(lambda: choices, work)
    looked: list[int] = []

    def gone():
        looked.append(1)
        return len(looked) > 2

    request = Request("heatmap", {"by": "label", "bandwidth": "fixed:0.5"}, is_cancelled=gone)
    with pytest.raises(CancelledRequestError):
        heatmaps(request)
    assert len(looked) == 3
    assert heatmaps.last is None
    whole = heatmaps(Request("heatmap", {"by": "label", "bandwidth": "fixed:0.5"}))
    assert whole.result["mean"] > 0


@pytest.mark.filterwarnings("ignore::embedscope._errors.EmbedscopeWarning")
def test_anchors_are_drawn_only_where_a_pass_would_take_too_long(comparison):
    assert anchors_within(comparison, 10**13) is None
    assert anchors_within(comparison, 1) is None  # 2,000 are more than there are
    many = compare(*(Space.from_arrays(np.ones((5000, 2), np.float32)) for _ in range(2)))
    assert anchors_within(many, 5000 * 4 * 3000) == 3000
    assert anchors_within(many, 1) == 2000


def _no_clusters(n):
    from embedscope.clusters.cluster import Clusters

    return Clusters(np.full(n, -1, np.int32), np.zeros(n, np.float32), (), "map", {})
