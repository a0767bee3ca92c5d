from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedscope.comparison.ranks import ranks_among_all
from embedscope.neighbors import exact_neighbors
from embedscope.neighbors.distances import Points

metrics = st.sampled_from(["cosine", "euclidean"])


@given(st.integers(0, 10_000), metrics, st.integers(2, 40), st.booleans())
@settings(max_examples=60, deadline=None)
def test_ranks_are_the_order_of_exact_neighbours_ties_and_duplicates_included(seed, metric, n, coarse):
    rng = np.random.default_rng(seed)
    vectors = rng.integers(1, 3, (n, 2)) if coarse else rng.standard_normal((n, 5)) + 10
    vectors = vectors.astype(np.float32)
    row = int(rng.integers(n))
    order = exact_neighbors(vectors, n - 1, metric=metric)
    ranks, distances = ranks_among_all(
        Points.of(vectors, metric), row, order.indices[row].astype(np.int64), metric
    )
    assert ranks.tolist() == list(range(1, n))
    np.testing.assert_array_equal(distances, order.distances[row])


def test_a_few_of_many():
    vectors = np.random.default_rng(0).standard_normal((3000, 32)).astype(np.float32)
    order = exact_neighbors(vectors, 2999, queries=np.array([7])).indices[0].astype(np.int64)
    ranks, _ = ranks_among_all(Points.of(vectors, "cosine"), 7, order[[0, 500, 2998]], "cosine")
    assert ranks.tolist() == [1, 501, 2999]


def test_many_duplicates_are_ranked_by_their_index():
    vectors = np.ones((6000, 3), np.float32)
    ranks, distances = ranks_among_all(Points.of(vectors, "cosine"), 10, np.array([0, 11, 5999]), "cosine")
    assert ranks.tolist() == [1, 11, 5999]
    assert distances.tolist() == pytest.approx([0, 0, 0])
