"""Gradient cache: the loss of a large batch whose forward pass fits the memory in chunks only.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float

from embedscope._errors import InputError


@dataclass(frozen=True, eq=False)
class CachedStep:
    """What a step with a gradient cache gave.

    Parameters
    ----------
    loss : Tensor, shape ()
        Of the whole batch, without gradients.
    vectors : Tensor, shape (items, dims)
        The student's vectors, without gradients.
    """

    loss: Float[torch.Tensor, ""]
    vectors: Float[torch.Tensor, "items dims"]


def cached_backward(
    model: torch.nn.Module,
    chunks: Sequence[Any],
    loss: Callable[[torch.Tensor], torch.Tensor],
    *,
    backward: Callable[[torch.Tensor], None] = torch.Tensor.backward,
) -> CachedStep:
    """Add the gradients of a batch's loss to the parameters' `.grad`, one chunk in memory at a time.

    A distillation's softmax is over the whole batch: small batches with summed gradients are another loss.

    Parameters
    ----------
    model : Module
        From a chunk to its vectors; wrapped by DistributedDataParallel, gradients meet at the last chunk.
    chunks : sequence
        The batch in parts; each is the model's one argument.
    loss : callable
        From the vectors of the whole batch to a scalar. Parameters of its own get their gradients as well.
    backward : callable
        Runs the loss's backward pass; `accelerator.backward` scales for mixed precision.

    Returns
    -------
    CachedStep
        The loss and the vectors.

    Raises
    ------
    InputError
        If there is no chunk.

    Notes
    -----
    Two forward passes and a backward pass a chunk. The second forward pass draws the same dropout as the
    first, and buffers (running statistics) change once. Exact where each item's vector is its own: batch
    normalisation in training mode makes it depend on its chunk, and the gradient is that of the chunked
    model.

    References
    ----------
    Gao et al. 2021, arXiv 2101.06983.

    Examples
    --------
    >>> model = torch.nn.Linear(2, 1, bias=False)
    >>> step = cached_backward(model, [torch.eye(2)[:1], torch.eye(2)[1:]], lambda v: v.sum() ** 2 / 2)
    >>> bool((model.weight.grad == model.weight.sum()).all())
    True
    """
    if not chunks:
        raise InputError("No chunk came: a step needs one item at least.")
    # The second pass starts from the first one's buffers, and changes them for good.
    with _kept_buffers(model):
        parts, states = _forward(model, chunks)
    vectors = torch.cat(parts).requires_grad_()
    total = loss(vectors)
    backward(total)
    # A loss that teaches nothing may leave no gradient at all.
    gradient = torch.zeros_like(vectors) if vectors.grad is None else vectors.grad
    shares = torch.split(gradient, [len(part) for part in parts])
    for number, (chunk, state, share) in enumerate(zip(chunks, states, shares, strict=True)):
        with _synchronised(model, last=number == len(chunks) - 1), _replayed(state):
            again = model(chunk)
            again.backward(share.to(again.dtype))
    return CachedStep(total.detach(), vectors.detach())


@dataclass(frozen=True, eq=False)
class _RandomState:
    """The generators before a chunk."""

    cpu: torch.Tensor
    cuda: list[torch.Tensor]

    @classmethod
    def now(cls) -> _RandomState:
        cuda = torch.cuda.get_rng_state_all() if torch.cuda.is_available() else []
        return cls(torch.get_rng_state(), cuda)


def _forward(model: torch.nn.Module, chunks: Sequence[Any]) -> tuple[list[torch.Tensor], list[_RandomState]]:
    parts: list[torch.Tensor] = []
    states: list[_RandomState] = []
    with torch.no_grad():
        for chunk in chunks:
            states.append(_RandomState.now())
            parts.append(model(chunk))
    return parts, states


@contextmanager
def _replayed(state: _RandomState) -> Iterator[None]:
    with torch.random.fork_rng(devices=range(len(state.cuda))):
        torch.set_rng_state(state.cpu)
        if state.cuda:
            torch.cuda.set_rng_state_all(state.cuda)
        yield


@contextmanager
def _kept_buffers(model: torch.nn.Module) -> Iterator[None]:
    before = [(buffer, buffer.clone()) for buffer in model.buffers()]
    try:
        yield
    finally:
        with torch.no_grad():
            for buffer, value in before:
                buffer.copy_(value)


def _synchronised(model: torch.nn.Module, *, last: bool) -> AbstractContextManager[Any]:
    """Let processes exchange gradients once, at the last chunk."""
    if last or not isinstance(model, torch.nn.parallel.DistributedDataParallel):
        return nullcontext()
    return model.no_sync()
