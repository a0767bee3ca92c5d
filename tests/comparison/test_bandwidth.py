from __future__ import annotations

import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

from embedscope._errors import EmbedscopeWarning, InputError
from embedscope.comparison.bandwidth import Bandwidth, mean_distance, warn_of_rounding, warn_of_widths
from embedscope.neighbors import exact_neighbors

sys.path.insert(0, str(Path(__file__).parent))
import oracles

METRICS = ("cosine", "euclidean")


def cloud(n=120, dims=7):
    return np.random.default_rng(0).normal(size=(n, dims)).astype(np.float32)


@pytest.mark.parametrize("metric", METRICS)
def test_the_mean_distance_is_that_of_all_pairs(metric):
    assert mean_distance(cloud(), metric) == pytest.approx(oracles.mean_distance(cloud(), metric), rel=1e-12)


def test_past_all_pairs_the_mean_distance_is_sampled_and_repeats():
    x = cloud(900)
    assert mean_distance(x, "cosine") == mean_distance(x, "cosine")
    assert mean_distance(x, "cosine") == pytest.approx(oracles.mean_distance(x), rel=2e-3)


@pytest.mark.parametrize("metric", METRICS)
def test_a_perplexity_agrees_with_the_slow_search_over_all_others(metric):
    widths = Bandwidth.perplexity(5).widths(cloud(), metric)
    assert widths.said == "σ by perplexity 5 over all others"
    # The neighbours' distances are float32.
    np.testing.assert_allclose(
        widths.sigma, oracles.perplexity_sigma(cloud(), 5, metric=metric), rtol=2e-6, atol=0
    )


def spheres(n, dims):
    return np.random.default_rng(1).normal(size=(n, dims)).astype(np.float32)


def clusters(n, dims):
    rng = np.random.default_rng(2)
    centres = rng.normal(size=(20, dims))
    return (centres[rng.integers(0, 20, n)] + 0.6 * rng.normal(size=(n, dims))).astype(np.float32)


def few_directions(n, dims):
    rng = np.random.default_rng(3)
    return (rng.normal(size=(n, dims)) * np.arange(1, dims + 1) ** -0.7).astype(np.float32)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("make", [spheres, clusters, few_directions])
def test_a_perplexity_of_30_is_30_effective_neighbours_among_5000(make, metric):
    x = make(5000, 384)
    widths = Bandwidth.perplexity(30).widths(x, metric)
    assert widths.said == "σ by perplexity 30 over all others: the 90 nearest and 512 drawn"
    rows = np.arange(0, 5000, 50)
    # float64, over the whole row: the oracle takes its rows from the front.
    order = np.concatenate([rows, np.setdiff1d(np.arange(5000), rows)])
    found = oracles.effective_neighbors(x[order], widths.sigma[rows], metric)
    assert np.median(found) == pytest.approx(30, rel=0.05)
    assert np.percentile(found, 5) > 30 * 0.8
    assert np.percentile(found, 95) < 30 * 1.2


def test_a_perplexity_repeats_to_the_bit():
    x = clusters(1500, 16)
    first, again = (Bandwidth.perplexity(30).widths(x).sigma for _ in range(2))
    assert (first == again).all()


def test_more_exact_neighbours_come_nearer():
    x = spheres(3000, 64)
    known = exact_neighbors(x, 1500)
    rows = np.arange(60)
    off = [
        np.abs(
            oracles.effective_neighbors(x, Bandwidth.perplexity(30, k).widths(x, "cosine", known).sigma[rows])
            - 30
        ).mean()
        for k in (40, 1500)
    ]
    assert off[1] < off[0] / 2


def test_duplicates_and_ties_leave_a_finite_width():
    copies = np.repeat(spheres(20, 8), 100, axis=0)
    sigma = Bandwidth.perplexity(30).widths(copies).sigma
    assert np.isfinite(sigma).all()
    assert (sigma > 0).all()
    grid = np.stack(np.meshgrid(*[np.arange(40.0)] * 2), axis=-1).reshape(-1, 2).astype(np.float32)
    sigma = Bandwidth.perplexity(30).widths(grid, "euclidean").sigma
    found = oracles.effective_neighbors(grid, sigma[:200], "euclidean")
    assert np.median(found) == pytest.approx(30, rel=0.05)


def test_how_many_nearest_are_exact():
    assert Bandwidth.perplexity(30).nearest(5000) == 90
    assert Bandwidth.perplexity(30, k=200).nearest(5000) == 200
    assert Bandwidth.perplexity(30, k=200).nearest(50) == 49
    assert Bandwidth.fixed(1).nearest(5000) == 0


def test_known_neighbours_are_used_where_there_are_enough():
    known = exact_neighbors(cloud(), 40)
    ours = Bandwidth.perplexity(5).widths(cloud(), "cosine", known).sigma
    assert (ours == Bandwidth.perplexity(5).widths(cloud()).sigma).all()
    few = exact_neighbors(cloud(), 3)
    assert (Bandwidth.perplexity(5).widths(cloud(), "cosine", few).sigma == ours).all()


def test_neighbours_of_another_metric_are_not_used():
    other = exact_neighbors(cloud(), 40, metric="euclidean")
    ours = Bandwidth.perplexity(5).widths(cloud(), "cosine", other).sigma
    assert (ours == Bandwidth.perplexity(5).widths(cloud()).sigma).all()


@pytest.mark.parametrize("n", [2, 3, 5, 50])
def test_the_perplexity_fits_few_items(n):
    widths = Bandwidth.perplexity(30).widths(cloud(n))
    assert np.isfinite(widths.sigma).all()
    assert (widths.sigma > 0).all()
    assert "perplexity 30" not in widths.said
    if n > 2:
        found = oracles.effective_neighbors(cloud(n), widths.sigma)
        np.testing.assert_allclose(found, min(n / 2, max(2, (n - 1) / 20)), rtol=1e-5)


def test_fixed_and_factor():
    assert Bandwidth.fixed(0.2).widths(cloud(4)).sigma.tolist() == [0.2] * 4
    half, whole = (Bandwidth.mean_distance(f).widths(cloud()).sigma[0] for f in (0.5, 1.0))
    assert whole == pytest.approx(2 * half)
    assert Bandwidth.mean_distance() == Bandwidth.mean_distance(0.25)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Bandwidth.fixed(0),
        lambda: Bandwidth.fixed(float("nan")),
        lambda: Bandwidth.mean_distance(-1),
        lambda: Bandwidth.perplexity(1),
        lambda: Bandwidth.perplexity(float("inf")),
    ],
)
def test_refuses_what_is_no_width(make):
    with pytest.raises(InputError, match=r"wanted a number above"):
        make()


def test_refuses_a_perplexity_above_k():
    with pytest.raises(InputError, match="k=90"):
        Bandwidth.perplexity(30, k=30)


def test_equal_vectors_have_no_mean_distance():
    with pytest.raises(InputError, match=r"Bandwidth\.fixed"):
        Bandwidth.mean_distance().widths(np.ones((3, 2), np.float32))
    assert Bandwidth.perplexity().widths(np.ones((30, 2), np.float32)).sigma.tolist() == [1.0] * 30


def test_warns_of_neighbourhoods_too_wide_or_too_narrow():
    with pytest.warns(EmbedscopeWarning, match="teacher's anchors.*over a tenth of 100"):
        warn_of_widths(np.full(100, 10.5), 100, "teacher")
    with pytest.warns(EmbedscopeWarning, match="student's.*under 2"):
        warn_of_widths(np.full(100, 1.9), 100, "student")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_of_widths(np.full(100, 9.9), 100, "teacher")
        warn_of_widths(np.full(2, 1.0), 2, "teacher")


def test_warns_where_float32_is_too_coarse():
    with pytest.warns(EmbedscopeWarning, match="float64"):
        warn_of_rounding(cloud(), np.full(120, 1e-3), "cosine", "teacher")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_of_rounding(cloud(), np.full(120, 1e-2), "cosine", "teacher")
        warn_of_rounding(1e-3 * cloud(), np.full(120, 1e-3), "euclidean", "teacher")


@pytest.mark.parametrize(("n", "wanted"), [(2, 1.0), (3, 1.5), (30, 2.0), (201, 10.0), (1000, 30.0)])
def test_a_perplexity_is_cut_among_few_items(n, wanted):
    assert Bandwidth.perplexity(30).among(n) == wanted
