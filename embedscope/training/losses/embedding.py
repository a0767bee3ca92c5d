"""Embedding matching: the student's vectors, projected, point where the specialist's do.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from embedscope.training.losses.batch import DomainBatch
from embedscope.training.losses.directions import unit
from embedscope.training.losses.loss import DistillationLoss, Terms
from embedscope.training.losses.projectors import make_projectors
from embedscope.training.losses.setting import Setting


@dataclass(frozen=True)
class EmbeddingOptions:
    """What the loss leaves open.

    Parameters
    ----------
    hidden : int, optional
        Width of the projectors' hidden layer; a matrix alone if not given.
    """

    hidden: int | None = None


class EmbeddingLoss(DistillationLoss):
    """Mean over the items of 1 - cos(W_k s, t), a projector W_k for each specialist.

    Parameters
    ----------
    setting : Setting
        The student and the specialists.
    options : EmbeddingOptions, optional
        The open choices.

    Notes
    -----
    An item teaches by itself: one of a domain counts. The projectors have to be optimised as well.

    Examples
    --------
    >>> import numpy as np, torch
    >>> loss = EmbeddingLoss(Setting(2, (np.ones((2, 3), np.float32),)))
    >>> s = torch.eye(2)
    >>> loss(s, loss.projectors[0](s), torch.zeros(2, dtype=torch.int64)).item().__round__(5) == 0
    True
    """

    least: ClassVar[int] = 1

    def __init__(self, setting: Setting, options: EmbeddingOptions | None = None) -> None:
        super().__init__(setting, {"cosine": 1.0})
        self.options = options or EmbeddingOptions()
        self.projectors = make_projectors(setting.student_dims, setting.teacher_dims, self.options.hidden)

    def terms(self, batch: DomainBatch) -> Terms:
        """Compare each item with itself.

        Parameters
        ----------
        batch : DomainBatch
            One item or more.

        Returns
        -------
        mapping of str to Tensor
            ``"cosine"``.
        """
        projected = self.projectors[batch.domain](unit(batch.student))
        return {"cosine": 1 - (unit(projected) * unit(batch.teacher)).sum(dim=1)}
