from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from embedscope.comparison.perplexity import sigma_for_perplexity

sys.path.insert(0, str(Path(__file__).parent))
from oracles import perplexity_sigma, squared_distances


def nearest_squares(vectors, k):
    squares = squared_distances(vectors, "euclidean")
    np.fill_diagonal(squares, np.inf)
    return np.sort(squares, axis=1)[:, :k]


@pytest.mark.parametrize("perplexity", [1.5, 5.0, 20.0])
def test_agrees_with_the_slow_search(perplexity):
    vectors = np.random.default_rng(0).normal(size=(50, 6))
    ours = sigma_for_perplexity(nearest_squares(vectors, 30), perplexity)
    np.testing.assert_allclose(ours, perplexity_sigma(vectors, perplexity, 30, "euclidean"), rtol=1e-9)


def test_agrees_with_scikit_learns_t_sne():
    from sklearn.manifold._utils import _binary_search_perplexity

    squares = nearest_squares(np.random.default_rng(1).normal(size=(40, 5)), 24)
    theirs = _binary_search_perplexity(squares.astype(np.float32), 8.0, 0)
    scores = -squares / (2 * sigma_for_perplexity(squares, 8.0)[:, None] ** 2)
    ours = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_more_equal_neighbours_than_the_perplexity_give_the_narrowest():
    squares = np.array([[0.0, 0.0, 0.0, 0.0, 4.0]])
    np.testing.assert_allclose(sigma_for_perplexity(squares, 2.0), 0.01 * np.sqrt(0.8))


def test_rows_of_duplicates_take_the_median_of_the_others():
    squares = np.array([[0.0, 0.0, 0.0], [1.0, 2.0, 3.0]])
    flat, other = sigma_for_perplexity(squares, 2.0)
    assert flat == other
    assert sigma_for_perplexity(squares[:1], 2.0).tolist() == [1.0]


def test_one_neighbour_gives_its_distance():
    assert sigma_for_perplexity(np.array([[4.0], [9.0]]), 1.0).tolist() == [2.0, 3.0]


def rest_of(*given):
    return lambda part: tuple(of[part] for of in given)


def test_an_item_that_stands_for_three_counts_as_three_equal_ones():
    near = np.array([[1.0, 2.0]])
    once = sigma_for_perplexity(near, 3.0, rest_of(np.array([[4.0, 9.0]]), np.array([[3.0, 0.0]])))
    thrice = sigma_for_perplexity(np.array([[1.0, 2.0, 4.0, 4.0, 4.0]]), 3.0)
    np.testing.assert_allclose(once, thrice, rtol=1e-10)


def test_what_is_left_out_does_not_count_even_where_it_is_nearest():
    near = np.array([[1.0, 2.0, 3.0]])
    left_out = rest_of(np.array([[0.0, 1e-9]]), np.zeros((1, 2)))
    np.testing.assert_allclose(
        sigma_for_perplexity(near, 2.0, left_out), sigma_for_perplexity(near, 2.0), rtol=1e-10
    )


def test_rows_are_solved_in_tiles(monkeypatch):
    from embedscope.comparison import perplexity

    squares = nearest_squares(np.random.default_rng(2).normal(size=(30, 4)), 12)
    whole = sigma_for_perplexity(squares, 5.0, rest_of(squares + 3, np.ones_like(squares)))
    monkeypatch.setattr(perplexity, "_ROWS_AT_ONCE", 7)
    tiles = sigma_for_perplexity(squares, 5.0, rest_of(squares + 3, np.ones_like(squares)))
    np.testing.assert_allclose(tiles, whole, rtol=1e-12)
