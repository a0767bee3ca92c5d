from __future__ import annotations

import numpy as np

from embedscope.comparison.groups import Groups
from embedscope.comparison.pair_kinds import group_pairs, is_same

LABELS = Groups.of([0, 1, None, 0, 1, 0, 2, None], "label")


def test_pairs_of_one_group_are_all_there():
    pairs = group_pairs(LABELS, 100, 0)
    assert set(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)) == {
        (3, 0),
        (5, 0),
        (5, 3),
        (4, 1),
    }
    assert pairs.sampling.is_exact


def test_drawn_pairs_of_one_group_are_equally_likely():
    labels = Groups(np.repeat([0, 1], [12, 4]), ("a", "b"))
    drawn = np.zeros((16, 16))
    for seed in range(300):
        pairs = group_pairs(labels, 24, seed)
        assert len(pairs) == 24
        drawn[pairs.first, pairs.second] += 1
    there = drawn[drawn > 0]
    assert len(there) == 66 + 6
    # 100 of 300 are expected of each of 72 pairs; 5 standard deviations are 41.
    assert np.abs(there - 100).max() < 41


def test_missing_labels_are_neither_same_nor_different():
    first, second = np.array([2, 3, 1, 7]), np.array([0, 0, 0, 2])
    same, different = is_same(LABELS, first, second)
    assert same.tolist() == [False, True, False, False]
    assert different.tolist() == [False, False, True, False]
