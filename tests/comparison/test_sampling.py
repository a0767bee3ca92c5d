from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from embedscope._errors import InputError, MissingError
from embedscope.comparison.sampling import Interval, Sampling, draw_rows, group_means, mean_interval

some_values = arrays(np.float64, st.integers(2, 40), elements=st.floats(-5, 5, width=32))


def test_a_sample_says_its_size_seed_and_interval():
    told = repr(Sampling(80, 1200, seed=3, interval=Interval(0.1, 0.2), unit="pairs"))
    assert told == "sampled(n=80 of 1,200 pairs, seed=3, 95 % interval 0.1 to 0.2)"
    assert repr(Sampling.exact(5)) == "exact"
    assert not Sampling(80, 1200, seed=3).is_exact


def test_a_sample_without_seed_or_too_large_is_refused():
    with pytest.raises(InputError, match="give the seed"):
        Sampling(80, 1200)
    with pytest.raises(InputError, match="wanted 0 to 5"):
        Sampling(6, 5)


def test_rows_are_drawn_once_each_in_order_and_again_by_the_seed():
    rows = draw_rows(1000, 100, seed=4)
    assert len(set(rows.tolist())) == 100
    assert (np.diff(rows) > 0).all()
    np.testing.assert_array_equal(rows, draw_rows(1000, 100, seed=4))
    assert (rows != draw_rows(1000, 100, seed=5)).any()
    np.testing.assert_array_equal(draw_rows(7, 9), np.arange(7))
    with pytest.raises(InputError, match="wanted 1 or more"):
        draw_rows(7, 0)


@given(some_values)
@settings(max_examples=50, deadline=None)
def test_the_normal_interval_is_scipys(values):
    found = mean_interval(values, level=0.9)
    scale = stats.sem(values)
    if scale == 0:
        assert (found.low, found.high) == (values.mean(), values.mean())
    else:
        low, high = stats.t.interval(0.9, len(values) - 1, loc=values.mean(), scale=scale)
        np.testing.assert_allclose([found.low, found.high], [low, high], rtol=1e-9, atol=1e-12)


def test_the_bootstrap_is_near_scipys():
    values = np.random.default_rng(0).exponential(size=300)
    found = mean_interval(values, method="bootstrap")
    wanted = stats.bootstrap((values,), np.mean, method="percentile", n_resamples=5000, rng=1)
    assert found.low == pytest.approx(wanted.confidence_interval.low, abs=0.01)
    assert found.high == pytest.approx(wanted.confidence_interval.high, abs=0.01)
    assert found == mean_interval(values, method="bootstrap")


@pytest.mark.parametrize("method", ["normal", "bootstrap"])
def test_nineteen_of_twenty_intervals_hold_the_mean_of_a_finite_whole(method):
    whole = np.random.default_rng(0).exponential(size=400)
    held = 0
    for seed in range(200):
        sample = whole[draw_rows(400, 200, seed)]
        held += whole.mean() in mean_interval(sample, of=400, method=method, seed=seed)
    assert 180 <= held <= 199


def test_a_sample_of_everything_is_certain():
    values = np.array([0.1, 0.4, 0.7])
    assert mean_interval(values, of=3) == Interval(values.mean(), values.mean())


def test_one_value_gives_no_interval():
    assert np.isnan(mean_interval(np.array([0.5])).low)


def test_wrong_words_are_refused():
    with pytest.raises(InputError, match="between 0 and 1"):
        mean_interval(np.ones(3), level=95.0)
    with pytest.raises(MissingError, match="No interval is called"):
        mean_interval.__wrapped__(np.ones(3), method="wald")


@given(some_values, st.integers(1, 5), st.integers(0, 9))
@settings(max_examples=50, deadline=None)
def test_groups_are_averaged_as_one_by_one(values, n_groups, seed):
    codes = np.random.default_rng(seed).integers(-1, n_groups, len(values))
    found = group_means(values, codes, n_groups)
    for group in range(n_groups):
        of_group = values[codes == group]
        assert found.counts[group] == len(of_group)
        if len(of_group) == 0:
            assert np.isnan(found.means[group])
            continue
        assert found.means[group] == pytest.approx(of_group.mean(), abs=1e-12)
        wanted = mean_interval(of_group)
        np.testing.assert_allclose(
            [found.low[group], found.high[group]], [wanted.low, wanted.high], atol=1e-9, equal_nan=True
        )
