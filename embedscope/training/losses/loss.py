"""DistillationLoss: the terms of each domain of a batch, to one number.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from typing import ClassVar, TypeAlias

import torch
from jaxtyping import Float, Int

from embedscope.training.losses.batch import BatchLoss, DomainBatch, by_domain
from embedscope.training.losses.setting import Setting

Terms: TypeAlias = Mapping[str, torch.Tensor]
"""One vector a part: an entry for each item, pair or triplet that the part is the mean over."""


class DistillationLoss(torch.nn.Module, ABC):
    """What a batch's specialists teach: the mean of each part over all domains' terms, weighted and summed.

    A subclass says the terms of one domain. Items of different domains never meet: the loss of a mixed batch
    is the mean over the terms of its domains taken apart.

    Parameters
    ----------
    setting : Setting
        The student and the specialists.
    weights : mapping of str to float
        The weight of each part.
    """

    least: ClassVar[int] = 2
    """Items of a domain without which it teaches nothing, and contributes nothing."""

    online: ClassVar[bool] = False
    """Whether gradients flow into the teacher's vectors."""

    def __init__(self, setting: Setting, weights: Mapping[str, float | int]) -> None:
        super().__init__()
        self.teacher_dims = setting.teacher_dims
        self.weights = dict(weights)

    def forward(
        self,
        student: Float[torch.Tensor, "items dims"],
        teacher: Float[torch.Tensor, "items teacher_dims"],
        domains: Int[torch.Tensor, " items"],
        labels: Int[torch.Tensor, " items"] | None = None,
    ) -> Float[torch.Tensor, ""]:
        """Compute the loss of a batch.

        Parameters
        ----------
        student : Tensor, shape (items, dims)
            The student's vectors.
        teacher : Tensor, shape (items, teacher_dims)
            The specialists' vectors, zeros behind the narrower ones.
        domains : Tensor of int, shape (items,)
            Numbers from 0.
        labels : Tensor of int, shape (items,), optional
            Classes within the domain, for losses that classify.

        Returns
        -------
        Tensor, shape ()
            0, with a gradient of 0, where no domain has enough items.
        """
        return self.of_batch(student, teacher, domains, labels).total

    def of_batch(
        self,
        student: Float[torch.Tensor, "items dims"],
        teacher: Float[torch.Tensor, "items teacher_dims"],
        domains: Int[torch.Tensor, " items"],
        labels: Int[torch.Tensor, " items"] | None = None,
    ) -> BatchLoss:
        """Compute the loss of a batch, with that of each domain and of each part.

        Parameters
        ----------
        student : Tensor, shape (items, dims)
            The student's vectors.
        teacher : Tensor, shape (items, teacher_dims)
            The specialists' vectors, zeros behind the narrower ones.
        domains : Tensor of int, shape (items,)
            Numbers from 0.
        labels : Tensor of int, shape (items,), optional
            Classes within the domain, for losses that classify.

        Returns
        -------
        BatchLoss
            Computed in float32 at least, also under autocast.
        """
        # Half precision has three digits: the scores of near neighbours would be one.
        with torch.autocast(student.device.type, enabled=False):
            if student.dtype in (torch.float16, torch.bfloat16):
                student = student.float()
            teacher = (teacher if self.online else teacher.detach()).to(student.dtype)
            parted = by_domain(student, teacher, domains, labels, self.teacher_dims)
            found = {part.domain: self.terms(part) for part in parted if len(part) >= self.least}
            losses = {domain: self._weighted([terms]) for domain, terms in found.items()}
            kept = [found[domain] for domain in self.kept(losses)]
            # Nothing of the batch may teach: the graph must be there all the same.
            total = self._weighted(kept) + 0.0 * student.sum()
            return BatchLoss(total, {d: loss.detach() for d, loss in losses.items()}, self._parts(kept))

    @abstractmethod
    def terms(self, batch: DomainBatch) -> Terms:
        """Compute the terms of one domain.

        Parameters
        ----------
        batch : DomainBatch
            At least `least` items.

        Returns
        -------
        mapping of str to Tensor
            For each part its terms; the part is their mean.
        """

    def kept(self, losses: Mapping[int, torch.Tensor]) -> Collection[int]:
        """Choose the domains that count in this batch.

        Parameters
        ----------
        losses : mapping of int to Tensor
            Each domain's own loss.

        Returns
        -------
        collection of int
            All of them, but where a subclass drops some.
        """
        return losses.keys()

    def _weighted(self, found: list[Terms]) -> torch.Tensor:
        means = [self.weights[name] * mean for name, mean in _means(found).items()]
        return torch.stack(means).sum() if means else torch.zeros(())

    def _parts(self, found: list[Terms]) -> dict[str, torch.Tensor]:
        return {name: mean.detach() for name, mean in _means(found).items()}


def _means(found: list[Terms]) -> dict[str, torch.Tensor]:
    """Take the mean of each part over the terms of all domains; a part without terms is left out."""
    names = dict.fromkeys(name for terms in found for name in terms)
    joined = {name: torch.cat([terms[name] for terms in found if name in terms]) for name in names}
    return {name: terms.mean() for name, terms in joined.items() if len(terms)}
