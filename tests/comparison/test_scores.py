from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from embedscope.comparison.bandwidth import Bandwidth
from embedscope.comparison.divergence import divergence
from embedscope.comparison.groups import Groups
from embedscope.comparison.neighborhoods import Neighborhoods
from embedscope.comparison.scores import ScoreForm, batch_scores, kl_of_scores, without_diagonal

sys.path.insert(0, str(Path(__file__).parent))
import oracles
from clouds import clouds

METRICS = ("cosine", "euclidean")


@pytest.mark.parametrize("metric", METRICS)
def test_scores_differ_from_the_definition_by_a_constant_a_row(metric):
    x = clouds()[0]
    sigma = np.random.default_rng(0).uniform(0.5, 2, len(x))
    form = ScoreForm.of(torch.from_numpy(x).double(), metric)
    scores = form.scores(form.anchors(torch.arange(len(x)), torch.from_numpy(sigma)), slice(None)).numpy()
    gap = scores + oracles.squared_distances(x, metric) / (2 * sigma[:, None] ** 2)
    np.testing.assert_allclose(gap, np.broadcast_to(gap[:, :1], gap.shape), atol=1e-10)


def test_euclidean_scores_in_float32_survive_a_far_origin():
    x = clouds()[0] + np.float32(100)
    sigma = torch.full((len(x),), 1.0)
    scores = batch_scores(torch.from_numpy(x), sigma, "euclidean")
    wanted = batch_scores(torch.from_numpy(x).double(), sigma.double(), "euclidean")
    np.testing.assert_allclose(scores.log_softmax(1), wanted.log_softmax(1), atol=2e-4)


@pytest.mark.parametrize("metric", METRICS)
def test_the_loss_of_a_batch_is_the_mean_divergence_of_that_batch(metric):
    teacher, student, codes = clouds()
    sides = [Neighborhoods.of(x, Bandwidth.mean_distance(0.15), metric) for x in (teacher, student)]
    rows = [batch_scores(torch.from_numpy(s.vectors), torch.from_numpy(s.sigma), metric) for s in sides]
    loss = float(kl_of_scores(*rows).mean())
    found = divergence(*sides, Groups(codes, "abcde"), device="cpu")
    assert loss == pytest.approx(found.mean_kl, abs=1e-6)


@pytest.mark.parametrize("metric", METRICS)
def test_gradients_are_those_of_the_loss(metric):
    teacher, student, _ = clouds(8)
    sigma = torch.full((8,), 0.7, dtype=torch.float64)
    goal = batch_scores(torch.from_numpy(teacher).double(), sigma, metric)
    moving = torch.from_numpy(student).double().requires_grad_()
    assert torch.autograd.gradcheck(lambda x: kl_of_scores(goal, batch_scores(x, sigma, metric)), moving)


def test_without_diagonal():
    square = np.arange(16.0).reshape(4, 4)
    wanted = square[~np.eye(4, dtype=bool)].reshape(4, 3)
    assert (without_diagonal(torch.from_numpy(square)).numpy() == wanted).all()
