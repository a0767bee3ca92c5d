"""From a text's token vectors to one vector: mean, first or last, on whichever side the padding is.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from typing import Literal, cast, get_args

import torch
from jaxtyping import Float32, Int64

from embedscope._errors import unknown_name

Pooling = Literal["mean", "cls", "last"]


def check_pooling(pooling: str) -> Pooling:
    """Give the pooling's name if there is such a one.

    Parameters
    ----------
    pooling : str
        What came.

    Returns
    -------
    {"mean", "cls", "last"}
        The same.

    Raises
    ------
    MissingError
        If there is none of that name.

    Examples
    --------
    >>> check_pooling("mean")
    'mean'
    """
    if pooling not in get_args(Pooling):
        raise unknown_name("pooling", pooling, get_args(Pooling))
    return cast("Pooling", pooling)


def pool(
    hidden: Float32[torch.Tensor, "texts tokens dims"],
    mask: Int64[torch.Tensor, "texts tokens"],
    pooling: Pooling,
) -> Float32[torch.Tensor, "texts dims"]:
    """Make one vector of a text's token vectors.

    Parameters
    ----------
    hidden : Tensor of float32, shape (texts, tokens, dims)
        The last layer's output.
    mask : Tensor of int64, shape (texts, tokens)
        1 at tokens, 0 at padding, which may be on either side.
    pooling : {"mean", "cls", "last"}
        The mean over tokens, the first token, or the last one.

    Returns
    -------
    Tensor of float32, shape (texts, dims)
        A text without any token gives zeros under ``mean``.

    Examples
    --------
    >>> hidden = torch.tensor([[[9.0], [1.0], [3.0]]])
    >>> mask = torch.tensor([[0, 1, 1]])
    >>> [pool(hidden, mask, how).item() for how in ("mean", "cls", "last")]
    [2.0, 1.0, 3.0]
    """
    if pooling == "mean":
        weights = mask.unsqueeze(-1).to(hidden.dtype)
        return (hidden * weights).sum(dim=1) / weights.sum(dim=1).clamp(min=1)
    first = mask.argmax(dim=1)
    place = first if pooling == "cls" else first + mask.sum(dim=1).clamp(min=1) - 1
    return hidden[torch.arange(len(hidden), device=hidden.device), place]
