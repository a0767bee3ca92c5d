"""Distributions and example pairs are the comparison's own, and travel as JSON."""

from __future__ import annotations

import json

import numpy as np
import pytest

from embedscope._errors import InputError, MissingError
from embedscope.comparison.comparison import compare
from embedscope.spaces.space import Space
from embedscope.views.answers.distributions import PairDistributions
from embedscope.views.answers.pairs import ExamplePairs
from embedscope.views.channel import Request
from embedscope.views.group_choices import GroupChoices


@pytest.fixture
def answers(choices, work):
    return PairDistributions(lambda: choices, work)


def asked(by="label", rows=None):
    return Request("distributions", {"by": by}, [] if rows is None else [np.array(rows, "<u4").tobytes()])


def test_kinds_and_summaries_are_those_of_the_distances(answers, comparison):
    answer = answers(asked())
    found = comparison.distances("label")
    result = json.loads(json.dumps(answer.result, allow_nan=False))
    assert (result["by"], result["title"], result["unit"]) == ("label", "label", "cosine distance")
    assert result["edges"] == found.edges.tolist()
    assert [kind["kind"] for kind in result["kinds"]] == ["all", "same label", "different label"]
    for kind in result["kinds"]:
        pairs = found[kind["kind"]]
        assert kind["teacher"] == pairs.teacher.tolist()
        assert kind["student"] == pairs.student.tolist()
        assert kind["means"] == pairs.means.tolist()
        assert (kind["js"], kind["wasserstein"]) == (pairs.js, pairs.wasserstein)
        assert kind["sampling"] == repr(pairs.sampling)
        joint = np.frombuffer(answer.buffers[kind["joint"]], "<u4").reshape(64, 64)
        np.testing.assert_array_equal(joint, pairs.joint)
    sides = [found.separation(side) for side in ("teacher", "student")]
    assert result["separation"] == {"auc": [s.auc for s in sides], "dPrime": [s.d_prime for s in sides]}


def test_without_groups_there_are_all_pairs_only(answers):
    result = answers(asked(by="")).result
    assert [kind["kind"] for kind in result["kinds"]] == ["all"]
    assert (result["title"], result["separation"]) == ("all items", None)


def test_pairs_among_a_selection_come_as_a_kind_in_the_same_bins(answers):
    rows = [3, 9, 40, 41, 100]
    answer = answers(asked(rows=rows))
    selected = answer.result["kinds"][-1]
    assert selected["kind"] == "selected"
    assert sum(selected["teacher"]) == sum(selected["student"]) == 10
    assert np.frombuffer(answer.buffers[selected["joint"]], "<u4").sum() == 10
    examples = ExamplePairs(answers)(
        Request("pairs", {"by": "label", "pairs": "selected", "teacher": None, "student": None})
    ).result
    assert {row for pair in examples for row in pair["rows"]} <= set(rows)
    with pytest.raises(InputError, match="2 to 2,000 items"):
        answers(asked(rows=[4]))


def test_metrics_that_differ_are_divided_by_their_means(make_two_spaces, work):
    teacher, student = make_two_spaces()
    far = Space.from_arrays(student.vectors, ids=student.ids, metric="euclidean")
    comparison = compare(teacher, far)
    result = PairDistributions(lambda: GroupChoices(comparison, _no_clusters(120)), work)(asked()).result
    assert result["unit"] == "× mean distance"
    assert result["kinds"][0]["means"] == pytest.approx([1, 1], abs=0.05)


def test_a_kind_without_pairs_has_null_and_separation_that_is_infinite_too(work):
    vectors = np.array([[1, 0], [1, 0], [0, 1], [0, 1]], np.float32)
    space = Space.from_arrays(vectors, columns={"label": list("aabb")})
    comparison = compare(space, space)
    result = PairDistributions(lambda: GroupChoices(comparison, _no_clusters(4)), work)(asked()).result
    json.dumps(result, allow_nan=False)
    assert result["separation"]["dPrime"] == [None, None]
    assert result["separation"]["auc"] == [1, 1]


@pytest.mark.parametrize("at", [(None, None), (5, None), (None, 40), (12, 12)])
def test_examples_of_a_bin_lie_in_it(at, answers, comparison):
    answers(asked())
    teacher, student = at
    found = comparison.distances("label")
    for kind in ("all", "same label", "different label"):
        content = {"by": "label", "pairs": kind, "teacher": teacher, "student": student}
        examples = ExamplePairs(answers)(Request("pairs", content)).result
        assert [pair["rows"] for pair in examples] == found[kind].examples(teacher, student).tolist()
        for pair in examples:
            for wanted, side in ((teacher, "teacher"), (student, "student")):
                at_bin = int(found.scale.shown(np.array([pair[side]]))[0])
                # A pair was put into its bin by float32 products.
                assert wanted is None or abs(at_bin - wanted) <= 1
    assert len(ExamplePairs(answers)(Request("pairs", {"by": "label", "pairs": "all"})).result) == 8


@pytest.mark.parametrize(
    ("content", "error", "words"),
    [
        ({"pairs": "same"}, MissingError, "kind of pair"),
        ({"pairs": "selected"}, InputError, "select 2 to 2,000 items"),
        ({"pairs": "all", "teacher": 64}, InputError, "from 0 to 63"),
        ({"pairs": "all", "student": -1}, InputError, "from 0 to 63"),
        ({"by": "nothing", "pairs": "all"}, MissingError, "nothing"),
    ],
)
def test_bins_that_are_not_there_are_refused(content, error, words, answers):
    with pytest.raises(error, match=words):
        ExamplePairs(answers)(Request("pairs", {"by": "label"} | content))


def _no_clusters(n):
    from embedscope.clusters.cluster import Clusters

    return Clusters(np.full(n, -1, np.int32), np.zeros(n, np.float32), (), "map", {})
