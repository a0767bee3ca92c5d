from __future__ import annotations

import numpy as np
import pytest

from embedscope.comparison import report_sections
from embedscope.comparison.comparison import compare
from embedscope.spaces.space import Space


@pytest.fixture(scope="module")
def comparison(pair):
    return compare(*pair, names=("big", "small"))


@pytest.fixture(scope="module")
def report(comparison):
    return comparison.report()


def numbers(report):
    return {row["measure"]: row["value"] for row in report.to_frame().to_pylist()}


def test_its_numbers_are_those_of_the_measures(comparison, report):
    found = numbers(report)
    assert report.title == "big → small"
    assert found["recall@10"] == comparison.neighbors().recall.mean()
    assert found["CKA"] == comparison.alignment().cka
    assert found["KL, nats"] == pytest.approx(found["between"] + found["within"])
    assert found["student: effective rank"] == comparison.geometry(10).student.effective_rank
    assert found["shared items"] == 120


def test_it_names_the_worst_group_and_the_worst_items(comparison, report):
    neighbors = comparison.neighbors()
    words = " ".join(report.section("Neighbours").sentences)
    worst = neighbors.by().rows[0]
    assert f"Worst is {worst[0]} ({worst[2]:.3f})" in words
    assert f"keeps {10 * neighbors.recall.mean():.1f} on average" in words
    assert report.section("Neighbours").tables[1].rows == neighbors.worst(5).rows


def test_distances_are_told_in_words_and_numbers(comparison, report):
    found, distances = numbers(report), comparison.distances()
    assert found["Wasserstein-1"] == distances["all"].wasserstein
    assert found["student: AUC"] == distances.separation("student").auc
    assert f"{distances.separation('teacher').auc:.3f} in the teacher" in repr(report)
    assert len(report.section("Distances").tables[0]) == 3


def test_the_largest_move_is_that_of_the_masses(comparison, report):
    heatmap = comparison.divergence().heatmap
    change = np.abs(heatmap.student_mass - heatmap.teacher_mass)
    np.fill_diagonal(change, 0)
    a, b = np.unravel_index(change.argmax(), change.shape)
    table = report.section("Divergence of neighbourhoods").tables[0]
    assert table.rows[0][:2] == (heatmap.names[a], heatmap.names[b])
    assert f"of the neighbourhoods of {heatmap.names[a]}" in repr(report)


def test_without_labels_it_says_how_to_get_groups(make_spaces):
    found = compare(*make_spaces(columns=False)).report()
    assert "report(by='cluster')" in repr(found)
    assert len(found.section("Neighbours").tables) == 1
    assert found.section("Divergence of neighbourhoods").tables == ()


def test_groups_may_be_another_column(comparison):
    assert comparison.report("source").section("Neighbours").tables[0].columns[0] == "source"


def test_many_groups_are_cut_to_the_worst(comparison, pair):
    by = [str(row % 30) for row in range(120)]
    table = comparison.report(by).section("Neighbours").tables[0]
    assert len(table) == 10
    assert "the most changed 10 of 30" in table.title


def test_large_comparisons_sample_their_anchors(make_spaces, monkeypatch):
    monkeypatch.setattr(report_sections, "_EVERY_ANCHOR", 100)
    monkeypatch.setattr(report_sections, "_DRAWN_ANCHORS", 50)
    words = compare(*make_spaces()).report().section("Divergence of neighbourhoods").sentences[0]
    assert "sampled(n=50 of 120 anchors, seed=0" in words


def test_a_space_and_itself_differ_in_nothing(pair):
    found = compare(pair[0], pair[0]).report()
    assert numbers(found)["KL, nats"] == pytest.approx(0, abs=1e-6)
    assert found.section("Geometry").sentences == ("The two have much the same shape.",)
    assert "100% of the items keep all 10, 0% keep none." in repr(found)


def test_what_differs_in_shape_gets_a_sentence(pair):
    teacher, _ = pair
    rng = np.random.default_rng(0)
    flat = 1 + 0.1 * rng.standard_normal((120, 2)) @ rng.standard_normal((2, 12))
    narrow = Space.from_arrays(flat + 0.002 * teacher.vectors, items=teacher.items, ids=teacher.ids)
    words = " ".join(compare(teacher, narrow).report().section("Geometry").sentences)
    assert "The student's effective rank is" in words
    assert "cosine of 0.9" in words


def test_few_items_are_enough():
    one = Space.from_arrays(np.random.default_rng(0).standard_normal((5, 3)))
    found = compare(one, one).report()
    assert numbers(found)["recall@4"] == 1
    two = Space.from_arrays([[1.0, 0.0], [0.5, 0.5]])
    assert "debiased CKA not defined" in repr(compare(two, two).report())


def test_items_left_out_are_on_the_page(pair):
    with pytest.warns(UserWarning, match="share 118 items"):
        found = compare(pair[0], pair[1].subset(pair[1].ids[2:])).report()
    assert "2 items are only in the teacher and left out ('i0', 'i1')." in repr(found)
