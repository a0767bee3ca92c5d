from __future__ import annotations

import numpy as np
import pytest

from embedscope._errors import EmbedscopeWarning, InputError, MissingError
from embedscope.comparison.bandwidth import Bandwidth
from embedscope.comparison.comparison import Comparison, compare
from embedscope.comparison.comparisons import Comparisons
from embedscope.spaces.space import Space

WIDTH = Bandwidth.mean_distance(0.15)


def test_two_spaces_of_other_dims_and_order_are_compared_by_id(pair):
    teacher, student = pair
    order = np.random.default_rng(0).permutation(120)
    shuffled = student.subset([student.ids[row] for row in order])
    one, two = compare(teacher, student), compare(teacher, shuffled)
    assert isinstance(one, Comparison)
    np.testing.assert_array_equal(one.neighbors(5).recall, two.neighbors(5).recall)
    assert one.alignment().cka == two.alignment().cka
    assert one.names == ("12 dims", "8 dims")


def test_metrics_may_differ(make_spaces):
    teacher, _ = make_spaces()
    _, student = make_spaces(metric="euclidean")
    found = compare(teacher, student)
    assert 0 < found.neighbors(5).recall.mean() < 1
    assert np.isfinite(found.alignment().rsa)
    assert found.to_table().column("metric") == ["cosine", "euclidean"]


def test_items_of_one_side_are_counted_and_named(pair):
    teacher, student = pair
    with pytest.warns(
        EmbedscopeWarning, match=r"share 118 items; 2 items are only in the teacher.*'i0', 'i1'"
    ):
        found = compare(teacher, student.subset(student.ids[2:]))
    assert found.only_teacher == ("i0", "i1")
    assert found.only_student == ()
    assert found.missing().column("id") == ["i0", "i1"]
    assert "2 items are only in the teacher" in repr(found)


def test_results_are_computed_once(pair):
    found = compare(*pair)
    assert found.neighbors(5) is found.neighbors(5)
    assert found.neighbors(5) is not found.neighbors(6)
    assert found.alignment() is found.alignment(10)
    assert found.geometry() is found.geometry()
    assert found.divergence(bandwidth=WIDTH) is found.divergence(bandwidth=WIDTH)
    assert found.neighborhoods("teacher", WIDTH) is found.divergence("source", WIDTH).teacher


def test_the_divergence_is_by_label_column_or_values_and_adds_up(pair):
    found = compare(*pair, domain="source")
    labels = pair[0].items.column("label")
    for by, names in (
        (None, sorted(set(labels))),
        ("domain", ["s0", "s1"]),
        (labels.tolist(), sorted(set(labels))),
    ):
        divergence = found.divergence(by, WIDTH)
        assert list(divergence.groups.names) == names
        np.testing.assert_allclose(divergence.layer().sum(axis=1), divergence.by_group.means, rtol=1e-6)
    js = found.divergence(bandwidth=WIDTH, layer="js")
    assert js.heatmap.js is not None
    with pytest.raises(MissingError):
        found.divergence(bandwidth=WIDTH, layer="mutual")


def test_a_perplexity_uses_the_neighbours_that_the_spaces_keep(make_spaces):
    teacher, student = make_spaces()
    found = compare(teacher, student)
    found.divergence(bandwidth=Bandwidth.perplexity(5.0))
    assert teacher.known_neighbors.k == student.known_neighbors.k == 15


def test_geometry_has_classes_where_there_is_a_label(pair, make_spaces):
    assert np.isfinite(compare(*pair).geometry().teacher.alignment)
    assert np.isnan(compare(*make_spaces(columns=False)).geometry().student.alignment)


def test_two_items_are_enough_for_what_two_items_tell():
    one = Space.from_arrays({"a": [1.0, 0.0], "b": [0.5, 0.5]})
    found = compare(one, one)
    assert found.neighbors(1).recall.tolist() == [1, 1]
    assert found.alignment().procrustes == pytest.approx(0, abs=1e-9)
    assert found.geometry().teacher.hubness.counts.tolist() == [1, 1]


def test_several_spaces_are_compared_pair_by_pair(make_spaces):
    teacher, student = make_spaces(n=40)
    _, blurred = make_spaces(n=40, noise=2.0)
    found = compare(teacher, student, blurred, names=["big", "small", "blurred"])
    assert isinstance(found, Comparisons)
    assert [c.names for c in found] == [("big", "small"), ("big", "blurred"), ("small", "blurred")]
    table = found.table(5)
    assert table.column("recall@5")[0] == pytest.approx(compare(teacher, student).neighbors(5).recall.mean())
    assert table.column("CKA")[0] > table.column("CKA")[1]
    assert found["big", "blurred"] is found[0, 2]
    assert found["blurred", "big"].teacher is blurred
    assert len(found) == found.to_frame().num_rows == 3
    assert "3 comparisons" in repr(found)
    assert "<table" in found._repr_html_()
    with pytest.raises(MissingError, match="'larger'"):
        _ = found["larger", "small"]
    with pytest.raises(InputError, match="beside itself"):
        _ = found["small", 1]
    with pytest.raises(InputError, match="wanted two spaces"):
        Comparisons.__getitem__.__wrapped__(found, "small")


def test_it_displays(pair):
    found = compare(*pair, names=("MiniLM", "wordllama"))
    assert repr(found).startswith("Comparison of 120 items\nside     space")
    assert "wordllama" in found._repr_html_()
    assert found.to_frame().num_rows == 2


def test_bad_input_says_what_is_wanted(pair):
    teacher, student = pair
    with pytest.raises(InputError, match=r"takes spaces; a ndarray came.*Space.from_arrays"):
        compare.__wrapped__(teacher, np.eye(3))
    with pytest.raises(MissingError, match="No column is called 'kind'"):
        compare(teacher, student, label="kind")
    with pytest.raises(InputError, match="share no id"):
        compare(teacher, Space.from_arrays({"x": np.ones(2), "y": np.ones(2)}))
    with pytest.raises(InputError, match=r"k=120 neighbours from 120 shared items"):
        compare(teacher, student).neighbors(120)


def test_one_class_is_one_group(pair):
    found = compare(*pair, label=["only"] * 120)
    divergence = found.divergence(bandwidth=WIDTH)
    assert divergence.layer().shape == (1, 1)
    assert divergence.layer()[0, 0] == pytest.approx(divergence.mean_kl)
    assert found.neighbors(5).by().column("label") == ["only"]


def test_distances_are_by_label_and_domain_where_they_make_pairs(pair):
    found = compare(*pair, domain="source")
    kinds = ["all", "same label", "different label", "within domain", "across domains"]
    assert list(found.distances().kinds) == kinds
    assert found.distances() is found.distances()
    assert found.distances("source").kinds["same label"].sampling.of == 2 * (60 * 59 // 2)
    labels = pair[0].items.column("label")
    sizes = [int((labels == name).sum()) for name in set(labels)]
    assert found.distances()["same label"].sampling.n == sum(size * (size - 1) // 2 for size in sizes)


def test_one_class_makes_no_pairs_of_two_and_is_an_error_only_where_it_was_named(pair):
    found = compare(*pair, label=["only"] * 120)
    assert list(found.distances().kinds) == ["all"]
    with pytest.raises(InputError, match="have the same one"):
        found.distances(["only"] * 120)


def test_equal_values_are_the_same_groups_and_others_are_not(pair):
    found = compare(*pair)
    one, two = (found.distances(["x", "y"] * 60) for _ in range(2))
    assert one is two
    assert found.distances(["x"] * 60 + ["y"] * 60) is not one
    assert found.divergence(["x", "y"] * 60, WIDTH) is found.divergence(["x", "y"] * 60, WIDTH)


def test_either_side_can_be_cut_to_its_first_dims(pair):
    found = compare(*pair)
    curve = found.truncation()
    assert curve.dims.tolist() == [6, 8]
    assert found.truncation(dims=[2]) is found.truncation(dims=(2,))
    assert found.truncation("teacher").dims[-1] == 12
    reranker = found.reranker()
    assert reranker is found.reranker()
    assert reranker.neighbors_of("i3", 8).ids == pair[1].neighbors_of("i3").ids
