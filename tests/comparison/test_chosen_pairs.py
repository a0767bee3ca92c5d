"""Pairs among chosen items fall into the bins that all pairs have."""

from __future__ import annotations

import numpy as np
import pytest

from embedscope._errors import InputError
from embedscope.comparison.chosen_pairs import measure_pairs, pairs_among
from embedscope.comparison.comparison import compare


def test_pairs_among_all_items_are_all_pairs(pair):
    comparison = compare(*pair)
    found = comparison.distances()
    chosen = pairs_among(comparison.matched, np.arange(len(comparison)), found.scale)
    np.testing.assert_array_equal(chosen.joint, found["all"].joint)
    np.testing.assert_allclose(chosen.means, found["all"].means)
    assert (chosen.kind, repr(chosen.sampling)) == ("selected", "exact")


def test_pairs_among_some_are_counted_one_by_one(pair):
    comparison = compare(*pair)
    scale = comparison.distances().scale
    rows = np.array([3, 40, 41, 90])
    chosen = pairs_among(comparison.matched, rows, scale)
    pairs = np.array([(a, b) for a in rows for b in rows if a > b])
    measured = measure_pairs(comparison.matched, pairs, scale)
    bins = [np.bincount(scale.shown(side), minlength=scale.bins) for side in measured.T]
    np.testing.assert_array_equal(chosen.teacher, bins[0])
    np.testing.assert_array_equal(chosen.student, bins[1])
    assert {tuple(sorted(pair)) for pair in chosen.examples().tolist()} == {
        tuple(sorted(pair)) for pair in pairs.tolist()
    }


def test_measured_pairs_are_the_spaces_own_distances(pair):
    comparison = compare(*pair)
    scale = comparison.distances().scale
    measured = measure_pairs(comparison.matched, np.array([[5, 2]]), scale)
    for place, space in enumerate(pair):
        near = space.neighbors(len(space) - 1)
        at = near.distances[5][near.indices[5] == 2][0]
        assert measured[0, place] == pytest.approx(at * scale.factors[place], rel=1e-5)


@pytest.mark.parametrize("rows", [np.arange(1), np.arange(2001)])
def test_too_few_and_too_many_are_refused(rows, pair):
    comparison = compare(*pair)
    with pytest.raises(InputError, match="2 to 2,000 items"):
        pairs_among(comparison.matched, rows, comparison.distances().scale)
