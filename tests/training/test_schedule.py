"""The learning rate: up, then down to nothing."""

from __future__ import annotations

import pytest
import torch

from embedscope.training.schedule import staged_cosine, warm_cosine


def rates(steps: int, warmup: float | int) -> list[float]:
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=2.0)
    schedule = warm_cosine(optimizer, steps, warmup)
    found = []
    for _ in range(steps):
        found.append(optimizer.param_groups[0]["lr"] / 2)
        optimizer.step()
        schedule.step()
    return [*found, optimizer.param_groups[0]["lr"] / 2]


def test_it_rises_to_the_whole_rate_and_falls_to_nothing():
    found = rates(20, 0.25)
    assert found[:5] == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0])
    assert found[5] == 1
    assert found[5:] == sorted(found[5:], reverse=True)
    assert found[-1] == pytest.approx(0, abs=1e-12)
    assert found[12] == pytest.approx((1 + 0.104528) / 2, abs=1e-5)


def test_without_a_warm_up_it_begins_whole():
    assert rates(4, 0)[0] == 1
    # The one step of all is taken whole.
    assert rates(1, 0.5)[0] == rates(1, 0)[0] == 1


def test_stages_are_schedules_behind_each_other():
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=2.0)
    schedule = staged_cosine(optimizer, [(20, 1.0), (8, 0.25)], 0.25)
    found = []
    for _ in range(28):
        found.append(optimizer.param_groups[0]["lr"] / 2)
        optimizer.step()
        schedule.step()
    assert found[:20] == pytest.approx(rates(20, 0.25)[:20])
    assert found[20:] == pytest.approx([rate / 4 for rate in rates(8, 0.25)[:8]])
    assert optimizer.param_groups[0]["lr"] == 0
