from __future__ import annotations

import numpy as np
import pytest
import torch

from embedscope._errors import InputError
from embedscope.comparison.bandwidth import Bandwidth
from embedscope.training.calibration import calibrate, squared_distances

METRICS = ("cosine", "euclidean")


def vectors(n=60, dims=5, seed=0):
    return np.random.default_rng(seed).standard_normal((n, dims)).astype(np.float32)


def test_a_fixed_sigma_stays_as_it_is():
    found = calibrate(vectors(1), Bandwidth.fixed(0.3))
    assert found.sigma == 0.3
    assert found.of_batch(torch.ones(3, 2, dtype=torch.float64)).tolist() == [0.3, 0.3, 0.3]


@pytest.mark.parametrize("metric", METRICS)
def test_the_mean_distance_is_that_of_the_sample_and_not_of_the_batch(metric):
    x = vectors()
    found = calibrate(x, Bandwidth.mean_distance(0.5), metric)
    assert found.sigma == Bandwidth.mean_distance(0.5).widths(x, metric).sigma[0]
    assert found.of_batch(torch.from_numpy(9 * x[:4])).tolist() == pytest.approx([found.sigma] * 4)


def test_past_the_sample_items_are_drawn_by_the_seed():
    x = vectors(400)
    rule = Bandwidth.mean_distance(0.5)
    whole = calibrate(x, rule).sigma
    drawn = [calibrate(x, rule, sample=50, seed=seed).sigma for seed in (0, 0, 1)]
    assert drawn[0] == drawn[1] != drawn[2]
    assert drawn == pytest.approx([whole] * 3, rel=0.1)


@pytest.mark.parametrize("n", [2, 3, 12, 100])
@pytest.mark.parametrize("metric", METRICS)
def test_a_perplexity_is_that_of_each_row_among_its_batch_as_the_comparison_finds_it(metric, n):
    x = vectors(n)
    rule = Bandwidth.perplexity(5)
    found = calibrate(vectors(80), rule, metric)
    assert found.sigma is None
    wanted = rule.widths(x, metric).sigma
    np.testing.assert_allclose(found.of_batch(torch.from_numpy(x)), wanted, rtol=1e-5)


def test_rows_equal_to_all_others_get_one():
    same = torch.ones(5, 3)
    assert calibrate(vectors(), Bandwidth.perplexity(5)).of_batch(same).tolist() == [1.0] * 5


@pytest.mark.parametrize("metric", METRICS)
def test_squared_distances_are_by_differences(metric):
    x = torch.from_numpy(vectors(6)) + 1000
    exact = x.double()
    if metric == "cosine":
        exact = exact / exact.norm(dim=1, keepdim=True)
    wanted = [
        [float(((a - b) ** 2).sum()) for j, b in enumerate(exact) if j != i] for i, a in enumerate(exact)
    ]
    np.testing.assert_allclose(squared_distances(x, metric), wanted, rtol=1e-12)


def test_what_cannot_be_calibrated_says_what_to_type():
    with pytest.raises(
        InputError, match=r"1 item of this domain came: give 2 or more, or a fixed one: Bandwidth\.fixed"
    ):
        calibrate(vectors(1), Bandwidth.mean_distance())
    with pytest.raises(InputError, match=r"All 3 vectors of this domain are equal.*Bandwidth\.fixed"):
        calibrate(np.ones((3, 2), np.float32), Bandwidth.mean_distance())
