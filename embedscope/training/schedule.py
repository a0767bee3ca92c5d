"""The learning rate over the steps: a warm-up, then a cosine to nothing.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

import math

from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR


def warm_cosine(optimizer: Optimizer, steps: int, warmup: float | int) -> LambdaLR:
    """Make a schedule.

    Parameters
    ----------
    optimizer : Optimizer
        Each group's rate is its largest.
    steps : int
        In all.
    warmup : float
        Share of the steps in which the rate rises.

    Returns
    -------
    LambdaLR
        Steps once an optimiser step.

    Examples
    --------
    >>> import torch
    >>> optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
    >>> schedule = warm_cosine(optimizer, 4, 0.5)
    >>> optimizer.param_groups[0]["lr"]
    0.5
    """
    rising = max(1, round(steps * warmup)) if warmup else 0

    def share(step: int) -> float:
        if step < rising:
            return (step + 1) / rising
        gone = (step - rising) / max(1, steps - rising)
        return (1 + math.cos(math.pi * min(1.0, gone))) / 2

    return LambdaLR(optimizer, share)
