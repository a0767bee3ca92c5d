from __future__ import annotations

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from embedscope.neighbors import exact_neighbors
from embedscope.neighbors.distances import Points
from embedscope.neighbors.exact import rank_candidates, search_exactly


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_agrees_with_scikit_learn(metric):
    points = np.random.default_rng(0).standard_normal((600, 40)).astype(np.float32)
    found = exact_neighbors(points, 10, metric=metric)
    theirs = NearestNeighbors(n_neighbors=10, metric=metric, algorithm="brute").fit(points.astype(np.float64))
    distances, indices = theirs.kneighbors()
    np.testing.assert_array_equal(found.indices, indices)
    np.testing.assert_allclose(found.distances, distances, rtol=1e-6)


def test_some_queries_get_the_rows_that_all_would():
    points = np.random.default_rng(1).standard_normal((200, 12))
    rows = np.array([150, 3, 77])
    some, whole = exact_neighbors(points, 5, queries=rows), exact_neighbors(points, 5)
    np.testing.assert_array_equal(some.indices, whole.indices[rows])


def test_a_crowd_of_near_ties_is_searched_whole():
    # 200 vectors within float32 rounding of each other: float32 products cannot order them, float64 can.
    rng = np.random.default_rng(3)
    centre = rng.standard_normal(64)
    points = (centre + rng.standard_normal((200, 64)) * 3e-6).astype(np.float32)
    wide = points.astype(np.float64)
    true = np.sqrt(((wide[:, None] - wide[None]) ** 2).sum(axis=-1)).astype(np.float32)
    np.fill_diagonal(true, np.inf)
    order = np.argsort(true, axis=1, kind="stable")[:, :6]
    np.testing.assert_array_equal(exact_neighbors(points, 6, metric="euclidean").indices, order)


def test_one_outlier_of_huge_norm_does_not_spoil_the_rest():
    points = np.random.default_rng(4).standard_normal((300, 10)).astype(np.float32)
    points[0] *= 1e4
    wide = points.astype(np.float64)
    true = np.sqrt(((wide[:, None] - wide[None]) ** 2).sum(axis=-1)).astype(np.float32)
    np.fill_diagonal(true, np.inf)
    order = np.argsort(true, axis=1, kind="stable")[:, :5]
    np.testing.assert_array_equal(exact_neighbors(points, 5, metric="euclidean").indices, order)


def test_queries_that_are_no_items_leave_nothing_out():
    points = Points.of(np.eye(3, dtype=np.float32), "cosine")
    found = search_exactly(points, points, 1, "cosine")
    assert found.indices.ravel().tolist() == [0, 1, 2]


def test_missing_candidates_come_last():
    points = Points.of(np.eye(3, dtype=np.float32), "cosine")
    query = points.take(np.array([0]))
    indices, distances = rank_candidates(points, query, np.array([[-1, 1]]), 2, "cosine")
    assert indices[0, 0] == 1
    assert np.isinf(distances[0, 1])
