from __future__ import annotations

import math
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from embedscope.comparison.bandwidth import Bandwidth
from embedscope.comparison.divergence import divergence
from embedscope.comparison.groups import Groups
from embedscope.comparison.neighborhoods import Neighborhoods
from embedscope.training.losses.names import make_loss

sys.path.insert(0, str(Path(__file__).parent))
import taught

METRICS = ("cosine", "euclidean")
WAYS = {
    "kl": taught.kl,
    "reverse_kl": lambda p, q: taught.kl(q, p),
    "js": lambda p, q: (
        sum(taught.kl(x, [(a + b) / 2 for a, b in zip(p, q, strict=True)]) for x in (p, q)) / 2
    ),
}
RULES = (Bandwidth.fixed(0.8), Bandwidth.mean_distance(0.4), Bandwidth.perplexity(4))

# Of so few items a comparison warns that a tenth of them is wide: here the numbers alone count.
WIDE = "ignore:The .* anchors have a median:embedscope._errors.EmbedscopeWarning"


def cloud(n=40, seed=0, dims=(9, 5)):
    rng = np.random.default_rng(seed)
    teacher = rng.standard_normal((n, dims[0])).astype(np.float32)
    student = (teacher @ rng.standard_normal(dims) + 0.3 * rng.standard_normal((n, dims[1]))).astype(
        np.float32
    )
    return teacher, student / np.linalg.norm(student, axis=1, keepdims=True)


def test_kl_of_three_points_by_hand():
    # Teacher: the first is 1 from the second and 2 from the third; student: at a right angle to both.
    teacher, student = [[0.0], [1.0], [2.0]], [[1.0, 0.0], [0.0, 1.0], [0.0, -1.0]]
    loss = make_loss(
        "kl",
        taught.alone(teacher, 2),
        bandwidth=Bandwidth.fixed(1),
        student_bandwidth=Bandwidth.fixed(1),
        metric="euclidean",
    )
    found = float(loss(*taught.one_domain(student, teacher)))
    near = 1 / (1 + math.exp(-1.5))
    first = near * math.log(2 * near) + (1 - near) * math.log(2 * (1 - near))
    to_first = 1 / (1 + math.exp(-1.0))
    second = 0.5 * math.log(0.5 / to_first) + 0.5 * math.log(0.5 / (1 - to_first))
    third = (1 - near) * math.log((1 - near) / to_first) + near * math.log(near / (1 - to_first))
    assert found == pytest.approx((first + second + third) / 3, abs=1e-12)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("name", WAYS)
def test_is_its_definition(name, metric):
    teacher, student = cloud(9)
    options = {"bandwidth": Bandwidth.fixed(1.3), "student_bandwidth": Bandwidth.fixed(0.5), "metric": metric}
    loss = make_loss(name, taught.alone(teacher, 5), **options)
    wanted = np.mean(
        [
            WAYS[name](
                taught.neighborhood(teacher, 1.3, metric, row),
                taught.neighborhood(student, 0.5, "cosine", row),
            )
            for row in range(9)
        ]
    )
    assert float(loss(*taught.one_domain(4 * student, teacher))) == pytest.approx(wanted, abs=1e-12)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("name", WAYS)
def test_over_all_pairs_is_its_definition(name, metric):
    teacher, student = cloud(7)
    options = {"bandwidth": Bandwidth.fixed(1.3), "student_bandwidth": Bandwidth.fixed(0.5), "metric": metric}
    loss = make_loss(name, taught.alone(teacher, 5), over="pairs", **options)
    others = ~np.eye(7, dtype=bool)
    p = np.exp(-taught.squares(teacher, metric) / (2 * 1.3**2))[others]
    q = np.exp(-taught.squares(student, "cosine") / (2 * 0.5**2))[others]
    wanted = WAYS[name](list(p / p.sum()), list(q / q.sum()))
    assert float(loss(*taught.one_domain(student, teacher))) == pytest.approx(wanted, abs=1e-12)


@pytest.mark.filterwarnings(WIDE)
@pytest.mark.parametrize("own", RULES, ids=repr)
@pytest.mark.parametrize("rule", RULES, ids=repr)
@pytest.mark.parametrize("metric", METRICS)
def test_kl_of_a_batch_is_the_mean_divergence_that_the_comparison_finds(metric, rule, own):
    teacher, student = cloud(120)
    sides = (Neighborhoods.of(teacher, rule, metric), Neighborhoods.of(student, own, "cosine"))
    wanted = divergence(*sides, Groups(np.arange(120) % 3, "abc"), device="cpu", dtype="float64").mean_kl
    options = {"bandwidth": rule, "student_bandwidth": own, "metric": metric}
    loss = make_loss("kl", taught.alone(teacher, 5), **options)
    assert float(loss(*taught.one_domain(student, teacher))) == pytest.approx(wanted, abs=1e-6)


@pytest.mark.filterwarnings(WIDE)
@pytest.mark.parametrize("metric", METRICS)
def test_so_it_is_in_single_precision(metric):
    teacher, student = cloud(128)
    rule = Bandwidth.mean_distance(0.4)
    sides = (Neighborhoods.of(teacher, rule, metric), Neighborhoods.of(student, rule))
    wanted = divergence(*sides, Groups(np.arange(128) % 3, "abc"), device="cpu").mean_kl
    loss = make_loss("kl", taught.alone(teacher, 5), bandwidth=rule, student_bandwidth=rule, metric=metric)
    rows = torch.from_numpy(student), torch.from_numpy(teacher), torch.zeros(128, dtype=torch.int64)
    assert float(loss(*rows)) == pytest.approx(wanted, abs=1e-6)


@pytest.mark.filterwarnings(WIDE)
def test_js_of_a_batch_is_that_of_the_comparison():
    teacher, student = cloud()
    rule = Bandwidth.mean_distance(0.4)
    sides = [Neighborhoods.of(x, rule) for x in (teacher, student)]
    wanted = (
        divergence(*sides, Groups(np.zeros(40, dtype=np.int64), ("all",)), device="cpu").layer("js").sum()
    )
    loss = make_loss("js", taught.alone(teacher, 5), bandwidth=rule, student_bandwidth=rule)
    assert float(loss(*taught.one_domain(student, teacher))) == pytest.approx(wanted, abs=1e-6)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("rule", RULES[1:], ids=repr)
@pytest.mark.parametrize("name", WAYS)
def test_teachers_of_any_scale_give_the_same_signal(name, rule, metric):
    teacher, student = cloud(20)
    found = []
    for scale in (0.3, 1.0, 3.0):
        scaled = (scale * teacher).astype(np.float32)
        loss = make_loss(name, taught.alone(scaled, 5), bandwidth=rule, metric=metric)
        moving = torch.from_numpy(student).double().requires_grad_()
        total = loss(moving, torch.from_numpy(scaled), torch.zeros(20, dtype=torch.int64))
        total.backward()
        found.append((float(total.detach()), moving.grad))
    for total, gradient in found:
        assert total == pytest.approx(found[1][0], rel=1e-4)
        torch.testing.assert_close(gradient, found[1][1], rtol=1e-3, atol=1e-5)


def test_two_specialists_of_unlike_scale_are_calibrated_each():
    big = taught.setting(scale=1.0)
    small, large = big.specialists[0], 50 * big.specialists[1]
    loss = make_loss("kl", type(big)(taught.STUDENT, (small, large)), metric="euclidean")
    first, second = (found.sigma for found in loss.calibrations)
    assert second / first == pytest.approx(50 * np.sqrt(4 / 6), rel=0.1)


def test_a_student_that_sees_what_the_teacher_sees_has_no_loss_and_no_gradient():
    _, student = cloud(20)
    rule = Bandwidth.fixed(0.3)
    moving = torch.from_numpy(student).double().requires_grad_()
    rows = torch.zeros(20, dtype=torch.int64)
    for name in WAYS:
        loss = make_loss(name, taught.alone(student, 5), bandwidth=rule, student_bandwidth=rule)
        total = loss(moving, torch.from_numpy(5 * student), rows)
        (gradient,) = torch.autograd.grad(total, moving)
        assert abs(float(total.detach())) < 1e-12
        assert float(gradient.abs().max()) < 1e-6


def test_under_autocast_scores_stay_in_full_precision():
    teacher, student = cloud(20)
    loss = make_loss("kl", taught.alone(teacher, 5), student_bandwidth=Bandwidth.fixed(0.1))
    rows = torch.from_numpy(student), torch.from_numpy(teacher), torch.zeros(20, dtype=torch.int64)
    wanted = float(loss(*rows))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert float(loss(*rows)) == wanted
        half = loss(rows[0].bfloat16(), *rows[1:])
    assert half.dtype == torch.float32
