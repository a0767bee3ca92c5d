"""Pooling against a plain loop in float64, with padding on either side."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from embedscope._errors import MissingError
from embedscope.encoders.pooling import check_pooling, pool


def slowly(hidden: torch.Tensor, mask: torch.Tensor, pooling: str) -> np.ndarray:
    rows = []
    for states, kept in zip(hidden.double().numpy(), mask.numpy(), strict=True):
        tokens = [state for state, keep in zip(states, kept, strict=True) if keep]
        rows.append({"mean": np.mean(tokens, axis=0), "cls": tokens[0], "last": tokens[-1]}[pooling])
    return np.array(rows)


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("pooling", ["mean", "cls", "last"])
def test_pooling_equals_the_plain_loop(pooling, side):
    generator = torch.Generator().manual_seed(0)
    hidden = torch.randn(6, 9, 5, generator=generator)
    places = torch.arange(9)[None, :]
    lengths = torch.tensor([9, 1, 4, 8, 2, 5])[:, None]
    mask = (places < lengths if side == "right" else places >= 9 - lengths).long()
    np.testing.assert_allclose(
        pool(hidden, mask, pooling), slowly(hidden, mask, pooling), rtol=1e-5, atol=1e-6
    )


def test_padding_holds_whatever_it_likes():
    hidden = torch.tensor([[[1.0], [2.0], [1e30]]])
    mask = torch.tensor([[1, 1, 0]])
    assert [pool(hidden, mask, how).item() for how in ("mean", "cls", "last")] == [1.5, 1.0, 2.0]


def test_an_unknown_pooling_lists_the_others():
    with pytest.raises(MissingError, match=r"No pooling is called 'max'.*There are: cls, last, mean"):
        check_pooling("max")
