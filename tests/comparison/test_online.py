from __future__ import annotations

import numpy as np
import pytest
import torch

from embedscope.comparison.fused import _exp, add_fused
from embedscope.comparison.online import HIDDEN, OnlineSums
from embedscope.comparison.tiles import plan_tiles

CPU = torch.device("cpu")
COUNTS = np.array([5, 1, 0, 40, 3])


def scores(spread, rows=30, seed=0):
    rng = np.random.default_rng(seed)
    sides = [torch.from_numpy(rng.normal(scale=spread, size=(rows, COUNTS.sum()))) for _ in range(2)]
    for side in sides:
        side[torch.arange(rows), torch.arange(rows)] = HIDDEN
    return [side.float() for side in sides]


def finish(sides, width, dtype):
    sums = OnlineSums(len(sides[0]), len(COUNTS), CPU)
    for tile in plan_tiles(COUNTS, width, CPU, dtype):
        sums.add(tile, *(side[:, tile.items].to(dtype).clone() for side in sides))
    return sums.finish()


@pytest.mark.parametrize("spread", [0.1, 3.0, 100.0, 3000.0])
@pytest.mark.parametrize("width", [1, 7, 100])
def test_the_fused_float32_sums_agree_with_the_plain_float64_ones(spread, width):
    sides = scores(spread)
    fused, plain = finish(sides, width, torch.float32), finish(sides, 100, torch.float64)
    for name in ("between", "within", "teacher_mass", "student_mass", "teacher_log_z", "student_entropy"):
        ours, wanted = getattr(fused, name), getattr(plain, name)
        assert torch.isfinite(ours).all()
        np.testing.assert_allclose(ours, wanted, rtol=1e-5, atol=3e-6 * (1 + spread / 10))


def test_the_fused_exponential_is_right_to_float32():
    values = -np.concatenate([np.geomspace(1e-9, 86.9, 5000), [0.0]]).astype(np.float32)
    ours = np.array([_exp(value) for value in values])
    assert ours[-1] == 1
    np.testing.assert_allclose(ours, np.exp(values.astype(np.float64)), rtol=3e-7)
    assert [_exp(np.float32(value)) for value in (-87.5, -1e4, HIDDEN)] == [0.0, 0.0, 0.0]


def test_an_anchor_alone_in_its_group_weighs_nothing():
    top, sums = np.full((2, 1, 1), -1e29), np.zeros((5, 1, 1))
    alone = np.full((1, 1), HIDDEN, np.float32)
    add_fused(alone, alone, (0, 1), 0, top, sums)
    assert (sums == 0).all()
