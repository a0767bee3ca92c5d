"""Gradients of a loss's own parameters, shared among processes.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

import torch
from torch import distributed, nn


def share_gradients(module: nn.Module) -> None:
    """Give the gradients of a module's parameters their mean over all processes.

    DistributedDataParallel does so for what goes through its own ``forward``; a loss is asked otherwise, and
    a domain that one process did not draw leaves its projector without a gradient there.

    Parameters
    ----------
    module : nn.Module
        The same parameters in every process. Nothing happens in a single one.
    """
    if not (distributed.is_available() and distributed.is_initialized()):
        return
    for parameter in module.parameters():
        if parameter.requires_grad:
            if parameter.grad is None:
                parameter.grad = torch.zeros_like(parameter)
            distributed.all_reduce(parameter.grad)
            parameter.grad /= distributed.get_world_size()
