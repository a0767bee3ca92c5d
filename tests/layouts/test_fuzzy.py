from __future__ import annotations

import numpy as np
import pytest

from embedscope.layouts.fuzzy import fuzzy_graph
from embedscope.neighbors import exact_neighbors


def umaps_own(vectors, neighbors):
    from umap.umap_ import fuzzy_simplicial_set

    n = len(vectors)
    indices = np.concatenate([np.arange(n)[:, None], neighbors.indices], axis=1)
    distances = np.concatenate([np.zeros((n, 1), np.float32), neighbors.distances], axis=1)
    graph, _, _ = fuzzy_simplicial_set(
        vectors,
        neighbors.k + 1,
        np.random.RandomState(0),
        neighbors.metric,
        knn_indices=indices,
        knn_dists=distances,
    )
    return graph


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
@pytest.mark.parametrize("k", [4, 14])
def test_equals_umaps(bumps, metric, k):
    neighbors = exact_neighbors(bumps, k, metric=metric)
    graph, theirs = fuzzy_graph(neighbors), umaps_own(bumps, neighbors)
    assert graph.nnz == theirs.nnz
    assert abs(theirs - graph).max() < 1e-5


def test_equals_umaps_where_most_are_duplicates():
    vectors = np.repeat(np.random.default_rng(1).standard_normal((10, 4)), 8, axis=0).astype(np.float32)
    neighbors = exact_neighbors(vectors, 12, metric="euclidean")
    assert abs(umaps_own(vectors, neighbors) - fuzzy_graph(neighbors)).max() < 1e-5


def test_is_symmetric_with_a_nearest_neighbour_of_full_membership(bumps):
    neighbors = exact_neighbors(bumps, 10)
    graph = fuzzy_graph(neighbors)
    assert abs(graph - graph.T).max() == 0
    assert graph.data.max() <= 1
    np.testing.assert_allclose(graph.max(axis=1).toarray(), 1, atol=1e-6)


def test_identical_items_are_all_fully_joined():
    graph = fuzzy_graph(exact_neighbors(np.ones((6, 3)), 5))
    np.testing.assert_array_equal(graph.toarray(), 1 - np.eye(6))
