from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import pdist

from embedscope._errors import InputError
from embedscope.comparison import pair_sample
from embedscope.comparison.pair_sample import draw_pairs, pair_distances
from embedscope.neighbors.distances import Points


@pytest.mark.parametrize("n", [2, 3, 50])
def test_all_pairs_come_once(n):
    pairs = draw_pairs(n, None)
    assert {(i, j) for i, j in zip(pairs.first, pairs.second, strict=True)} == {
        (i, j) for i in range(n) for j in range(i)
    }
    assert len(pairs) == n * (n - 1) // 2
    assert pairs.sampling.is_exact


def test_a_sample_has_no_pair_twice_and_draws_evenly():
    pairs = draw_pairs(1000, 50_000, seed=1)
    assert (pairs.second < pairs.first).all()
    assert len(np.unique(pairs.first * 1000 + pairs.second)) == 50_000
    often = np.bincount(np.concatenate([pairs.first, pairs.second]), minlength=1000)
    assert abs(often - 100).max() < 50
    assert repr(pairs.sampling) == "sampled(n=50,000 of 499,500 pairs, seed=1)"


def test_rows_are_right_also_where_the_square_root_is_rounded():
    n = 3_000_000_000
    pairs = draw_pairs(n, 1000)
    start = [i * (i - 1) // 2 for i in pairs.first.tolist()]
    codes = pair_sample.draw_rows(n * (n - 1) // 2, 1000, 0).tolist()
    assert [s + j for s, j in zip(start, pairs.second.tolist(), strict=True)] == codes
    assert (pairs.second >= 0).all()
    assert (pairs.second < pairs.first).all()


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_distances_are_scipys(metric, monkeypatch):
    monkeypatch.setattr(pair_sample, "_NUMBERS_AT_ONCE", 100)
    x = np.random.default_rng(0).standard_normal((40, 6)).astype(np.float32) + 2
    pairs = draw_pairs(40, None)
    full = np.zeros((40, 40))
    full[np.triu_indices(40, 1)] = pdist(x.astype(np.float64), metric)
    wanted = full[pairs.second, pairs.first]
    np.testing.assert_allclose(pair_distances(Points.of(x, metric), pairs, metric), wanted, atol=1e-12)


def test_one_item_has_no_pairs():
    with pytest.raises(InputError, match="at least 2"):
        draw_pairs(1)
