from __future__ import annotations

import numpy as np

from embedscope.comparison.diverging import color_limit, color_shares


def test_one_cell_in_fifty_may_lie_beyond():
    values = np.ones((10, 10))
    values[0, :2] = [-50, 70]
    assert color_limit(values) == 1
    values[0, 2] = 9
    assert color_limit(values) == 9


def test_nothing_and_nothing_but_zeros():
    assert color_limit(np.full((2, 2), np.nan)) == 0
    assert color_limit(np.zeros((2, 2))) == 0
    assert color_limit(np.eye(20)) == 1
    assert (color_shares(np.zeros((2, 2)), 0.0) == 0).all()


def test_shares_are_roots_and_end_at_one():
    shares = color_shares(np.array([[0.25, -1.0, 8.0, np.nan]]), 1.0)
    np.testing.assert_array_equal(shares, [[0.5, -1, 1, np.nan]])
