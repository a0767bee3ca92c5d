from __future__ import annotations

import numpy as np

from embedscope.neighbors.crowded import crowded_neighbors, first_equal_rows
from embedscope.neighbors.distances import Points
from embedscope.neighbors.keys import search_form


def test_first_equal_rows_point_to_the_first():
    rows = np.array([[1, 2], [3, 4], [1, 2], [3, 4], [5, 6]], np.float32)
    assert first_equal_rows(rows).tolist() == [0, 1, 0, 1, 4]


def test_whole_rows_are_searched_and_ties_go_by_index():
    vectors = np.array([[1, 0], [0, 1], [1, 0], [0, 1], [1, 1]], np.float32)
    points = Points.of(vectors, "cosine")
    form = search_form(points, points, "cosine")
    found = list(
        crowded_neighbors(
            points, points, form, np.array([4, 0]), 3, "cosine", own=np.arange(5), memory=1 << 20
        )
    )
    assert [row for row, _, _ in found] == [4, 0]
    assert found[0][1].tolist() == [0, 1, 2]
    assert found[1][1].tolist() == [2, 4, 1]


def test_nothing_crowded_costs_nothing():
    points = Points.of(np.eye(3, dtype=np.float32), "cosine")
    form = search_form(points, points, "cosine")
    assert not list(
        crowded_neighbors(points, points, form, np.empty(0, np.int64), 1, "cosine", own=None, memory=1)
    )
