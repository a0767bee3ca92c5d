from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from embedscope.comparison.tiles import plan_tiles

CPU = torch.device("cpu")


@given(st.lists(st.integers(0, 30), min_size=1, max_size=12), st.integers(1, 20))
def test_tiles_cover_every_item_once_with_its_group(counts, width):
    tiles = plan_tiles(np.array(counts), width, CPU, torch.float64)
    groups = np.concatenate([tile.place.numpy() + tile.groups.start for tile in tiles] or [np.empty(0)])
    assert groups.tolist() == np.repeat(np.arange(len(counts)), counts).tolist()
    assert all(tile.width <= width for tile in tiles)
    starts = [tile.items.start for tile in tiles]
    assert starts == [0, *np.cumsum([tile.width for tile in tiles])[:-1]] if tiles else sum(counts) == 0


@pytest.mark.parametrize("counts", [(7,), (3, 1, 3)])
def test_maxima_and_sums_by_group(counts):
    (tile,) = plan_tiles(np.array(counts), 10, CPU, torch.float64)
    values = torch.from_numpy(np.random.default_rng(0).normal(size=(4, 7)))
    parts = np.split(values.numpy(), np.cumsum(counts)[:-1], axis=1)
    np.testing.assert_allclose(tile.maxima(values), np.stack([part.max(1) for part in parts], 1))
    np.testing.assert_allclose(tile.sums(values), np.stack([part.sum(1) for part in parts], 1))
    spread = tile.spread(tile.maxima(values)).expand(4, 7)
    np.testing.assert_allclose(
        spread, np.concatenate([np.repeat(p.max(1)[:, None], p.shape[1], 1) for p in parts], 1)
    )
