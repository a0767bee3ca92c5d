"""A validation of pairs: each query's document among all of its source."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedscope._errors import InputError
from embedscope.training.pair_validation import HeldOut, score_pairs


def held(sources: list[int], queries: list[int], documents: list[int]) -> HeldOut:
    return HeldOut(*(np.array(each, dtype=np.int64) for each in (sources, queries, documents)))


def rows(*values: list[float]) -> np.ndarray:
    return np.array(values, dtype=np.float32)


def test_each_source_is_searched_alone():
    queries = rows([1, 0], [0, 1], [1, 0])
    documents = rows([1, 0], [1, 0.1], [0, 1])
    # The second query's document is the farther one; the third finds its own, alone in its source.
    found = score_pairs(queries, documents, held([0, 0, 1], [1, 2, 3], [4, 5, 6]), ["qa", "code"])
    assert found["recall_at_1/qa"] == 1
    assert found["recall_at_1/code"] == 1
    crossed = score_pairs(
        queries, documents[[1, 0, 2]], held([0, 0, 1], [1, 2, 3], [4, 5, 6]), ["qa", "code"]
    )
    assert crossed["recall_at_1/qa"] == 0
    assert crossed["mrr/qa"] == 0.5
    assert crossed["recall_at_1"] == 0.5
    assert crossed["mrr"] == 0.75


def test_a_query_with_two_documents_needs_one_and_equal_documents_are_one():
    queries = rows([1, 0], [1, 0], [0, 1])
    documents = rows([0, 1], [1, 0], [0, 1])
    found = score_pairs(queries, documents, held([0, 0, 0], [1, 1, 2], [7, 8, 7]), ["qa"])
    assert found["recall_at_1/qa"] == 1


def test_equal_vectors_find_nothing():
    same = np.ones((4, 3), dtype=np.float32)
    found = score_pairs(same, same, held([0] * 4, [1, 2, 3, 4], [5, 6, 7, 8]), ["qa"])
    assert found["recall_at_1/qa"] == 0
    assert found["mrr/qa"] == 0.25
    nothing = np.zeros((4, 3), dtype=np.float32)
    assert score_pairs(nothing, nothing, held([0] * 4, [1, 2, 3, 4], [5, 6, 7, 8]), ["qa"])["mrr/qa"] == 0.25


def test_vectors_that_are_not_finite_are_refused():
    with pytest.raises(InputError, match="not finite"):
        score_pairs(rows([np.nan]), rows([1]), held([0], [1], [2]), ["qa"])


def by_hand(queries, documents, asked, given_, k):
    """Reciprocal rank and Recall@1 with loops, over cosines in float64."""
    unit = [x / np.linalg.norm(x, axis=1, keepdims=True) for x in (queries, documents)]
    candidates = {key: unit[1][list(given_).index(key)] for key in given_}
    ranks = []
    for key in dict.fromkeys(asked):
        query = unit[0][list(asked).index(key)]
        right = {d for q, d in zip(asked, given_, strict=True) if q == key}
        best = max(query @ candidates[d] for d in right)
        ranks.append(1 + sum(query @ v >= best for d, v in candidates.items() if d not in right))
    return sum(1 / rank for rank in ranks) / len(ranks), sum(rank <= k for rank in ranks) / len(ranks)


@given(st.integers(1, 30), st.integers(0, 10_000))
def test_it_is_what_loops_find(count, seed):
    rng = np.random.default_rng(seed)
    asked, given_ = rng.integers(0, 8, count), rng.integers(10, 30, count)
    # Unit vectors of one entry: cosines are exact, and ties are many. Equal keys are equal texts.
    spins = np.concatenate([np.eye(4), -np.eye(4)])[rng.integers(0, 8, 40)].astype(np.float32)
    queries, documents = spins[asked], spins[given_]
    found = score_pairs(queries, documents, held([0] * count, asked.tolist(), given_.tolist()), ["qa"])
    mrr, recall = by_hand(queries.astype(np.float64), documents.astype(np.float64), asked, given_, 1)
    assert found["recall_at_1/qa"] == pytest.approx(recall)
    assert found["mrr/qa"] == pytest.approx(mrr)
