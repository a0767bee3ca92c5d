"""Token lists to tensors, and how large a batch of texts may be.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import torch

from embedscope.encoders.batching import Budget

Side = Literal["left", "right"]


def text_budget(device: torch.device, batch_size: int | None = None) -> Budget:
    """Choose how large a batch of texts may be.

    Parameters
    ----------
    device : torch.device
        A GPU takes large batches to be busy, a CPU small ones that stay in its caches.
    batch_size : int, optional
        Most texts a batch.

    Returns
    -------
    Budget
        In tokens.
    """
    if device.type == "cpu":
        # Smaller batches are a little faster on an idle machine, and half as fast on a busy one: each
        # operation ends in a barrier, where threads wait for one that was put aside.
        return Budget(tokens=4096, items=batch_size or 256, enough=1024)
    return Budget(tokens=65536, items=batch_size or 2048, enough=16384)


def pad_batch(
    features: Mapping[str, Sequence[Sequence[int]]], fill: Mapping[str, int], side: Side, device: torch.device
) -> dict[str, torch.Tensor]:
    """Make tensors of token lists, with the mask that tells tokens from padding.

    Parameters
    ----------
    features : mapping of str to sequence of sequence of int
        ``input_ids`` and what else the tokenizer gives for each token, one list a text.
    fill : mapping of str to int
        What padding holds, for the features where it is not 0.
    side : {"left", "right"}
        Where padding goes.
    device : torch.device
        Where the tensors go.

    Returns
    -------
    dict of torch.Tensor
        int64, shape (texts, longest); ``attention_mask`` is 1 at tokens and 0 at padding.

    Examples
    --------
    >>> pad_batch({"input_ids": [[5], [6, 7]]}, {}, "right", torch.device("cpu"))["attention_mask"].tolist()
    [[1, 0], [1, 1]]
    """
    lengths = np.array([len(row) for row in features["input_ids"]])
    longest = int(lengths.max())
    places = np.arange(longest)[None, :]
    first = (longest - lengths)[:, None] if side == "left" else 0
    mask = (places >= first) & (places < first + lengths[:, None])
    padded = {"attention_mask": mask.astype(np.int64)}
    for name, rows in features.items():
        padded[name] = np.full(mask.shape, fill.get(name, 0), np.int64)
        padded[name][mask] = np.concatenate([np.asarray(row, np.int64) for row in rows])
    return {name: torch.from_numpy(array).to(device) for name, array in padded.items()}
