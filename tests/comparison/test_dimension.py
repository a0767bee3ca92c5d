from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedscope.comparison.dimension import effective_rank, singular_values, two_nn
from embedscope.neighbors import exact_neighbors


def slow_two_nn(x):
    logs = []
    for i in range(len(x)):
        r = sorted(np.linalg.norm(x[j] - x[i]) for j in range(len(x)) if j != i)
        if r[0] > 0:
            logs.append(np.log(r[1] / r[0]))
    logs.sort()
    n = len(logs)
    kept = range(min(n - 1, int(0.9 * n)))
    y = [-np.log(1 - (i + 1) / n) for i in kept]
    return sum(y[i] * logs[i] for i in kept) / sum(logs[i] ** 2 for i in kept)


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_agrees_with_a_slow_version(metric):
    x = np.random.default_rng(0).standard_normal((150, 4))
    x[:20] = x[20:40]
    x = x.astype(np.float32).astype(np.float64)
    seen = x / np.linalg.norm(x, axis=1, keepdims=True) if metric == "cosine" else x
    unique_up_to_rounding = np.unique(seen.round(12), axis=0)
    assert len(unique_up_to_rounding) == 130
    found = two_nn(exact_neighbors(x, 2, metric=metric))
    assert found == pytest.approx(slow_two_nn(seen.round(12)), rel=1e-4)


@pytest.mark.parametrize("dims", [1, 2, 4])
def test_reads_the_dimension_of_a_cube_in_many_dims(dims):
    rng = np.random.default_rng(1)
    turned = rng.random((3000, dims)) @ np.linalg.qr(rng.standard_normal((20, 20)))[0][:dims]
    assert two_nn(exact_neighbors(turned, 2, metric="euclidean")) == pytest.approx(dims, rel=0.12)


def test_under_cosine_the_sphere_has_its_own_dimension():
    sphere = np.random.default_rng(2).standard_normal((3000, 4))
    assert two_nn(exact_neighbors(sphere, 2)) == pytest.approx(3, rel=0.12)


def test_nothing_but_duplicates_has_no_dimension():
    assert np.isnan(two_nn(exact_neighbors(np.ones((5, 2)), 2)))
    assert np.isnan(two_nn(exact_neighbors(np.repeat(np.eye(3), 3, axis=0), 2)))


def test_singular_values_are_numpys():
    x = (np.random.default_rng(0).standard_normal((9000, 6)) * [9, 5, 3, 1, 0.1, 0] + 7).astype(np.float32)
    centred = x.astype(np.float64) - x.mean(axis=0, dtype=np.float64)
    np.testing.assert_allclose(
        singular_values(x), np.linalg.svd(centred, compute_uv=False), rtol=1e-6, atol=1e-4
    )


@given(st.integers(1, 30), st.floats(0.1, 10))
def test_equal_values_count_each(n, size):
    assert effective_rank(np.full(n, size)) == pytest.approx(n)


def test_effective_rank_is_between_one_and_all():
    assert effective_rank(np.array([1.0, 0, 0])) == 1
    assert 1 < effective_rank(np.array([1.0, 0.1, 0.1])) < 3
    assert np.isnan(effective_rank(np.zeros(3)))
