"""What teaches a net in training: labels, or specialists.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

import numpy as np
import torch
from jaxtyping import Float, Float32, Int64
from torch import nn

from embedscope.training.losses.cross_domain import cross_domain_loss
from embedscope.training.losses.divergences import DivergenceLoss
from embedscope.training.losses.loss import DistillationLoss
from embedscope.training.specialist_losses import SpecialistLoss

# All pairs of so many items are in memory at once.
_MEASURED = 4096


@dataclass(frozen=True, eq=False)
class Taught:
    """A batch's loss.

    Parameters
    ----------
    total : Tensor, shape ()
        What is minimised.
    shown : mapping of str to Tensor
        What the events show beside it.
    domains : mapping of int to Tensor
        Each domain's own loss, for a sampler that follows it.
    """

    total: Float[torch.Tensor, ""]
    shown: Mapping[str, torch.Tensor] = field(default_factory=dict)
    domains: Mapping[int, torch.Tensor] = field(default_factory=dict)


@runtime_checkable
class Teaching(Protocol):
    """Gives the loss of a batch of vectors.

    Attributes
    ----------
    wants_pooled : bool
        Whether the model's pooled features come behind the vectors.
    """

    wants_pooled: bool

    @property
    def loss(self) -> nn.Module:
        """Its parameters, where it has some, are trained with the net."""
        ...

    def teach(self, vectors: Float[torch.Tensor, "batch dims"], rows: Int64[np.ndarray, " batch"]) -> Taught:
        """Compute the loss of a batch.

        Parameters
        ----------
        vectors : Tensor, shape (batch, dims)
            The net's.
        rows : ndarray of int64, shape (batch,)
            Of the items to train on.

        Returns
        -------
        Taught
            With a gradient.
        """
        ...

    def measure(
        self, vectors: Float32[torch.Tensor, "items dims"], domain: int, rows: Int64[np.ndarray, " items"]
    ) -> Mapping[str, float]:
        """Measure the validation's vectors of a domain.

        Parameters
        ----------
        vectors : Tensor of float32, shape (items, dims)
            Of the domain's items.
        domain : int
            Its number.
        rows : ndarray of int64, shape (items,)
            Which of the domain's items they are.

        Returns
        -------
        mapping of str to float
            Such as ``"kl"``; may be empty.
        """
        ...


class LabelTeaching:
    """Classes teach: a specialist, or one net for all domains fused.

    Parameters
    ----------
    loss : SpecialistLoss
        On the device of the net.
    labels : ndarray of int64, shape (items,)
        Of the items to train on, numbered over all domains.
    domains : ndarray of int64, shape (items,)
        Their domains.
    """

    wants_pooled = False

    def __init__(
        self, loss: SpecialistLoss, labels: Int64[np.ndarray, " items"], domains: Int64[np.ndarray, " items"]
    ) -> None:
        self.loss = loss
        self._labels, self._domains = torch.from_numpy(labels), domains
        self._is_alone = len(np.unique(domains)) == 1

    def teach(self, vectors: Float[torch.Tensor, "batch dims"], rows: Int64[np.ndarray, " batch"]) -> Taught:
        """Compute the loss of a batch.

        Parameters
        ----------
        vectors : Tensor, shape (batch, dims)
            The net's.
        rows : ndarray of int64, shape (batch,)
            Of the items to train on.

        Returns
        -------
        Taught
            With a gradient; a loss of its own for each domain only where the batch is of one of several.
        """
        total = self.loss(vectors, self._labels[rows].to(vectors.device))
        present = np.unique(self._domains[rows])
        if self._is_alone or len(present) != 1:
            return Taught(total)
        return Taught(total, domains={int(present[0]): total.detach()})

    def measure(
        self,
        vectors: Float32[torch.Tensor, "items dims"],  # noqa: ARG002 - labels say nothing of other classes
        domain: int,  # noqa: ARG002
        rows: Int64[np.ndarray, " items"],  # noqa: ARG002
    ) -> Mapping[str, float]:
        """Measure nothing more.

        Parameters
        ----------
        vectors : Tensor of float32, shape (items, dims)
            Of the domain's items.
        domain : int
            Its number.
        rows : ndarray of int64, shape (items,)
            Which of the domain's items they are.

        Returns
        -------
        mapping of str to float
            Empty.
        """
        return {}


@dataclass(frozen=True, eq=False)
class Lessons:
    """What the specialists say.

    Parameters
    ----------
    domains : ndarray of int64, shape (items,)
        Of the items to train on.
    labels : ndarray of int64, shape (items,)
        Their classes, numbered within each domain.
    vectors : ndarray of float32, shape (items, widest)
        Each item's vector by its own domain's specialist, zeros behind the narrower ones.
    dims : tuple of int
        Of each specialist.
    validation : tuple of ndarray of float32
        For each domain the specialist's vectors of the items to validate on; may be empty.
    """

    domains: Int64[np.ndarray, " items"]
    labels: Int64[np.ndarray, " items"]
    vectors: Float32[np.ndarray, "items widest"]
    dims: tuple[int, ...]
    validation: tuple[Float32[np.ndarray, "_ _"], ...]


class SpecialistTeaching:
    """Specialists teach by their vectors.

    Parameters
    ----------
    loss : DistillationLoss
        On the device of the net.
    lessons : Lessons
        What the specialists say.
    divergence : DivergenceLoss
        What ``kl`` of a validation is measured with, whatever the loss.
    cross : float
        Weight of the cross-domain term.
    """

    def __init__(
        self, loss: DistillationLoss, lessons: Lessons, divergence: DivergenceLoss, cross: float | int = 0.0
    ) -> None:
        self.loss = loss
        # The online form stands on the net's own features in the teacher's place.
        self.wants_pooled = loss.online
        self._lessons, self._divergence, self._cross = lessons, divergence, cross
        self._vectors = torch.from_numpy(lessons.vectors)
        self._domains = torch.from_numpy(lessons.domains)
        self._labels = torch.from_numpy(lessons.labels)

    def teach(self, vectors: Float[torch.Tensor, "batch dims"], rows: Int64[np.ndarray, " batch"]) -> Taught:
        """Compute the loss of a batch.

        Parameters
        ----------
        vectors : Tensor, shape (batch, dims)
            The net's, and its pooled features behind them for a loss that wants them.
        rows : ndarray of int64, shape (batch,)
            Of the items to train on.

        Returns
        -------
        Taught
            With a gradient.
        """
        device = vectors.device
        domains, labels = (each[rows].to(device) for each in (self._domains, self._labels))
        teacher = self._vectors[rows].to(device)
        if self.wants_pooled:
            wide = vectors.shape[1] - self.loss.teacher_dims[0]
            vectors, teacher = vectors[:, :wide], vectors[:, wide:]
        found = self.loss.of_batch(vectors, teacher, domains, labels)
        total, shown = found.total, dict(found.parts)
        if self._cross:
            across = cross_domain_loss(vectors, domains, self._sigma(vectors))
            total = total + self._cross * across
            shown["across domains"] = across.detach()
        return Taught(total, shown, found.domains)

    def _sigma(self, vectors: Float[torch.Tensor, "batch dims"]) -> float:
        """Give the student's σ, or its mean over the batch where each batch has its own."""
        own = self._divergence.student
        if own.sigma is not None:
            return float(own.sigma)
        return float(own.of_batch(vectors.detach()).mean()) if len(vectors) > 1 else 1.0

    def measure(
        self, vectors: Float32[torch.Tensor, "items dims"], domain: int, rows: Int64[np.ndarray, " items"]
    ) -> Mapping[str, float]:
        """Measure the divergence of a domain's neighbourhoods.

        Parameters
        ----------
        vectors : Tensor of float32, shape (items, dims)
            Of the domain's items.
        domain : int
            Its number.
        rows : ndarray of int64, shape (items,)
            Which of the domain's items they are.

        Returns
        -------
        mapping of str to float
            ``"kl"``, mean over the items, in nats; of 4,096 of them where there are more. Empty where there
            are fewer than two.
        """
        teacher = torch.from_numpy(self._lessons.validation[domain][rows])
        if len(teacher) < 2:
            return {}
        # Classes lie side by side: a part of each.
        chosen = torch.from_numpy(np.linspace(0, len(rows) - 1, min(len(rows), _MEASURED)).astype(np.int64))
        numbers = torch.full((len(chosen),), domain, dtype=torch.int64)
        return {"kl": float(self._divergence(vectors.cpu()[chosen], teacher[chosen], numbers))}
