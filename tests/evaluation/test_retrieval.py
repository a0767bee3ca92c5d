"""Retrieval by class against slow definitions and pytorch-metric-learning."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from embedscope._errors import InputError, MissingError
from embedscope.evaluation import hits as hits_module
from embedscope.evaluation.retrieval import score_retrieval
from tests.evaluation import oracles
from tests.evaluation.made import blobs, space

KS = [1, 2, 5]
MEASURES = ("recall@1", "recall@2", "recall@5", "map@r", "mmp@5")


def entries(one):
    columns = one.items.columns
    domains = columns["domain"].to_pylist() if "domain" in columns.column_names else ["all"] * len(one)
    groups = zip(domains, columns["label"].to_pylist(), strict=True)
    return [((g[0], i), v, g) for i, v, g in zip(one.ids, one.vectors, groups, strict=True)]


def assert_agrees(queries, index=None, metric="cosine"):
    scores = score_retrieval(queries, index, ks=KS)
    searched = queries if index is None else index
    for kind in ("own", "merged"):
        expected = oracles.all_queries(entries(queries), entries(searched), metric, KS, kind == "own")
        for measure in MEASURES:
            wanted = [row[measure] for row in expected]
            np.testing.assert_allclose(
                scores.values(measure, kind), wanted, atol=1e-12, err_msg=f"{measure} {kind}"
            )
    return scores


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_mixed_domains_agree_with_the_definitions(metric) -> None:
    vectors, codes = blobs()
    domains = [f"d{code % 2}" for code in range(90)]
    scores = assert_agrees(space(vectors, codes, domains, metric=metric), metric=metric)
    assert scores.value("recall@1", index="own") >= scores.value("recall@1", index="merged")


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_long_rankings_by_tiles_agree_too(metric, monkeypatch) -> None:
    monkeypatch.setattr(hits_module, "_DEEP", 3)
    monkeypatch.setattr(hits_module, "_KEPT_AT_ONCE", 100)
    vectors, codes = blobs(classes=3)
    vectors[10:30] = vectors[0]  # duplicates of several classes: ties by index
    assert_agrees(space(vectors, codes, ["a", "b"] * 45, metric=metric), metric=metric)


def test_separate_queries_and_index() -> None:
    vectors, codes = blobs(n=120)
    queries = space(vectors[:40], codes[:40], ids=list(range(40)))
    index = space(vectors[30:], codes[30:], ids=list(range(30, 120)))  # ten queries lie in the index
    scores = assert_agrees(queries, index)
    assert len(scores.rows) == 40


small = st.integers(-2, 2)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=st.lists(
        st.tuples(
            st.tuples(small, small, small).filter(any),
            st.sampled_from(["x", "y", "z", None]),
            st.sampled_from(["one", "two"]),
        ),
        min_size=1,
        max_size=14,
    ).filter(lambda rows: any(row[1] for row in rows)),
)
def test_ties_duplicates_lone_classes_and_large_k(rows) -> None:
    """Small lattices are full of equal distances; Euclidean ones are exact in float64."""
    vectors, labels, domains = zip(*rows, strict=True)
    assert_agrees(space(vectors, list(labels), list(domains), metric="euclidean"), metric="euclidean")


def test_the_order_of_items_does_not_matter_without_ties() -> None:
    vectors, codes = blobs()
    order = np.random.default_rng(1).permutation(90)
    first = score_retrieval(space(vectors, codes), ks=KS)
    second = score_retrieval(space(vectors[order], [codes[row] for row in order]), ks=KS)
    for measure in MEASURES:
        assert first.value(measure) == pytest.approx(second.value(measure), abs=1e-12)


def test_one_class_is_always_found_and_a_class_each_never() -> None:
    vectors, _ = blobs(n=20)
    same = score_retrieval(space(vectors, ["a"] * 20), ks=[1, 50])
    assert [same.value(measure) for measure in same.measures] == [1.0, 1.0, 1.0, 1.0]
    assert np.isnan(same.score("recall@1").interval.low)
    alone = score_retrieval(space(vectors, list(range(20))), ks=[1])
    assert alone.left_out() == 20
    assert np.isnan(alone.value("recall@1"))
    assert alone.value("mmp@5") == 0.0
    assert alone.to_frame()["value"].to_pylist() == [None, None, 0.0]


def test_a_single_item_finds_nothing() -> None:
    scores = score_retrieval(space([[1.0, 0.0]], ["a"]), ks=[1])
    assert scores.left_out() == 1
    assert len(scores.failures()) == 0


@pytest.mark.parametrize(
    "labels", [[1, 1, 2, 2], [0.5, 0.5, 1.5, 1.5], [True, True, False, False], list("aabb")]
)
def test_labels_of_any_type(labels) -> None:
    scores = score_retrieval(space([[1, 0], [1, 0.1], [0, 1], [0.1, 1]], labels), ks=[1])
    assert scores.value() == 1.0


def test_missing_labels_are_no_queries_but_stay_in_the_way() -> None:
    scores = score_retrieval(space([[1, 0], [1, 0.01], [1, 0.1]], ["a", None, "a"]), ks=[1])
    assert scores.unlabelled == 1
    assert scores.value("recall@1") == 0.0
    assert scores.failures().column("nearest_id").tolist() == ["1", "1"]


def test_the_same_label_in_another_domain_is_no_hit() -> None:
    parts = {"one": space([[1, 0], [0, 1]], ["a", "a"]), "two": space([[1, 0.01], [0.01, 1]], ["a", "a"])}
    scores = score_retrieval(parts, ks=[1])
    assert (scores.value(index="own"), scores.value(index="merged")) == (1.0, 0.0)
    failed = scores.failures("one", index="merged")
    assert failed.ids == (0, 1)
    assert failed.column("nearest_domain").tolist() == ["two", "two"]
    assert scores.failures(index="merged").ids == ("one/0", "one/1", "two/0", "two/1")


def test_agrees_with_pytorch_metric_learning() -> None:
    import torch
    from pytorch_metric_learning.distances import CosineSimilarity
    from pytorch_metric_learning.utils.accuracy_calculator import AccuracyCalculator
    from pytorch_metric_learning.utils.inference import CustomKNN

    vectors, codes = blobs(n=150, dims=8, classes=12)
    calculator = AccuracyCalculator(
        include=("precision_at_1", "mean_average_precision_at_r"),
        k="max_bin_count",
        knn_func=CustomKNN(CosineSimilarity()),
    )
    theirs = calculator.get_accuracy(torch.tensor(vectors, dtype=torch.float64), torch.tensor(codes))
    ours = score_retrieval(space(vectors, codes), ks=[1])
    assert ours.value("recall@1") == pytest.approx(theirs["precision_at_1"], abs=1e-9)
    assert ours.value("map@r") == pytest.approx(theirs["mean_average_precision_at_r"], abs=1e-9)


def test_what_does_not_fit_is_refused() -> None:
    good = space([[1, 0], [0, 1]], ["a", "a"])
    with pytest.raises(MissingError, match="no column 'kind'; their columns: label"):
        score_retrieval(good, label="kind")
    with pytest.raises(InputError, match="wanted one or more ranks"):
        score_retrieval(good, ks=[0])
    with pytest.raises(MissingError, match="index is called 'mine'"):
        score_retrieval(good).value(index="mine")
    with pytest.raises(InputError, match="No space came"):
        score_retrieval({})
    with pytest.raises(InputError, match="there are no queries"):
        score_retrieval(space([[1.0, 0.0]], [None]))
    wide = space([[1, 0, 0], [0, 1, 0]], ["a", "a"])
    with pytest.raises(InputError, match="against='own'"):
        score_retrieval({"one": good, "two": wide})
    assert score_retrieval({"one": good, "two": wide}, against="own").value() == 1.0
    with pytest.raises(InputError, match="same encoder"):
        score_retrieval(good, wide)
    with pytest.raises(InputError, match="one metric"):
        score_retrieval({"one": good, "two": space([[1.0, 0.0]], ["a"], metric="euclidean")})
