from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import procrustes
from scipy.spatial.distance import pdist
from scipy.stats import rankdata, spearmanr

from embedscope.comparison.alignment import (
    _ranks,
    alignment,
    representational_similarity,
)
from embedscope.comparison.matched import match
from embedscope.comparison.measure_overlap import neighbor_overlap
from embedscope.comparison.moments import Moments
from embedscope.comparison.whole_alignment import debiased_cka, procrustes_distance
from embedscope.spaces.space import Space


def random(n, d, seed=0):
    return np.random.default_rng(seed).standard_normal((n, d)).astype(np.float32)


def slow_hsic(k, m):
    """Song et al.'s unbiased estimator, from two Gram matrices."""
    n = len(k)
    k, m = k - np.diag(np.diag(k)), m - np.diag(np.diag(m))
    one = np.ones(n)
    trace = np.trace(k @ m)
    return (
        trace + (one @ k @ one) * (one @ m @ one) / ((n - 1) * (n - 2)) - 2 * one @ k @ m @ one / (n - 2)
    ) / (n * (n - 3))


def slow_cka(x, y):
    k, m = (side.astype(np.float64) @ side.astype(np.float64).T for side in (x, y))
    return slow_hsic(k, m) / np.sqrt(slow_hsic(k, k) * slow_hsic(m, m))


@given(st.integers(4, 40), st.integers(1, 9), st.integers(1, 9), st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_cka_agrees_with_gram_matrices(n, dx, dy, seed):
    x, y = random(n, dx, seed), random(n, dy, seed + 1)
    y[:, 0] += x[:, 0]
    own = slow_hsic(*(2 * [x.astype(np.float64) @ x.T])), slow_hsic(*(2 * [y.astype(np.float64) @ y.T]))
    if min(own) > 1e-3:  # of a handful of items the unbiased estimator can be negative, and CKA undefined
        assert debiased_cka(Moments.of(x, y)) == pytest.approx(slow_cka(x, y), rel=1e-9, abs=1e-9)


def test_cka_far_from_the_origin_loses_no_digits():
    x, y = random(9000, 5), random(9000, 4, 1)
    y += x[:, :4]
    near = debiased_cka(Moments.of(x, y))
    far = debiased_cka(Moments.of(x + np.float32(64), y - np.float32(256)))
    assert far == pytest.approx(near, abs=1e-4)  # what is lost is the float32 vectors' own rounding


def test_cka_is_the_same_turned_scaled_moved_and_permuted():
    x = random(60, 8)
    y = (x + 0.5 * random(60, 8, 1)) @ random(8, 5, 2)
    turn = np.linalg.qr(random(5, 5, 3).astype(np.float64))[0]
    order = np.random.default_rng(0).permutation(60)
    other = (y.astype(np.float64) @ turn * 3 + 1).astype(np.float32)
    wanted = debiased_cka(Moments.of(x, y))
    assert debiased_cka(Moments.of(x[order], other[order])) == pytest.approx(wanted, abs=1e-6)
    assert procrustes_distance(Moments.of(x[order], other[order])) == pytest.approx(
        procrustes_distance(Moments.of(x, y)), abs=1e-6
    )


def test_unrelated_spaces_have_no_cka_though_items_are_few():
    found = [debiased_cka(Moments.of(random(200, 512, 2 * s), random(200, 512, 2 * s + 1))) for s in range(5)]
    assert abs(np.mean(found)) < 0.02


@pytest.mark.parametrize("dims", [(6, 6), (6, 4), (3, 7)])
def test_procrustes_is_scipys_up_to_the_scale_it_also_fits(dims):
    x, y = random(50, dims[0]), random(50, dims[1], 1)
    y[:, :3] += x[:, :3]
    width = max(dims)
    padded = [np.pad(side.astype(np.float64), ((0, 0), (0, width - side.shape[1]))) for side in (x, y)]
    disparity = procrustes(*padded)[2]
    kept = 1 - procrustes_distance(Moments.of(x, y)) / 2
    assert 1 - kept**2 == pytest.approx(disparity, abs=1e-9)


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_rsa_is_spearman_of_all_distances(make_spaces, metric):
    teacher, student = make_spaces(metric=metric)
    wanted = spearmanr(
        *(pdist(space.vectors.astype(np.float64), metric) for space in (teacher, student))
    ).statistic
    rsa, sampling = representational_similarity(match(teacher, student))
    assert rsa == pytest.approx(wanted, abs=1e-9)
    assert sampling.is_exact


@given(st.lists(st.integers(0, 5), min_size=1, max_size=30))
def test_ranks_are_scipys_with_ties(values):
    np.testing.assert_array_equal(_ranks(np.array(values, float)) + 1, rankdata(values))


def test_intervals_of_sampled_pairs_hold_the_whole(pair):
    both = match(*pair)
    whole = representational_similarity(both, n_pairs=None)[0]
    held = [whole in representational_similarity(both, n_pairs=500, seed=s)[1].interval for s in range(60)]
    assert sum(held) >= 51


def test_a_space_is_aligned_with_itself_turned(pair):
    teacher, _ = pair
    turned = Space.from_arrays(
        teacher.vectors.astype(np.float64) @ np.linalg.qr(random(12, 12).astype(np.float64))[0],
        items=teacher.items,
        ids=teacher.ids,
    )
    both = match(teacher, turned)
    found = alignment(both, neighbor_overlap(both, 10))
    assert found.cka == pytest.approx(1, abs=1e-5)
    assert found.rsa == pytest.approx(1, abs=1e-5)
    assert found.procrustes == pytest.approx(0, abs=1e-5)
    assert found.mutual_knn == 1


def test_under_cosine_lengths_do_not_count(pair):
    teacher, student = pair
    longer = Space.from_arrays(
        teacher.vectors * np.linspace(1, 9, 120)[:, None], items=teacher.items, ids=teacher.ids
    )
    found, wanted = (
        alignment(m, neighbor_overlap(m, 5)) for m in (match(longer, student), match(teacher, student))
    )
    assert found.cka == pytest.approx(wanted.cka, abs=1e-6)
    assert found.procrustes == pytest.approx(wanted.procrustes, abs=1e-6)


def test_it_displays(pair):
    both = match(*pair)
    found = alignment(both, neighbor_overlap(both, 10), n_pairs=1000)
    assert "mutual 10 nearest" in repr(found)
    assert "sampled(n=1,000 of 7,140 pairs" in found._repr_html_()
    assert found.to_frame().num_rows == 4
    assert found.chance == 10 / 119


def test_too_few_or_equal_items_have_no_number():
    one = Space.from_arrays({"a": [1.0, 0.0], "b": [0.5, 0.5]})
    both = match(one, one)
    found = alignment(both, neighbor_overlap(both, 1))
    assert np.isnan(found.cka)
    assert np.isnan(found.rsa)
    assert found.procrustes == pytest.approx(0, abs=1e-9)
    same = np.ones((9, 3), np.float32)
    assert np.isnan(debiased_cka(Moments.of(same, random(9, 3))))
    assert np.isnan(procrustes_distance(Moments.of(same, random(9, 3))))
