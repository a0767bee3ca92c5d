"""Relational knowledge distillation: distances over their mean, and angles.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch.nn.functional import smooth_l1_loss

from embedscope.training.losses.angles import angle_gaps
from embedscope.training.losses.batch import DomainBatch
from embedscope.training.losses.directions import distances, unit
from embedscope.training.losses.loss import DistillationLoss, Terms
from embedscope.training.losses.setting import Setting


@dataclass(frozen=True)
class RkdOptions:
    """The weights of the two parts; the paper's if not given.

    Parameters
    ----------
    distances : float
        Of the distances over their mean.
    angles : float
        Of the angles; 0 spares their O(items³).
    """

    distances: float | int = 25.0
    angles: float | int = 50.0


class RkdLoss(DistillationLoss):
    """Smooth L1 of the distances over their mean, and of the cosines of the angles of all triplets.

    Parameters
    ----------
    setting : Setting
        The student and the specialists.
    options : RkdOptions, optional
        The open choices.

    Notes
    -----
    Pairs and triplets are of different items, as the paper defines them (its code counts an item with itself
    as well, in the mean of the loss). Means of distances are a domain's own. The student's vectors have
    length 1, the specialists' are as they come: the loss does not see their scale. Time O(items³ · dims) and
    memory O(items² · dims) where angles count.

    References
    ----------
    Park et al. 2019, arXiv 1904.05068.

    Examples
    --------
    >>> import numpy as np
    >>> loss = RkdLoss(Setting(2, (np.eye(2, dtype=np.float32),)))
    >>> x = torch.tensor([[1.0, 0.0], [0.6, 0.8], [0.0, 1.0]])
    >>> loss(x, 3 * x, torch.zeros(3, dtype=torch.int64)).item().__round__(6)
    0.0
    """

    def __init__(self, setting: Setting, options: RkdOptions | None = None) -> None:
        self.options = options or RkdOptions()
        super().__init__(setting, {"distances": self.options.distances, "angles": self.options.angles})

    def terms(self, batch: DomainBatch) -> Terms:
        """Compare pairs and triplets.

        Parameters
        ----------
        batch : DomainBatch
            At least two items; angles need three.

        Returns
        -------
        mapping of str to Tensor
            ``"distances"`` and ``"angles"``.
        """
        student = unit(batch.student)
        found = {"distances": _gap(over_mean(distances(student)), over_mean(distances(batch.teacher)))}
        if self.options.angles and len(batch) > 2:
            found["angles"] = angle_gaps(student, batch.teacher)
        return found


def over_mean(lengths: Float[torch.Tensor, " pairs"]) -> Float[torch.Tensor, " pairs"]:
    """Divide distances by their mean.

    Parameters
    ----------
    lengths : Tensor, shape (pairs,)
        Of one domain; gradients flow through the mean as well.

    Returns
    -------
    Tensor, shape (pairs,)
        As they are where all are 0.

    Examples
    --------
    >>> over_mean(torch.tensor([1.0, 3.0]))
    tensor([0.5000, 1.5000])
    """
    mean = lengths.mean()
    return lengths / torch.where(mean > 0, mean, 1.0)


def _gap(student: torch.Tensor, teacher: torch.Tensor) -> torch.Tensor:
    return smooth_l1_loss(student, teacher, reduction="none")
