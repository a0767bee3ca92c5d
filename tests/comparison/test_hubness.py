from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import skew

from embedscope.comparison.hubness import Hubness
from embedscope.neighbors import exact_neighbors


@given(st.integers(3, 40), st.integers(0, 99))
def test_counts_skew_and_gini_agree_with_slow_versions(n, seed):
    rng = np.random.default_rng(seed)
    k = int(rng.integers(1, n))
    lists = np.stack([rng.permutation([j for j in range(n) if j != i])[:k] for i in range(n)])
    found = Hubness.of(lists)
    counts = [sum(j in row for row in lists.tolist()) for j in range(n)]
    assert found.counts.tolist() == counts
    if len(set(counts)) > 1:
        assert found.skewness == pytest.approx(skew(counts), abs=1e-9)
    differences = sum(abs(a - b) for a in counts for b in counts)
    assert found.gini == pytest.approx(differences / (2 * n * sum(counts)), abs=1e-9)
    assert found.antihubs == counts.count(0) / n
    assert found.shares().mean() == pytest.approx(1)


def test_hubs_come_first_equal_ones_by_index():
    assert Hubness(np.array([2, 5, 0, 5]), 3).hubs(3).tolist() == [1, 3, 0]


def test_a_ring_has_no_hubs():
    angle = np.arange(12) * 2 * np.pi / 12
    ring = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    found = Hubness.of(exact_neighbors(ring, 2).indices)
    assert (found.skewness, found.antihubs) == (0, 0)
    assert found.gini == pytest.approx(0)


def test_many_dimensions_have_more_hubs_than_few():
    rng = np.random.default_rng(0)
    few, many = (
        Hubness.of(exact_neighbors(rng.standard_normal((500, d)), 5, metric="euclidean").indices)
        for d in (2, 60)
    )
    assert many.skewness > few.skewness + 1
    assert many.antihubs > few.antihubs + 0.1
