from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom

from embedscope.comparison import ranked_lists
from embedscope.comparison.ranked_lists import (
    chance_jaccard,
    chance_overlap,
    chance_rank_biased_overlap,
    places,
    rank_biased_overlap,
    shared_to_depth,
)


@st.composite
def two_lists(draw):
    n = draw(st.integers(2, 12))
    k = draw(st.integers(1, n))
    first = draw(st.permutations(range(n)))[:k]
    second = draw(st.permutations(range(n)))[:k]
    return np.array([first]), np.array([second])


@given(two_lists(), st.floats(0.05, 0.95))
def test_lists_agree_with_sets_depth_by_depth(lists, p):
    (first,), (second,) = lists
    k = len(first)
    shared = shared_to_depth(*lists)[0]
    slow = [len(set(first[:d]) & set(second[:d])) for d in range(1, k + 1)]
    assert shared.tolist() == slow
    rbo = slow[-1] / k * p**k + (1 - p) / p * sum(slow[d - 1] / d * p**d for d in range(1, k + 1))
    assert rank_biased_overlap(shared[None], p)[0] == pytest.approx(rbo, abs=1e-12)
    assert places(*lists)[0].tolist() == [second.tolist().index(i) if i in second else k for i in first]


@given(two_lists())
def test_the_order_of_the_two_lists_does_not_matter_and_a_list_is_itself(lists):
    np.testing.assert_array_equal(shared_to_depth(*lists), shared_to_depth(*lists[::-1]))
    assert rank_biased_overlap(shared_to_depth(lists[0], lists[0]))[0] == pytest.approx(1, abs=1e-12)


def test_rank_biased_overlap_is_the_infinite_sum_where_the_agreement_stays():
    shared = np.array([[0, 1, 2, 2]])
    p, agreement = 0.8, [0, 0.5, 2 / 3, *[0.5] * 3000]
    infinite = (1 - p) * sum(a * p**d for d, a in enumerate(agreement))
    assert rank_biased_overlap(shared, p)[0] == pytest.approx(infinite, abs=1e-12)


def test_tiles_do_not_change_the_places(monkeypatch):
    rng = np.random.default_rng(0)
    first, second = (np.argsort(rng.random((50, 20)), axis=1)[:, :6] for _ in range(2))
    whole = places(first, second)
    monkeypatch.setattr(ranked_lists, "_TILE", 100)
    np.testing.assert_array_equal(places(first, second), whole)


@given(st.integers(2, 60), st.data())
def test_chance_of_jaccard_is_hypergeometric(n, data):
    k = data.draw(st.integers(1, n - 1))
    x = np.arange(k + 1)
    wanted = hypergeom.pmf(x, n - 1, k, k) @ (x / (2 * k - x))
    assert chance_jaccard(n, k) == pytest.approx(wanted, rel=1e-9)


def test_chance_is_what_random_lists_share():
    n, k, rng = 31, 6, np.random.default_rng(0)
    first, second = (np.argsort(rng.random((20_000, n - 1)), axis=1)[:, :k] for _ in range(2))
    shared = shared_to_depth(first, second)
    x = shared[:, -1]
    assert (x / k).mean() == pytest.approx(chance_overlap(n, k), abs=0.005)
    assert (x / (2 * k - x)).mean() == pytest.approx(chance_jaccard(n, k), abs=0.005)
    assert rank_biased_overlap(shared).mean() == pytest.approx(chance_rank_biased_overlap(n, k), abs=0.005)
