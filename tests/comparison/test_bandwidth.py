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
def test_a_perplexity_agrees_with_the_slow_search(metric):
    widths = Bandwidth.perplexity(5).widths(cloud(), metric)
    assert widths.said == "σ by perplexity 5 among the 15 nearest"
    # The neighbours' distances are float32.
    np.testing.assert_allclose(
        widths.sigma, oracles.perplexity_sigma(cloud(), 5, 15, metric), rtol=2e-6, atol=0
    )


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
