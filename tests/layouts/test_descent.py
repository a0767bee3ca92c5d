from __future__ import annotations

import numpy as np
import pytest

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


def test_repeats_exactly(graph, start):
    one, other = (descend(start, graph, fit_curve(0.1), n_epochs=20, random_state=3) for _ in range(2))
    np.testing.assert_array_equal(one, other)


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
    # Two items, one edge of membership 1 in both directions, one epoch at full step.
    from scipy.sparse import csr_array

    graph = csr_array((1 - np.eye(2)).astype(np.float32))
    start = np.array([[0, 0], [3, 0]], np.float32)
    end = descend(start, graph, Curve(1.5, 0.9), n_epochs=1, random_state=0)
    assert end[0, 1] == end[1, 1] == 0
    # A pull moves both; then come five draws of item 0 (nothing happens) or 1: so 0 to 5 pushes. Then the other head.
    reachable = {(0.0, 3.0)}
    for head in (0, 1):
        reachable = {pulled(*pair) for pair in reachable}
        after = set(reachable)
        for _ in range(5):
            reachable = {pushed(*pair, head) for pair in reachable}
            after |= reachable
        reachable = after
    assert min(abs(end[0, 0] - x) + abs(end[1, 0] - y) for x, y in reachable) < 1e-3


def pulled(x, y, a=1.5, b=0.9):
    square = (x - y) ** 2
    way = np.clip(-2 * a * b * square ** (b - 1) / (1 + a * square**b) * (x - y), -4, 4)
    return x + way, y - way


def pushed(x, y, head, a=1.5, b=0.9):
    square = (x - y) ** 2
    way = np.clip(2 * b / ((0.001 + square) * (1 + a * square**b)) * (x - y), -4, 4)
    return (x + way, y) if head == 0 else (x, y - way)


def test_actions_have_reactions_as_in_umap(graph, start):
    """From one start, the map is as wide as umap's own: no group drifts off."""
    from umap.layouts import optimize_layout_euclidean
    from umap.umap_ import make_epochs_per_sample

    coo, n_epochs, curve = graph.tocoo(), 200, fit_curve(0.1)
    both = start.copy()
    peer = optimize_layout_euclidean(
        both,
        both,
        coo.row.astype(np.int32),
        coo.col.astype(np.int32),
        n_epochs,
        len(start),
        make_epochs_per_sample(coo.data, n_epochs),
        curve.a,
        curve.b,
        np.array([1, 2, 3], np.int64),
    )
    own = descend(start, graph, curve, n_epochs=n_epochs, random_state=0)
    assert own.std(axis=0) == pytest.approx(peer.std(axis=0), rel=0.25)
