"""What a loop can train: a model with its loss, its batches and its validation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeAlias, runtime_checkable

from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

LossTerms: TypeAlias = Tensor | Mapping[str, Tensor]


@runtime_checkable
class HasState(Protocol):
    """Something that a checkpoint keeps exactly."""

    def state_dict(self) -> Any:
        """Give all that decides what comes next, of values that `write_state` keeps."""
        ...

    def load_state_dict(self, state_dict: Any, /) -> Any:
        """Go on from what `state_dict` gave.

        Parameters
        ----------
        state_dict : object
            The state.
        """
        ...


@runtime_checkable
class Batches(HasState, Protocol):
    """An endless row of batches that can be gone on with in another process.

    On several GPUs every process draws all batches and trains on its share of them, so that a draw should be
    cheap: indices, with the loading left to the loss.
    """

    def __next__(self) -> Any:
        """Draw the next batch; its tensors are moved to the device."""
        ...


@runtime_checkable
class Task(Protocol):
    """What `embedscope.training.loop.fit` trains; it may have a state of its own (`HasState`).

    Attributes
    ----------
    model : torch.nn.Module
        What is trained; the loop puts the prepared one here, and at the end the plain one.
    beside : torch.nn.Module or None
        What is trained with it and left behind: projectors, proxies.
    optimizer : torch.optim.Optimizer
        Over the parameters of both.
    scheduler : torch.optim.lr_scheduler.LRScheduler or None
        Steps once an optimiser step.
    batches : Batches
        Where the batches come from.
    """

    model: nn.Module
    beside: nn.Module | None
    optimizer: Optimizer
    scheduler: LRScheduler | None
    batches: Batches

    def loss(self, batch: Any) -> LossTerms:
        """Compute the loss of a batch.

        Parameters
        ----------
        batch : object
            On the device.

        Returns
        -------
        Tensor or mapping of str to Tensor
            The scalar to minimise; or it under "loss", and beside it what the events shall show.
        """
        ...

    def validate(self) -> Mapping[str, float]:
        """Measure the model on held-out classes, without gradients and in evaluation mode.

        Returns
        -------
        mapping of str to float
            Measures by name, ``recall_at_1`` and ``recall_at_1_emoji`` for example.
        """
        ...


@runtime_checkable
class GoesBackward(Protocol):
    """A task that sends its gradients back itself, as gradient caching does in several pieces."""

    def backward(self, batch: Any, backward: Callable[[Tensor], None]) -> Mapping[str, Tensor]:
        """Compute a batch's loss and its gradients, in place of `Task.loss`.

        Parameters
        ----------
        batch : object
            On the device.
        backward : callable
            In place of ``tensor.backward()``; the gradients add up.

        Returns
        -------
        mapping of str to Tensor
            The scalar that was minimised under "loss", and what the events shall show.
        """
        ...
