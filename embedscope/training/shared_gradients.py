"""What processes tell each other of a step: gradients of a loss's own parameters, losses of the domains.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from collections.abc import Mapping

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
    if not _are_several():
        return
    for parameter in module.parameters():
        if parameter.requires_grad:
            if parameter.grad is None:
                parameter.grad = torch.zeros_like(parameter)
            distributed.all_reduce(parameter.grad)
            parameter.grad /= distributed.get_world_size()


def share_losses(losses: Mapping[int, float]) -> dict[int, float]:
    """Give the mean loss of each domain over the processes that had items of it.

    A sampler that follows the losses must draw the same in every process.

    Parameters
    ----------
    losses : mapping of int to float
        Of this process's batch, by domain.

    Returns
    -------
    dict of int to float
        Of all batches of the step; in a single process what came.
    """
    if not _are_several():
        return dict(losses)
    told: list[dict[int, float]] = [{} for _ in range(distributed.get_world_size())]
    distributed.all_gather_object(told, dict(losses))
    found = {domain: [each[domain] for each in told if domain in each] for each in told for domain in each}
    return {domain: sum(values) / len(values) for domain, values in sorted(found.items())}


def _are_several() -> bool:
    return distributed.is_available() and distributed.is_initialized()
