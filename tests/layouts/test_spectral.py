from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from embedscope.layouts.fuzzy import fuzzy_graph
from embedscope.layouts.spectral import fix_signs, spectral_start
from embedscope.neighbors import exact_neighbors


def line(n):
    step = np.eye(n, k=1)
    return csr_array((step + step.T).astype(np.float32))


def test_a_line_starts_as_a_horseshoe():
    start = spectral_start(line(60), np.eye(60, dtype=np.float32), 2, 0)
    along, across = start.T
    inner = np.diff(along[1:-1])  # the ends are of degree 1, and shorter
    assert (inner > 0).all() or (inner < 0).all()
    assert (np.diff(np.sign(np.diff(across[1:-1]))) != 0).sum() == 1


def test_agrees_with_dense_eigenvectors():
    board = (np.random.default_rng(0).uniform(size=(400, 2)) * [3, 1]).astype(np.float32)
    graph = fuzzy_graph(exact_neighbors(board, 12, metric="euclidean"))
    start = spectral_start(graph, board, 2, 0).astype(np.float64)
    weights = graph.toarray().astype(np.float64)
    root = 1 / np.sqrt(weights.sum(axis=0))
    _, axes = np.linalg.eigh(root[:, None] * weights * root)
    for axis in range(2):
        slow = axes[:, -2 - axis]
        assert abs(np.corrcoef(slow, start[:, axis])[0, 1]) > 0.999


def test_fills_ten_by_ten_and_repeats(bumps):
    graph = fuzzy_graph(exact_neighbors(bumps, 10))
    start = spectral_start(graph, bumps, 2, 0)
    np.testing.assert_allclose([start.min(axis=0), start.max(axis=0)], [[0, 0], [10, 10]], atol=1e-5)
    np.testing.assert_array_equal(start, spectral_start(graph, bumps, 2, 0))


def test_parts_of_a_graph_start_apart():
    rng = np.random.default_rng(0)
    vectors = np.concatenate([rng.standard_normal((40, 3)) + 50 * axis for axis in np.eye(3)]).astype(
        np.float32
    )
    start = spectral_start(fuzzy_graph(exact_neighbors(vectors, 5, metric="euclidean")), vectors, 2, 0)
    centres = [start[part * 40 : part * 40 + 40].mean(axis=0) for part in range(3)]
    spread = max(start[part * 40 : part * 40 + 40].std() for part in range(3))
    assert min(np.linalg.norm(centres[i] - centres[j]) for i in range(3) for j in range(i)) > spread


@pytest.mark.parametrize("n", [2, 5, 30])
def test_identical_items_start_apart_all_the_same(n):
    vectors = np.ones((n, 4), np.float32)
    start = spectral_start(fuzzy_graph(exact_neighbors(vectors, n - 1)), vectors, 2, 0)
    assert np.isfinite(start).all()
    assert len(np.unique(start, axis=0)) == n


def test_signs_are_fixed():
    axes = np.array([[1.0, -5.0], [-2.0, 1.0]])
    assert fix_signs(axes).tolist() == [[-1.0, 5.0], [2.0, -1.0]]
    np.testing.assert_array_equal(fix_signs(axes), fix_signs(-axes))
