from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.spatial.distance import jensenshannon
from scipy.stats import wasserstein_distance
from sklearn.metrics import roc_auc_score

from embedscope.comparison.distributions import (
    area_under_curve,
    js_divergence,
    js_interval,
    quantiles,
    wasserstein,
)

sys.path.insert(0, str(Path(__file__).parent))
import oracles

COUNTS = arrays(np.int64, 12, elements=st.integers(0, 50)).filter(np.any)


@given(COUNTS, COUNTS)
def test_agree_with_the_slow_versions_scipy_and_scikit_learn(first, second):
    assert js_divergence(first, second) == pytest.approx(oracles.js_of_counts(first, second), abs=1e-12)
    assert js_divergence(first, second) == pytest.approx(jensenshannon(first, second) ** 2, abs=1e-9)
    places = np.arange(12.0)
    assert wasserstein(first, second, 12.0) == pytest.approx(
        wasserstein_distance(places, places, first, second), abs=1e-9
    )
    truth = np.repeat([1, 0], [first.sum(), second.sum()])
    at = np.concatenate([np.repeat(places, first), np.repeat(places, second)])
    assert area_under_curve(first, second) == pytest.approx(roc_auc_score(truth, -at), abs=1e-9)


@given(COUNTS)
def test_quantiles_rise_within_the_filled_bins(counts):
    read = quantiles(counts, np.linspace(0, 1, 21), 12.0)
    filled = np.flatnonzero(counts)
    assert (np.diff(read) >= -1e-9).all()
    assert read[0] == pytest.approx(filled[0])
    assert read[-1] == pytest.approx(filled[-1] + 1)


def test_nothing_counted_is_nan():
    empty, some = np.zeros(3, np.int64), np.array([1, 0, 2])
    assert np.isnan(
        [js_divergence(empty, some), wasserstein(some, empty, 1.0), area_under_curve(empty, some)]
    ).all()
    assert np.isnan(quantiles(empty, np.array([0.5]), 1.0)).all()
    assert np.isnan(js_interval(np.zeros((2, 2), np.int64), 0).low)


def test_the_interval_holds_the_divergence_of_what_was_drawn_from():
    rng = np.random.default_rng(0)
    truth = np.array([[20, 5, 0], [10, 20, 5], [10, 10, 20]]) / 100
    whole = oracles.js_of_counts(truth.sum(1), truth.sum(0))
    held = 0
    for seed in range(40):
        drawn = rng.multinomial(2000, truth.ravel()).reshape(3, 3)
        held += whole in js_interval(drawn, seed)
    assert held >= 32
