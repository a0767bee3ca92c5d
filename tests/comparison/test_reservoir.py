from __future__ import annotations

import numpy as np

from embedscope.comparison.reservoir import Reservoir, smallest


def some_pairs(n=4000, seed=0):
    rng = np.random.default_rng(seed)
    first, second = np.triu_indices(120, 1)
    chosen = rng.permutation(len(first))[:n]
    return rng.integers(0, 6, n), first[chosen], second[chosen]


def test_keeps_the_same_pairs_whatever_the_order_and_the_chunks():
    cells, first, second = some_pairs()
    whole, parts = Reservoir(6), Reservoir(6)
    whole.add(cells, first, second)
    order = np.random.default_rng(1).permutation(len(cells))
    for part in np.array_split(order, 37):
        parts.add(cells[part], first[part], second[part])
    for one, two in zip(whole.finish(), parts.finish(), strict=True):
        assert (one == two).all()
    pairs, _ = whole.finish()
    belongs = {
        (a, b): cell for cell, a, b in zip(*(part.tolist() for part in (cells, first, second)), strict=True)
    }
    for cell in range(6):
        assert all(belongs[tuple(pair)] == cell for pair in pairs[cell].tolist())


def test_a_pair_that_comes_twice_counts_once():
    reservoir = Reservoir(1)
    for _ in range(3):
        reservoir.add(np.zeros(2, np.int64), np.array([1, 2]), np.array([0, 0]))
    assert sorted(smallest(*reservoir.finish()).tolist()) == [[1, 0], [2, 0]]


def test_every_pair_is_as_likely():
    drawn = np.zeros(40)
    for seed in range(600):
        reservoir = Reservoir(1, seed)
        reservoir.add(np.zeros(40, np.int64), np.arange(1, 41), np.zeros(40, np.int64))
        drawn[smallest(*reservoir.finish())[:, 0] - 1] += 1
    # 120 of 600 are expected of each; 5 standard deviations are 49.
    assert np.abs(drawn - 120).max() < 49


def test_cells_together_give_the_smallest_of_all():
    cells, first, second = some_pairs()
    apart, together = Reservoir(6), Reservoir(1)
    apart.add(cells, first, second)
    together.add(np.zeros_like(cells), first, second)
    assert smallest(*apart.finish()).tolist() == smallest(*together.finish()).tolist()
