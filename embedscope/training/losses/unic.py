"""UNIC: cosine and smooth L1 through projectors, where teachers that are learnt already sit out.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch.nn.functional import smooth_l1_loss

from embedscope.training.losses.batch import DomainBatch
from embedscope.training.losses.directions import unit
from embedscope.training.losses.loss import DistillationLoss, Terms
from embedscope.training.losses.projectors import make_projectors
from embedscope.training.losses.setting import Setting


@dataclass(frozen=True)
class UnicOptions:
    """What the paper says, and what is open.

    Parameters
    ----------
    cosine, smooth_l1 : float
        The weights of the two parts.
    drop : float
        The probability that a teacher sits out, all but the worst.
    hidden : int, optional
        Width of the projectors' hidden layer, the paper's own not known here; a matrix alone if None.
    standardise : bool
        Whether each specialist's dims are brought to mean 0 and variance 1 by its sample: else the smooth L1
        follows the specialist's scale.
    """

    cosine: float | int = 0.5
    smooth_l1: float | int = 0.5
    drop: float | int = 0.5
    hidden: int | None = 256
    standardise: bool = True


class UnicLoss(DistillationLoss):
    """0.5 (1 - cos) + 0.5 smooth L1 of projected vectors; domains but the worst sit out with p = 0.5.

    Parameters
    ----------
    setting : Setting
        The student and the specialists.
    options : UnicOptions, optional
        The open choices.

    Notes
    -----
    The paper shows every image to every teacher and drops teachers an image. Here an item has one
    specialist, its domain's: so the domains of a mixed batch are dropped, and in a batch of one domain
    nothing is. In eval mode nothing is dropped. Draws are from torch's own generator.

    References
    ----------
    Sariyildiz et al. 2024, arXiv 2408.05088.

    Examples
    --------
    >>> import numpy as np
    >>> loss = UnicLoss(Setting(2, (np.eye(3, dtype=np.float32),)))
    >>> bool(loss(torch.eye(2), torch.eye(2, 3), torch.zeros(2, dtype=torch.int64)) > 0)
    True
    """

    least: ClassVar[int] = 1

    def __init__(self, setting: Setting, options: UnicOptions | None = None) -> None:
        self.options = options or UnicOptions()
        super().__init__(setting, {"cosine": self.options.cosine, "smooth L1": self.options.smooth_l1})
        self.projectors = make_projectors(setting.student_dims, setting.teacher_dims, self.options.hidden)
        for domain, sample in enumerate(setting.specialists):
            vectors = torch.from_numpy(sample)
            self.register_buffer(f"mean_{domain}", vectors.mean(dim=0))
            self.register_buffer(f"spread_{domain}", vectors.std(dim=0, correction=0))

    def terms(self, batch: DomainBatch) -> Terms:
        """Compare each item with itself.

        Parameters
        ----------
        batch : DomainBatch
            One item or more.

        Returns
        -------
        mapping of str to Tensor
            ``"cosine"`` and ``"smooth L1"``, the latter a mean over the dims.
        """
        teacher = self._standardised(batch) if self.options.standardise else batch.teacher
        projected = self.projectors[batch.domain](unit(batch.student))
        gaps = smooth_l1_loss(projected, teacher, reduction="none")
        return {
            "cosine": 1 - (unit(projected) * unit(teacher)).sum(dim=1),
            "smooth L1": gaps.mean(dim=1),
        }

    def kept(self, losses: Mapping[int, torch.Tensor]) -> Collection[int]:
        """Keep the worst domain, and each other one with probability 1 - drop.

        Parameters
        ----------
        losses : mapping of int to Tensor
            Each domain's own loss.

        Returns
        -------
        collection of int
            All of them in eval mode.
        """
        if not self.training or len(losses) < 2:
            return losses.keys()
        worst = max(losses, key=lambda domain: float(losses[domain].detach()))
        stays = torch.rand(len(losses)) >= self.options.drop
        return [
            domain for domain, stay in zip(losses, stays.tolist(), strict=True) if stay or domain == worst
        ]

    def _standardised(self, batch: DomainBatch) -> torch.Tensor:
        spread = self.get_buffer(f"spread_{batch.domain}").to(batch.teacher)
        centred = batch.teacher - self.get_buffer(f"mean_{batch.domain}").to(batch.teacher)
        return centred / torch.where(spread > 0, spread, 1.0)
