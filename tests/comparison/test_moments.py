from __future__ import annotations

import numpy as np
import pytest
import torch

from embedscope.comparison import moments
from embedscope.comparison.moments import Moments
from embedscope.comparison.whole_alignment import debiased_cka


def test_sums_are_those_of_the_moved_vectors_whatever_the_chunk(monkeypatch):
    monkeypatch.setattr(moments, "_ROWS", 13)
    rng = np.random.default_rng(0)
    x, y = (rng.standard_normal((50, d)).astype(np.float32) for d in (4, 3))
    found = Moments.of(x, y, device="cpu")
    wide = [side.astype(np.float64) - side[:13].mean(axis=0, dtype=np.float64) for side in (x, y)]
    a, b = ((side**2).sum(axis=1) for side in wide)
    x, y = wide
    wanted = {
        "xx": x.T @ x, "xy": x.T @ y, "yy": y.T @ y, "x": x.sum(0), "y": y.sum(0),
        "xa": x.T @ a, "xb": x.T @ b, "ya": y.T @ a, "yb": y.T @ b,
        "aa": a @ a, "ab": a @ b, "bb": b @ b, "a": a.sum(), "b": b.sum(),
    }  # fmt: skip
    assert found.n == 50
    for name, value in wanted.items():
        got = getattr(found, name)
        assert got.dtype == torch.float64
        np.testing.assert_allclose(got.numpy(), value, atol=1e-11)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="this machine has no CUDA device")
def test_a_gpu_gives_the_same_sums():
    x, y = (np.random.default_rng(0).standard_normal((9000, d)).astype(np.float32) for d in (40, 30))
    one, two = (debiased_cka(Moments.of(x, y, device=device)) for device in ("cpu", "cuda"))
    assert one == pytest.approx(two, rel=1e-9)
