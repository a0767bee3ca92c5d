from __future__ import annotations

import numpy as np
import pytest

from embedscope._errors import MissingError
from embedscope.comparison.matched import match
from embedscope.comparison.measure_overlap import neighbor_overlap
from embedscope.spaces.space import Space


@pytest.fixture
def found(pair):
    return neighbor_overlap(match(*pair), 6)


def test_each_neighbour_is_kept_re_ranked_lost_or_gained(pair, found):
    for row in range(0, 120, 13):
        changes = found.changes(f"i{row}")
        one, two = ([pair[0].ids[j] for j in side[row]] for side in (found.teacher, found.student))
        assert changes.lost == tuple(i for i in one if i not in two)
        assert changes.gained == tuple(i for i in two if i not in one)
        assert changes.kept == tuple(a for a, b in zip(one, two, strict=True) if a == b)
        assert set(changes.re_ranked) == set(one) & set(two) - set(changes.kept)
        assert changes.recall == pytest.approx(found.recall[row])
        assert changes.items.ids[:6] == tuple(one)


def test_ranks_and_distances_are_those_of_either_space(pair, found):
    changes = found.changes("i5")
    for space, ranks, distances in (
        (pair[0], changes.teacher_ranks, changes.teacher_distances),
        (pair[1], changes.student_ranks, changes.student_distances),
    ):
        order = space.neighbors(119)
        np.testing.assert_array_equal(order.indices[5][ranks - 1], changes.rows)
        np.testing.assert_array_equal(order.distances[5][ranks - 1], distances)


def test_an_item_outside_the_sample_is_followed_too(make_spaces):
    some = neighbor_overlap(match(*make_spaces()), 6, sample=10)
    outside = next(row for row in range(120) if row not in some.rows)
    whole = neighbor_overlap(match(*make_spaces()), 6)
    one, two = (x.changes(f"i{outside}") for x in (some, whole))
    assert one.to_frame() == two.to_frame()


def test_rows_are_those_of_the_comparison_after_matching(pair):
    teacher, student = pair
    order = np.random.default_rng(0).permutation(100)
    both = match(teacher, student.subset([f"i{row}" for row in order]))
    changes = neighbor_overlap(both, 4).changes("i42")
    assert tuple(both.ids[row] for row in changes.rows) == changes.items.ids


def test_it_displays_and_says_what_changed(found):
    changes = found.changes("i5")
    words = f"'i5': of 6 neighbours {len(changes.kept)} kept"
    assert words in repr(changes)
    assert "student rank" in changes._repr_html_()
    assert changes.to_frame().num_rows == len(changes) == 6 + len(changes.gained)


def test_two_items_and_an_unknown_one():
    one = Space.from_arrays({"a": [1.0, 0.0], "b": [0.5, 0.5]})
    both = neighbor_overlap(match(one, one), 1)
    assert both.changes("a").kept == ("b",)
    with pytest.raises(MissingError, match="1 of 1 ids are not among the 2 items"):
        both.changes("c")
