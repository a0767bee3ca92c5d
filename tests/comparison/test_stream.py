from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from embedscope.comparison.bandwidth import Bandwidth
from embedscope.comparison.groups import Groups
from embedscope.comparison.neighborhoods import Neighborhoods
from embedscope.comparison.stream import BlockShape, Stream

sys.path.insert(0, str(Path(__file__).parent))
from clouds import NAMES, clouds
from oracles import Oracle


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("shape", [(1, 1), (7, 5), (64, 20), (1000, 1000)])
@pytest.mark.parametrize("factor", [0.5, 0.05])
def test_blocks_and_tiles_of_any_size_agree_with_the_slow_version(shape, factor, dtype):
    teacher, student, codes = clouds()
    sides = [Neighborhoods.of(x, Bandwidth.mean_distance(factor), "euclidean") for x in (teacher, student)]
    slow = Oracle.of(teacher, student, codes, *(side.sigma for side in sides), ("euclidean",) * 2)
    stream = Stream(
        *sides, Groups(codes, NAMES), np.arange(80), device="cpu", dtype=dtype, shape=BlockShape(*shape)
    )
    loose = 1e-9 if dtype == "float64" else 1e-4
    tops = [1.0, 1.0 + np.abs(slow.kl()).max()][factor < 0.1]
    log_z = []
    for block, found in stream.divergences():
        rows = stream.anchors[block.anchors]
        np.testing.assert_allclose(found.between, slow.between()[rows], atol=loose * tops)
        np.testing.assert_allclose(found.within, slow.within()[rows], atol=loose * tops)
        np.testing.assert_allclose(found.teacher_mass, slow.mass()[0][rows], atol=loose * tops)
        log_z.append((found.teacher_log_z, found.student_log_z))
    both = [np.concatenate(side) for side in zip(*log_z, strict=True)]
    for block, found in stream.jensen_shannon(*both):
        rows = stream.anchors[block.anchors]
        np.testing.assert_allclose(found, slow.jensen_shannon()[rows], atol=loose)


def test_anchors_are_sorted_by_group():
    teacher, student, codes = clouds()
    sides = [Neighborhoods.of(x, Bandwidth.fixed(1)) for x in (teacher, student)]
    stream = Stream(*sides, Groups(codes, NAMES), np.array([5, 3, 70]), device="cpu")
    assert (np.diff(codes[stream.anchors]) >= 0).all()
    assert sorted(stream.anchors.tolist()) == [3, 5, 70]


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("factor", [0.5, 0.1, 0.03])
def test_a_gpu_agrees_with_the_cpu(factor):
    teacher, student, codes = clouds()
    sides = [Neighborhoods.of(x, Bandwidth.mean_distance(factor)) for x in (teacher, student)]
    found = {}
    for device in ("cpu", "cuda"):
        stream = Stream(*sides, Groups(codes, NAMES), np.arange(80), device=device, shape=BlockShape(30, 25))
        found[device] = [block.between + block.within for _, block in stream.divergences()]
    slow = Oracle.of(teacher, student, codes, *(side.sigma for side in sides)).magnitude()[stream.anchors]
    gap = torch.cat(found["cpu"]) - torch.cat(found["cuda"]).cpu()
    assert (np.abs(gap.numpy()) <= 1e-4 * slow + 1e-5).all()
