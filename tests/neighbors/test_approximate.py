from __future__ import annotations

import numpy as np
import pytest

from embedscope.neighbors import approximate_neighbors, exact_neighbors
from embedscope.neighbors.approximate import recall_at_k


@pytest.fixture(scope="module")
def points():
    rng = np.random.default_rng(0)
    centres = rng.standard_normal((40, 32))
    return (centres[rng.integers(0, 40, 4000)] + 0.4 * rng.standard_normal((4000, 32))).astype(np.float32)


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_reported_recall_is_the_true_one(points, metric):
    found = approximate_neighbors(points, 10, metric=metric, n_sampled=400)
    truth = exact_neighbors(points, 10, metric=metric)
    whole = recall_at_k(found.distances, truth.distances)
    assert found.recall == pytest.approx(whole, abs=0.02)
    assert found.recall >= 0.93
    assert found.sampled == 400


def test_more_recall_is_bought_where_it_is_wanted(points):
    cheap = approximate_neighbors(points, 10, min_recall=0.3)
    dear = approximate_neighbors(points, 10, min_recall=1.0)
    assert cheap.recall < dear.recall
    assert dear.recall > 0.99


def test_recall_counts_ties_as_found():
    assert recall_at_k(np.array([[0, 1]], np.float32), np.array([[0, 1]], np.float32)) == 1
    assert recall_at_k(np.array([[1, 2], [1, 1]], np.float32), np.array([[0, 1], [1, 1]], np.float32)) == 0.75
