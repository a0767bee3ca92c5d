from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from embedscope.comparison.far_items import DRAWN, FarItems
from embedscope.neighbors import exact_neighbors

sys.path.insert(0, str(Path(__file__).parent))
from oracles import squared_distances


def cloud(n, dims=5):
    return np.random.default_rng(0).normal(size=(n, dims)).astype(np.float32)


def far_of(x, k, metric):
    return FarItems.of(x, metric, exact_neighbors(x, k, metric=metric), k)


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_few_items_are_all_there_and_each_stands_for_itself(metric):
    x = cloud(50)
    far = far_of(x, 7, metric)
    assert far.exact
    squares, weights = far.squares(slice(10, 30))
    np.testing.assert_allclose(squares, squared_distances(x, metric)[10:30], atol=1e-12)
    assert set(np.unique(weights)) == {0.0, 1.0}
    assert (weights.sum(axis=1) == 50 - 1 - 7).all()
    for row, own in enumerate(range(10, 30)):
        assert not weights[row, own]
        assert not weights[row, far.neighbors.indices[own]].any()


def test_a_sample_stands_for_all_that_are_not_among_the_nearest():
    x = cloud(2000)
    far = far_of(x, 10, "cosine")
    assert not far.exact
    assert len(far.drawn) == DRAWN
    squares, weights = far.squares(slice(0, 2000))
    assert squares.shape == (2000, DRAWN)
    np.testing.assert_allclose(weights.sum(axis=1), 2000 - 1 - 10)
    own = np.searchsorted(far.drawn, far.drawn)
    assert (weights[far.drawn, own] == 0).all()


def test_the_boundary_between_all_and_a_sample():
    k = 3
    assert far_of(cloud(DRAWN + k + 1), k, "cosine").exact
    assert not far_of(cloud(DRAWN + k + 2), k, "cosine").exact


def test_far_from_the_origin_no_digits_are_lost():
    x = cloud(40) + np.float32(1000)
    squares, _ = far_of(x, 3, "euclidean").squares(slice(0, 40))
    np.testing.assert_allclose(squares, squared_distances(x, "euclidean"), atol=1e-10)


def test_the_sample_is_always_the_same():
    x = cloud(1000)
    assert (far_of(x, 3, "cosine").drawn == far_of(x, 3, "cosine").drawn).all()
