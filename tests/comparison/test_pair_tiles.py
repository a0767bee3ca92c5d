from __future__ import annotations

import numpy as np
import pytest

from embedscope.comparison import pair_tiles
from embedscope.comparison.pair_tiles import all_chunks
from embedscope.neighbors.distances import Points


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
@pytest.mark.parametrize("at_once", [1, 50, 1 << 20])
def test_tiles_give_every_pair_once(metric, at_once, monkeypatch):
    monkeypatch.setattr(pair_tiles, "_PAIRS_AT_ONCE", at_once)
    x = np.random.default_rng(0).normal(size=(30, 4)).astype(np.float32)
    points = Points.of(x, metric)
    chunks = list(all_chunks((points, points), (metric, metric)))
    pairs = np.concatenate([np.stack(chunk[:2], axis=1) for chunk in chunks])
    assert len(np.unique(pairs, axis=0)) == len(pairs) == 30 * 29 // 2
    assert (pairs[:, 0] > pairs[:, 1]).all()
