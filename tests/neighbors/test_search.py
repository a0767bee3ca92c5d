from __future__ import annotations

import numpy as np
import pytest

from embedscope._errors import InputError, MissingError
from embedscope.neighbors import find_neighbors, query_neighbors, search


def test_auto_is_exact_while_affordable_and_approximate_past_it(monkeypatch):
    points = np.random.default_rng(0).standard_normal((300, 8))
    assert find_neighbors(points, 3).recall is None
    monkeypatch.setattr(search, "EXACT_OPERATIONS", 1e3)
    assert find_neighbors(points, 3).recall is not None
    assert find_neighbors(points, 3, method="exact").recall is None


def test_unknown_method_lists_the_choices():
    with pytest.raises(MissingError, match="approximate, auto, exact"):
        search.find_neighbors.__wrapped__(np.eye(3), 1, method="hnsw")


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_query_neighbours_equal_brute_force(metric):
    rng = np.random.default_rng(1)
    points, queries = rng.standard_normal((200, 9)), rng.standard_normal((17, 9))
    if metric == "cosine":
        true = (
            1
            - (queries / np.linalg.norm(queries, axis=1)[:, None])
            @ (points / np.linalg.norm(points, axis=1)[:, None]).T
        )
    else:
        true = np.linalg.norm(queries[:, None] - points[None], axis=-1)
    found = query_neighbors(points, queries, 6, metric)
    np.testing.assert_array_equal(found.indices, np.argsort(true, axis=1)[:, :6])
    np.testing.assert_allclose(found.distances, np.sort(true, axis=1)[:, :6], atol=1e-6)


def test_a_query_may_find_its_equal_and_all_items():
    found = query_neighbors(np.eye(3), np.eye(3), 3)
    assert found.indices[:, 0].tolist() == [0, 1, 2]
    assert found.distances[:, 0].tolist() == [0, 0, 0]


def test_queries_of_other_dims_or_too_many_neighbours_are_refused():
    with pytest.raises(InputError, match="2 dims and the vectors 3"):
        query_neighbors(np.eye(3), np.eye(2), 1)
    with pytest.raises(InputError, match="k=4 neighbours from 3 items"):
        query_neighbors(np.eye(3), np.eye(3), 4)
    with pytest.raises(InputError, match="query vectors are all zeros in row 0"):
        query_neighbors(np.eye(3), np.zeros((1, 3)), 1)
