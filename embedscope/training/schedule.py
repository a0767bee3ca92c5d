"""The learning rate over the steps: a warm-up, then a cosine to nothing.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

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
    return LambdaLR(optimizer, lambda step: _share(step, steps, warmup))


def staged_cosine(optimizer: Optimizer, stages: Sequence[tuple[int, float]], warmup: float | int) -> LambdaLR:
    """Make a schedule of several warm-ups and cosines, one behind the other.

    Parameters
    ----------
    optimizer : Optimizer
        Each group's rate is that of the stage with the largest.
    stages : sequence of (int, float)
        Steps of each, and its largest rate.
    warmup : float
        Share of a stage's steps in which its rate rises.

    Returns
    -------
    LambdaLR
        Steps once an optimiser step.

    Examples
    --------
    >>> import torch
    >>> optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
    >>> schedule = staged_cosine(optimizer, [(10, 0.5), (10, 1.0)], 0)
    >>> optimizer.param_groups[0]["lr"]
    0.5
    """
    largest = max(rate for _, rate in stages)

    def share(step: int) -> float:
        begin = 0
        for steps, rate in stages:
            if step < begin + steps:
                return rate / largest * _share(step - begin, steps, warmup)
            begin += steps
        return 0.0

    return LambdaLR(optimizer, share)


def _share(step: int, steps: int, warmup: float | int) -> float:
    """Share of the largest rate that a step has."""
    rising = max(1, round(steps * warmup)) if warmup else 0
    if step < rising:
        return (step + 1) / rising
    gone = (step - rising) / max(1, steps - rising)
    return (1 + math.cos(math.pi * min(1.0, gone))) / 2
