"""The angles' gaps and their gradient, taken by hand, against the definition that torch differentiates."""

from __future__ import annotations

import pytest
import torch
from torch.nn.functional import smooth_l1_loss

from embedscope.training.losses.angles import angle_gaps
from embedscope.training.losses.directions import unit


def cosines(vectors):
    sides = unit(vectors[None] - vectors[:, None])
    return sides @ sides.transpose(1, 2)


def plain(student, teacher):
    n = len(student)
    gaps = smooth_l1_loss(cosines(student), cosines(teacher), reduction="none")
    pairs = gaps * (1 - torch.eye(n, dtype=gaps.dtype))
    return pairs.sum(dim=(1, 2)) / ((n - 1) * (n - 2))


def points(n, dims, seed):
    return torch.randn(n, dims, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


# 16 and 17 fill the middle items of one piece and begin another.
@pytest.mark.parametrize("n", [4, 16, 17, 40])
def test_values_and_gradients_are_those_of_the_definition(n):
    student, teacher = points(n, 5, 0), points(n, 3, 1)
    # Equal vectors: of both, and of the student alone.
    student[1], teacher[1] = student[0], teacher[0]
    student[2] = student[0]
    weights = torch.arange(1, n + 1, dtype=torch.float64)
    found = []
    for compare in (angle_gaps, plain):
        moved = student.clone().requires_grad_()
        value = compare(moved, teacher)
        (value * weights).sum().backward()
        found.append((value.detach(), moved.grad))
    torch.testing.assert_close(found[0][0], found[1][0], rtol=1e-12, atol=1e-14)
    torch.testing.assert_close(found[0][1], found[1][1], rtol=1e-11, atol=1e-13)
    assert bool(found[0][1].abs().sum() > 0)


def test_gaps_beyond_one_are_on_the_line():
    # From straight ahead to straight back: cosines of 1 and -1.
    student = torch.tensor([[0.0], [1.0], [2.0]], dtype=torch.float64)
    teacher = torch.tensor([[0.0], [1.0], [-1.0]], dtype=torch.float64)
    assert float(angle_gaps(student, teacher)[0]) == pytest.approx(2 - 0.5)
    torch.testing.assert_close(angle_gaps(student, teacher), plain(student, teacher))


def test_equal_items_have_no_angle_and_a_finite_gradient():
    student = torch.ones(4, 3, requires_grad=True)
    value = angle_gaps(student, torch.ones(4, 3))
    value.sum().backward()
    assert value.tolist() == [0.0] * 4
    assert student.grad.abs().sum() == 0
