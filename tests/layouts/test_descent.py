from __future__ import annotations

import numpy as np
import pytest

from embedscope.layouts import descent
from embedscope.layouts.descent import Curve, descend, fit_curve
from embedscope.layouts.fuzzy import fuzzy_graph
from embedscope.neighbors import exact_neighbors


@pytest.fixture(scope="module")
def graph(bumps):
    return fuzzy_graph(exact_neighbors(bumps, 10))


@pytest.fixture(scope="module")
def start(bumps):
    return np.random.default_rng(0).uniform(0, 10, (len(bumps), 2)).astype(np.float32)


@pytest.mark.parametrize("min_dist", [0.0, 0.1, 0.5, 0.99])
def test_curve_is_umaps(min_dist):
    from umap.umap_ import find_ab_params

    curve = fit_curve(min_dist)
    assert (curve.a, curve.b) == pytest.approx(find_ab_params(1.0, min_dist), rel=1e-6)


def test_repeats_exactly_and_whatever_the_threads(graph, start, monkeypatch):
    monkeypatch.setattr(descent, "_FEWEST_A_THREAD", 10)
    runs = [
        descend(start, graph, fit_curve(0.1), n_epochs=20, random_state=3, n_workers=n) for n in (1, 1, 2, 5)
    ]
    for run in runs[1:]:
        np.testing.assert_array_equal(run, runs[0])


def test_another_seed_is_another_map_and_the_start_is_kept(graph, start):
    before = start.copy()
    one, other = (descend(start, graph, fit_curve(0.1), n_epochs=5, random_state=seed) for seed in (0, 1))
    assert not np.array_equal(one, other)
    np.testing.assert_array_equal(start, before)


def test_neighbours_come_together_and_others_part(graph, start):
    end = descend(start, graph, fit_curve(0.1), n_epochs=200, random_state=0)
    rows, columns = graph.nonzero()
    joined = np.linalg.norm(end[rows] - end[columns], axis=1).mean()
    anyone = np.linalg.norm(end - np.random.default_rng(0).permutation(end), axis=1).mean()
    assert joined < anyone / 4


def test_one_epoch_is_the_formula():
    # Three items in a row, all edges of membership 1, one epoch at full step: no random item but these three.
    from scipy.sparse import csr_array

    graph = csr_array((1 - np.eye(2)).astype(np.float32))
    curve = Curve(1.5, 0.9)
    start = np.array([[0, 0], [3, 0]], np.float32)
    end = descend(start, graph, curve, n_epochs=1, random_state=0)
    assert end[0, 1] == end[1, 1] == 0
    x = 0.0
    for _ in range(2):
        square = (x - 3) ** 2
        x += np.clip(-2 * 1.5 * 0.9 * square**-0.1 / (1 + 1.5 * square**0.9) * (x - 3), -4, 4)
    # After the pulls come five pushes by item 0 (where it was) or item 1, drawn at random: each has two outcomes.
    reachable = {x}
    for _ in range(5):
        reachable = {p + push(p, other) for p in reachable for other in (0.0, 3.0)}
    assert min(abs(end[0, 0] - p) for p in reachable) < 1e-4


def push(x, other, a=1.5, b=0.9):
    square = (x - other) ** 2
    if square == 0:
        return 0.0
    return np.clip(2 * b / ((0.001 + square) * (1 + a * square**b)) * (x - other), -4, 4)
