from __future__ import annotations

import numpy as np
import pytest

from embedscope._errors import InputError
from embedscope.neighbors.distances import Points, candidate_distances, nearest_first


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_equals_the_formula_in_float64(metric):
    rng = np.random.default_rng(0)
    points = Points.of(rng.standard_normal((30, 7)).astype(np.float32), metric)
    queries = points.take(np.array([4, 9]))
    candidates = np.array([[0, 1, 2], [3, 4, 9]])
    found = candidate_distances(points, queries, candidates, metric)
    for row, query in enumerate(queries.vectors.astype(np.float64)):
        for place, candidate in enumerate(candidates[row]):
            other = points.vectors[candidate].astype(np.float64)
            cosine = query @ other / np.linalg.norm(query) / np.linalg.norm(other)
            true = 1 - cosine if metric == "cosine" else np.linalg.norm(query - other)
            assert found[row, place] == pytest.approx(true, abs=1e-7)


@pytest.mark.parametrize("scale", [1.0, 3.0, 1e-25, 1e18])
def test_parallel_vectors_have_cosine_distance_zero(scale):
    vectors = np.random.default_rng(1).standard_normal((1, 300))
    both = Points.of(np.concatenate([vectors, vectors * scale]).astype(np.float32), "cosine")
    assert candidate_distances(both, both.take(np.array([0])), np.array([[1]]), "cosine")[0, 0] < 1e-12


def test_points_refuse_zero_rows_under_cosine_only():
    zero = np.zeros((2, 3), np.float32)
    with pytest.raises(InputError, match="probes are all zeros in rows 0, 1"):
        Points.of(zero, "cosine", name="probes")
    assert len(Points.of(zero, "euclidean")) == 2


def test_nearest_first_breaks_ties_by_index():
    indices, distances = nearest_first(np.array([[9, 4, 6]]), np.array([[1, 1, 0]], np.float32), 3)
    assert indices.tolist() == [[6, 4, 9]]
    assert distances.tolist() == [[0, 1, 1]]
