from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import wasserstein_distance
from sklearn.metrics import roc_auc_score
from sklearn.metrics.pairwise import pairwise_distances

from embedscope._errors import InputError, MissingError
from embedscope.comparison.groups import Groups
from embedscope.comparison.measure_distances import DistanceOptions, distances

sys.path.insert(0, str(Path(__file__).parent))
import oracles
from clouds import NAMES, clouds

METRICS = ("cosine", "euclidean")
DOMAINS = Groups.of(np.arange(80) % 2, "source")


def count(metric="cosine", metrics=None, labels=True, domains=False, **options):
    teacher, student, codes = clouds()
    return distances(
        teacher,
        student,
        labels=Groups(codes, NAMES) if labels else None,
        domains=DOMAINS if domains else None,
        metrics=metrics or (metric, metric),
        options=DistanceOptions(**options),
    )


def pairs_by_kind(metric="cosine"):
    teacher, student, codes = clouds()
    rows = oracles.pairs_of(80)
    measured = [oracles.metric_distances(x, metric)[rows] for x in (teacher, student)]
    same = codes[rows[0]] == codes[rows[1]]
    inside = rows[0] % 2 == rows[1] % 2
    chosen = {
        "all": same | True,
        "same label": same,
        "different label": ~same,
        "within domain": inside,
        "across domains": ~inside,
    }
    return {kind: [side[part] for side in measured] for kind, part in chosen.items()}


@pytest.mark.parametrize("metric", METRICS)
def test_every_kind_agrees_with_the_slow_version(metric):
    found = count(metric, domains=True)
    assert list(found.kinds) == ["all", "same label", "different label", "within domain", "across domains"]
    for kind, (teacher, student) in pairs_by_kind(metric).items():
        pairs = found[kind]
        assert repr(pairs.sampling) == "exact"
        assert pairs.joint.sum() == len(teacher) == pairs.sampling.n
        slow, _, _ = np.histogram2d(teacher, student, bins=found.edges)
        # A distance at an edge may fall on either side of it in float32.
        assert np.abs(pairs.joint - slow).sum() <= 4
        np.testing.assert_allclose(pairs.means, [teacher.mean(), student.mean()], rtol=1e-5)
        assert pairs.wasserstein == pytest.approx(
            oracles.wasserstein(teacher, student), abs=found.scale.bound / 65536
        )
        assert pairs.js == pytest.approx(oracles.js_of_counts(slow.sum(1), slow.sum(0)), abs=1e-3)


@pytest.mark.parametrize("metric", METRICS)
def test_agrees_with_scipy_and_scikit_learn(metric):
    teacher, student, codes = clouds()
    found = count(metric)
    rows = oracles.pairs_of(80)
    sides = [pairwise_distances(x, metric=metric)[rows] for x in (teacher, student)]
    assert found["all"].wasserstein == pytest.approx(
        wasserstein_distance(*sides), abs=found.scale.bound / 65536
    )
    same = codes[rows[0]] == codes[rows[1]]
    for side, name in zip(sides, ("teacher", "student"), strict=True):
        assert found.separation(name).auc == pytest.approx(roc_auc_score(same, -side), abs=1e-4)


def test_separation_agrees_with_the_slow_version():
    found, slow = count(domains=True), pairs_by_kind()
    for place, side in enumerate(("teacher", "student")):
        same, different = slow["same label"][place], slow["different label"][place]
        assert found.separation(side).d_prime == pytest.approx(oracles.d_prime(same, different), rel=1e-4)
        assert found.separation(side).auc == pytest.approx(oracles.auc(same, different), abs=1e-4)
        within, across = slow["within domain"][place], slow["across domains"][place]
        assert found.separation(side, "within domain").auc == pytest.approx(
            oracles.auc(within, across), abs=1e-4
        )


def test_the_quantile_map_follows_both_distributions():
    read = count()["all"].quantile_map(11)
    teacher, student = pairs_by_kind()["all"]
    wanted = np.quantile(np.stack([teacher, student]), np.linspace(0, 1, 11), axis=1, method="inverted_cdf")
    np.testing.assert_allclose(read, wanted, atol=1e-4)


def test_drawn_pairs_agree_with_all_and_say_so():
    drawn, everything = count(n_pairs=700, domains=True), count(domains=True)
    for kind, pairs in drawn.kinds.items():
        whole = everything[kind]
        assert pairs.sampling.of == whole.sampling.n
        assert pairs.joint.sum() == pairs.sampling.n <= 700
        error = 5 * np.sqrt(whole.counts.variances / pairs.sampling.n)
        assert (np.abs(pairs.means - whole.means) <= error).all()
        assert "sampled" in repr(pairs.sampling)
        # Rounding of few counts makes a drawn divergence larger, never smaller by much.
        assert pairs.sampling.interval.high >= whole.js
        assert pairs.sampling.interval.low <= pairs.js + 0.05
    assert drawn.separation("student").auc == pytest.approx(everything.separation("student").auc, abs=0.06)
    again = count(n_pairs=700, domains=True)
    assert all((again[kind].joint == drawn[kind].joint).all() for kind in again.kinds)
    other = count(n_pairs=700, seed=1)
    assert (other["all"].joint != drawn["all"].joint).any()


def test_rare_pairs_of_one_label_are_counted_whole_when_others_are_drawn():
    teacher, student, _ = clouds()
    labels = Groups.of(np.arange(80) // 2, "twin")
    found = distances(teacher, student, labels=labels, options=DistanceOptions(n_pairs=500))
    assert repr(found["same label"].sampling) == "exact"
    assert found["same label"].sampling.n == 40
    assert found["different label"].sampling.n < 500


def test_examples_lie_in_their_bins():
    found = count()
    teacher, student, codes = clouds()
    squares = [oracles.metric_distances(x) for x in (teacher, student)]
    for kind in found.kinds:
        pairs = found[kind]
        for place in np.flatnonzero(pairs.teacher):
            examples = pairs.examples(teacher_bin=int(place))
            assert len(examples) == min(8, pairs.teacher[place])
            at = squares[0][examples[:, 0], examples[:, 1]]
            assert (at >= found.edges[place] - 1e-6).all()
            assert (at <= found.edges[place + 1] + 1e-6).all()
            same = codes[examples[:, 0]] == codes[examples[:, 1]]
            assert kind == "all" or (same == (kind == "same label")).all()
    t, s = np.argwhere(found["all"].joint)[0].tolist()
    assert 1 <= len(found["all"].examples(t, s)) <= 8
    assert len(found["all"].examples()) == 8


def test_pairs_with_a_missing_label_are_of_neither_kind():
    teacher, student, _ = clouds()
    labels = Groups.of([None if row < 10 else row % 3 for row in range(80)], "label")
    found = distances(teacher, student, labels=labels)
    assert found["same label"].sampling.n + found["different label"].sampling.n == 70 * 69 // 2
    drawn = distances(teacher, student, labels=labels, options=DistanceOptions(n_pairs=900))
    assert drawn["same label"].sampling.of == found["same label"].sampling.n
    assert drawn["different label"].sampling.of == found["different label"].sampling.n


def test_differing_metrics_are_divided_by_their_means():
    found = count(metrics=("cosine", "euclidean"))
    assert found.rescale == "mean"
    np.testing.assert_allclose(found["all"].means, [1, 1], rtol=1e-5)
    assert "divided by its mean" in repr(found)
    assert count(rescale="mean").rescale == "mean"


def test_equal_spaces_do_not_differ():
    teacher, _, codes = clouds()
    found = distances(teacher, teacher, labels=Groups(codes, NAMES))["same label"]
    assert found.wasserstein == 0
    assert found.js == 0
    assert (found.joint == np.diag(np.diag(found.joint))).all()


def test_two_items_and_all_duplicates():
    pair = distances([[1.0, 0.0], [0.0, 1.0]], [[1.0, 0.0], [1.0, 0.0]])["all"]
    assert pair.means.tolist() == [1.0, 0.0]
    assert pair.wasserstein == pytest.approx(1, abs=1e-4)
    assert pair.examples().tolist() == [[1, 0]]


def test_shows_numbers_and_frames():
    found = count()
    assert "AUC" in repr(found)
    assert "<table" in found._repr_html_()
    frame = found.to_frame()
    assert frame.num_rows == 3 * 64
    assert sum(frame["teacher"].to_pylist()) == sum(pairs.sampling.n for pairs in found.kinds.values())
    assert repr(count(labels=False)).startswith("Distances\n")


def test_bad_input_is_refused_in_words():
    teacher, student, _ = clouds()
    with pytest.raises(InputError, match="80 items and the student 70"):
        distances(teacher, student[:70])
    with pytest.raises(InputError, match=r"have the same one.*two values or more"):
        distances(teacher, student, labels=Groups.one(80, "x"))
    with pytest.raises(InputError, match=r"of its own.*repeat"):
        distances(teacher, student, domains=Groups.of(np.arange(80), "id"))
    with pytest.raises(InputError, match="labels are of 2 items"):
        distances(teacher, student, labels=Groups.of(["a", "b"]))
    with pytest.raises(InputError, match="at least 2"):
        distances(teacher[:1], student[:1])
    with pytest.raises(InputError, match="teacher's vectors are all zeros in rows 0, 1"):
        distances(np.zeros((2, 2)), np.ones((2, 2)))


def test_bad_options_and_questions_are_refused_in_words():
    with pytest.raises(InputError, match="n_pairs=0"):
        DistanceOptions(n_pairs=0)
    with pytest.raises(InputError, match="bins=0"):
        DistanceOptions(bins=0)
    found = count(labels=False)
    with pytest.raises(MissingError, match="give labels"):
        found.separation("teacher")
    with pytest.raises(MissingError, match="same label"):
        found["same label"]
    with pytest.raises(InputError, match="wanted 0 to 63"):
        found["all"].examples(64)
