"""The cross-domain term: its definition by loops, its edges, its gradient."""

from __future__ import annotations

import math

import pytest
import torch

from embedscope.training.losses.cross_domain import cross_domain_loss

torch.set_num_threads(1)


def cloud(n: int = 9, dims: int = 3) -> torch.Tensor:
    return torch.randn(n, dims, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


def by_loops(x: torch.Tensor, domains: list[int], sigma: float) -> float:
    unit = [row / row.norm() for row in x]
    found = []
    for i, own in enumerate(domains):
        weights = {
            j: math.exp(-float((unit[i] - unit[j]).square().sum()) / (2 * sigma**2))
            for j in range(len(domains))
            if j != i
        }
        near = [weights[j] for j in weights if domains[j] == own]
        if near and len(near) < len(weights):
            found.append(-math.log(sum(near) / sum(weights.values())))
    return sum(found) / len(found) if found else 0.0


@pytest.mark.parametrize("domains", [[0, 0, 0, 1, 1, 1, 2, 2, 2], [0, 1, 0, 1, 0, 1, 0, 1, 2]])
def test_it_is_its_definition(domains):
    x = cloud()
    wanted = by_loops(x, domains, 0.4)
    assert float(cross_domain_loss(3 * x, torch.tensor(domains), 0.4)) == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize("domains", [[0], [0, 0, 0], [0, 1, 2], []])
def test_where_there_is_nothing_to_keep_apart_it_is_nothing(domains):
    x = cloud(len(domains)).requires_grad_()
    found = cross_domain_loss(x, torch.tensor(domains, dtype=torch.int64), 0.2)
    found.backward()
    assert float(found.detach()) == 0
    assert not x.grad.any()


def test_its_gradient_is_that_of_differences():
    x = cloud(5).requires_grad_()
    domains = torch.tensor([0, 0, 1, 1, 2])
    assert torch.autograd.gradcheck(lambda rows: cross_domain_loss(rows, domains, 0.5), (x,))


def test_going_down_it_parts_the_domains():
    x = cloud(12).requires_grad_()
    domains = torch.arange(12) % 2
    optimiser = torch.optim.Adam([x], lr=0.1)
    first = float(cross_domain_loss(x, domains, 0.3).detach())
    for _ in range(60):
        optimiser.zero_grad()
        loss = cross_domain_loss(x, domains, 0.3)
        loss.backward()
        optimiser.step()
    assert float(loss.detach()) < 0.05 * first


def test_identical_vectors_and_zeros_stay_finite():
    for x in (torch.ones(4, 2).double(), torch.zeros(4, 2).double()):
        x.requires_grad_()
        loss = cross_domain_loss(x, torch.tensor([0, 0, 1, 1]), 0.1)
        loss.backward()
        assert float(loss.detach()) == pytest.approx(math.log(3))
        assert x.grad.isfinite().all()
