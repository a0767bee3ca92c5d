from __future__ import annotations

import numpy as np

from embedscope.comparison.seriation import seriate


def test_groups_on_a_line_come_in_their_order():
    rng = np.random.default_rng(0)
    place = rng.permutation(8)
    near = np.exp(-((place[:, None] - place) ** 2.0))
    order = seriate(near / near.sum(axis=1, keepdims=True), np.full(8, 5))
    steps = np.diff(place[order])
    assert (steps == 1).all() or (steps == -1).all()


def test_the_end_with_the_larger_group_comes_first():
    near = np.exp(-((np.arange(5)[:, None] - np.arange(5)) ** 2.0))
    assert seriate(near, np.array([1, 2, 3, 4, 5])).tolist() == [4, 3, 2, 1, 0]


def test_empty_groups_and_rows_without_anchors_come_last():
    mass = np.full((4, 4), 0.25)
    mass[2] = np.nan
    assert seriate(mass, np.array([3, 0, 3, 3])).tolist() == [0, 3, 1, 2]


def test_masses_of_0_are_far():
    order = seriate(np.eye(4), np.full(4, 2))
    assert sorted(order.tolist()) == [0, 1, 2, 3]
