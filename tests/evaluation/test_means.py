"""Means and how far classes drawn anew would move them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from embedscope.comparison.sampling import mean_interval
from embedscope.evaluation.means import mean_of_means, mean_over_classes
from tests.evaluation.oracles import clustered_variance


def test_one_query_a_class_is_the_ordinary_interval() -> None:
    values = np.random.default_rng(0).random(30)
    ours, plain = mean_over_classes(values, np.arange(30)).interval, mean_interval(values)
    assert (ours.low, ours.high) == pytest.approx((plain.low, plain.high))


def test_classes_that_stand_and_fall_together_widen_it() -> None:
    rng = np.random.default_rng(1)
    classes = np.repeat(np.arange(20), 25)
    values = (rng.random(20) < 0.6).astype(np.float64)[classes]
    ours, plain = mean_over_classes(values, classes), mean_interval(values)
    assert ours.interval.high - ours.interval.low > 3 * (plain.high - plain.low)
    assert ours.variance == pytest.approx(clustered_variance(values, classes.tolist()))


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(2)
    held = 0
    for _ in range(600):
        sizes = rng.integers(2, 12, 40)
        classes = np.repeat(np.arange(40), sizes)
        chance = rng.beta(2, 2, 40)[classes]
        held += (
            0.5 in mean_over_classes((rng.random(len(classes)) < chance).astype(np.float64), classes).interval
        )
    assert 0.92 < held / 600 < 0.98


def test_domains_weigh_the_same_and_degrees_of_freedom_are_satterthwaites() -> None:
    rng = np.random.default_rng(3)
    parts = [mean_over_classes(rng.random(n), np.arange(n)) for n in (10, 50)]
    mean = mean_of_means(parts)
    v = np.array([part.variance for part in parts])
    freedom = v.sum() ** 2 / (v[0] ** 2 / 9 + v[1] ** 2 / 49)
    half = stats.t.ppf(0.975, freedom) * np.sqrt(v.sum()) / 2
    assert mean.value == pytest.approx((parts[0].value + parts[1].value) / 2)
    assert mean.interval.high - mean.value == pytest.approx(half)


def test_nothing_to_average() -> None:
    assert np.isnan(mean_over_classes(np.empty(0), np.empty(0, np.int64)).value)
    assert np.isnan(mean_of_means([]).value)
    certain = mean_over_classes(np.ones(6), np.repeat([0, 1], 3))
    assert mean_of_means([certain, certain]).interval.low == 1.0
