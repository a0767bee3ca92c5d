"""Specialist losses: pytorch-metric-learning's losses with a weight a class, by name.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

import inspect
from typing import Any

import torch
from jaxtyping import Float, Int
from pytorch_metric_learning import losses

from embedscope._errors import InputError, unknown_name

SPECIALIST_LOSSES: dict[str, Any] = {
    "arcface": losses.ArcFaceLoss,
    "cosface": losses.CosFaceLoss,
    "normalised_softmax": losses.NormalizedSoftmaxLoss,
    "proxy_anchor": losses.ProxyAnchorLoss,
    "proxy_nca": losses.ProxyNCALoss,
    "soft_triple": losses.SoftTripleLoss,
}
# As the authors of proxy anchor do: proxies start far from their classes, and a backbone near its goal.
_PROXY_RATE = 100.0


class SpecialistLoss(torch.nn.Module):
    """A loss over labels whose own parameters, a proxy or a weight for each class, are learnt with the model.

    Parameters
    ----------
    name : str
        One of `SPECIALIST_LOSSES`.
    n_classes : int
        Classes to be told apart.
    dims : int
        Of the vectors.
    **options
        Of pytorch-metric-learning's loss, for example ``margin`` or ``temperature``.

    Raises
    ------
    MissingError
        If no loss is called so.
    InputError
        If the loss has no such option, or there are fewer than two classes.

    Notes
    -----
    Proxies are drawn from torch's own generator. They stay float32 under autocast; the loss is computed in
    their precision.

    Examples
    --------
    >>> loss = SpecialistLoss("proxy_anchor", 3, 2, margin=0.2)
    >>> [tuple(p.shape) for p in loss.parameters()]
    [(3, 2)]
    """

    def __init__(self, name: str, n_classes: int, dims: int, **options: Any) -> None:
        super().__init__()
        if name not in SPECIALIST_LOSSES:
            raise unknown_name("specialist loss", name, SPECIALIST_LOSSES)
        if n_classes < 2:
            raise InputError(f"{n_classes} class came: a specialist is trained to tell 2 or more apart.")
        made = SPECIALIST_LOSSES[name]
        known = _options(made)
        unknown = [option for option in options if option not in known]
        if unknown:
            raise InputError(f"The loss {name!r} has no option {unknown[0]!r}. It has: {', '.join(known)}.")
        self.name = name
        self.n_classes = n_classes
        self.loss = made(num_classes=n_classes, embedding_size=dims, **options)

    def forward(
        self, vectors: Float[torch.Tensor, "items dims"], labels: Int[torch.Tensor, " items"]
    ) -> Float[torch.Tensor, ""]:
        """Compute the loss of a batch.

        Parameters
        ----------
        vectors : Tensor, shape (items, dims)
            Of any length: the losses look at directions.
        labels : Tensor of int, shape (items,)
            Classes from 0.

        Returns
        -------
        Tensor, shape ()
            The mean over the items, or over the proxies, as the loss has it.
        """
        own = next(self.loss.parameters()).dtype
        # The library casts its parameters to what comes: in half precision they would stay so.
        with torch.autocast(vectors.device.type, enabled=False):
            found: torch.Tensor = self.loss(vectors.to(own), labels.long())
        return found


def parameter_groups(
    model: torch.nn.Module,
    loss: torch.nn.Module,
    rate: float,
    loss_rate: float | None = None,
) -> list[dict[str, Any]]:
    """List what an optimiser moves: the model's parameters, and those of the loss at a rate of their own.

    Parameters
    ----------
    model : Module
        The student or the specialist; frozen parameters are left out.
    loss : Module
        A specialist's loss, or a distillation loss with projectors or heads.
    rate : float
        The model's learning rate.
    loss_rate : float, optional
        The loss's; a hundred times the model's for a `SpecialistLoss`, the same for another.

    Returns
    -------
    list of dict
        Groups for a torch optimiser; none for a loss without parameters.

    Examples
    --------
    >>> groups = parameter_groups(torch.nn.Linear(2, 2), SpecialistLoss("proxy_anchor", 3, 2), 0.001)
    >>> [(len(group["params"]), group["lr"]) for group in groups]
    [(2, 0.001), (1, 0.1)]
    """
    if loss_rate is None:
        loss_rate = rate * (_PROXY_RATE if isinstance(loss, SpecialistLoss) else 1.0)
    groups = [
        {"params": [p for p in module.parameters() if p.requires_grad], "lr": own}
        for module, own in ((model, rate), (loss, loss_rate))
    ]
    return [group for group in groups if group["params"]]


def _options(made: Any) -> list[str]:
    """Names that the loss and the classes it stands on take, but those given by us."""
    taken = {"self", "args", "kwargs", "num_classes", "embedding_size"}
    names = dict.fromkeys(
        name
        for base in made.__mro__
        if "__init__" in vars(base)
        for name in inspect.signature(base).parameters
    )
    return [name for name in names if name not in taken]
