from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedscope._errors import InputError, MissingError
from embedscope.comparison import exact_lists, measure_overlap
from embedscope.comparison.matched import match
from embedscope.comparison.measure_overlap import neighbor_overlap
from embedscope.spaces.space import Space


def slow_neighbors(vectors, k, metric):
    x = vectors.astype(np.float64)
    if metric == "cosine":
        x = x / np.linalg.norm(x, axis=1, keepdims=True)
    lists = []
    for i in range(len(x)):
        distances = 1 - x @ x[i] if metric == "cosine" else np.linalg.norm(x - x[i], axis=1)
        others = [j for j in range(len(x)) if j != i]
        lists.append(sorted(others, key=lambda j: (distances[j], j))[:k])
    return lists


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
@pytest.mark.parametrize("k", [1, 7, 119])
def test_agrees_with_sets_of_a_slow_search(make_spaces, metric, k):
    teacher, student = make_spaces(metric=metric)
    found = neighbor_overlap(match(teacher, student), k)
    one, two = (slow_neighbors(space.vectors, k, metric) for space in (teacher, student))
    shared = np.array([len(set(a) & set(b)) for a, b in zip(one, two, strict=True)])
    np.testing.assert_allclose(found.overlap, shared / k)
    np.testing.assert_allclose(found.recall, shared / k)
    np.testing.assert_allclose(found.jaccard, shared / (2 * k - shared))
    for depth in {1, k}:
        within = [len(set(a[:depth]) & set(b)) / depth for a, b in zip(one, two, strict=True)]
        np.testing.assert_allclose(found.recall_within(depth), within)
    assert found.sampling.is_exact


def test_a_space_keeps_all_its_own_neighbours_whatever_its_rotation(pair):
    teacher, _ = pair
    turn = np.linalg.qr(np.random.default_rng(1).standard_normal((12, 12)))[0]
    turned = Space.from_arrays(teacher.vectors @ turn * 3, items=teacher.items, ids=teacher.ids)
    found = neighbor_overlap(match(teacher, turned), 10)
    for measure in ("recall", "jaccard", "rbo"):
        np.testing.assert_allclose(found.values(measure), 1, atol=1e-12)


@given(st.integers(0, 1000))
@settings(max_examples=10, deadline=None)
def test_the_order_of_the_items_does_not_matter(make_spaces, seed):
    teacher, student = make_spaces(n=40)
    order = np.random.default_rng(seed).permutation(40)
    ids = [teacher.ids[row] for row in order]
    whole = neighbor_overlap(match(teacher, student), 5)
    mixed = neighbor_overlap(match(teacher.subset(ids), student), 5)
    np.testing.assert_array_equal(mixed.recall, whole.recall[order])
    np.testing.assert_allclose(mixed.rbo, whole.rbo[order])


def test_unrelated_spaces_share_what_chance_gives():
    rng = np.random.default_rng(0)
    one, two = (Space.from_arrays(rng.standard_normal((800, 20))) for _ in range(2))
    found = neighbor_overlap(match(one, two), 40)
    for measure in ("recall", "jaccard", "rbo"):
        assert found.values(measure).mean() == pytest.approx(found.chance(measure), abs=0.01)
    assert found.chance() == 40 / 799


def test_a_sample_of_queries_searches_all_items(pair):
    both = match(*pair)
    whole, some = neighbor_overlap(both, 8), neighbor_overlap(match(*pair), 8, sample=60, seed=3)
    np.testing.assert_array_equal(some.recall, whole.recall[some.rows])
    assert (some.sampling.n, some.sampling.of, some.sampling.seed) == (60, 120, 3)
    assert whole.recall.mean() in some.sampling.interval


def test_a_sample_is_searched_where_nothing_is_kept(make_spaces):
    some = neighbor_overlap(match(*make_spaces()), 8, sample=30)
    whole = neighbor_overlap(match(*make_spaces()), 8)
    np.testing.assert_array_equal(some.teacher, whole.teacher[some.rows])


def test_too_large_spaces_are_sampled_by_themselves(make_spaces, monkeypatch):
    monkeypatch.setattr(exact_lists, "EXACT_OPERATIONS", 10)
    monkeypatch.setattr(measure_overlap, "_QUERIES_PAST_EXACT", 50)
    assert neighbor_overlap(match(*make_spaces()), 5).sampling.n == 50


def test_groups_are_averaged_and_the_worst_comes_first(pair):
    found = neighbor_overlap(match(*pair, domain="source"), 6)
    table = found.by()
    assert table.columns == ("label", "items", "recall@6", "low", "high", "Jaccard", "RBO", "chance")
    assert table.column("recall@6") == sorted(table.column("recall@6"))
    labels = pair[0].items.column("label")
    for name, items, mean, low, high, *_ in table.rows:
        values = found.recall[labels == name]
        assert (items, mean) == (len(values), pytest.approx(values.mean()))
        assert low < mean < high
    assert found.by("domain").column("source") == sorted(
        found.by("domain").column("source"),
        key=lambda s: found.recall[pair[0].items.column("source") == s].mean(),
    )


def test_groups_without_a_drawn_item_are_not_listed(pair):
    found = neighbor_overlap(match(*pair), 6, sample=5)
    by_id = found.by(list(pair[0].ids))
    assert len(by_id) == 5
    assert by_id.column("low") == [None] * 5


def test_a_column_called_like_a_measure_stays_apart(pair):
    teacher, student = pair
    items = teacher.items.with_column("items", ["x", "y"] * 60)
    named = Space.from_arrays(teacher.vectors, ids=teacher.ids, items=items)
    assert neighbor_overlap(match(named, student), 3).by("items").columns[:2] == ("items (column)", "items")


def test_the_curve_is_the_recall_at_each_depth(pair):
    both = match(*pair)
    curve = neighbor_overlap(both, 9).curve()
    for depth in (1, 4, 9):
        assert curve.column("recall")[depth - 1] == pytest.approx(neighbor_overlap(both, depth).recall.mean())


def test_worst_items_come_first_and_the_frame_has_every_item(pair):
    found = neighbor_overlap(match(*pair), 5)
    worst = found.worst(7)
    assert worst.column("recall@5") == sorted(found.recall)[:7]
    frame = found.to_frame()
    assert frame.column_names == ["id", "recall", "jaccard", "rbo", "label"]
    assert frame.num_rows == 120
    assert "RBO" in repr(found)
    assert "<table" in found._repr_html_()


def test_two_items_are_each_others_neighbours():
    one = Space.from_arrays({"a": [1.0, 0.0], "b": [0.5, 0.5]})
    found = neighbor_overlap(match(one, one), 1)
    assert found.recall.tolist() == [1, 1]
    assert found.chance() == 1


def test_bad_input_says_what_is_wanted(pair):
    both = match(*pair)
    with pytest.raises(InputError, match=r"k=120 neighbours from 120 shared items.*Wanted from 1 to 119"):
        neighbor_overlap(both, 120)
    found = neighbor_overlap(both, 5)
    with pytest.raises(MissingError, match="jaccard, overlap, rbo, recall"):
        found.values("dice")
    with pytest.raises(InputError, match="wanted 1 to k=5"):
        found.recall_within(6)
    zero = Space.from_arrays({"a": [0.0, 0.0], "b": [1.0, 0.0]})
    with pytest.raises(InputError, match="the teacher's 2 vectors are all zeros"):
        neighbor_overlap(match(zero, zero), 1)
