"""Absolute distances: what distilling specialists did before the distributions.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from dataclasses import dataclass

from embedscope.neighbors.neighbors import Metric
from embedscope.training.losses.batch import DomainBatch
from embedscope.training.losses.directions import distances, unit
from embedscope.training.losses.loss import DistillationLoss, Terms
from embedscope.training.losses.setting import Setting


@dataclass(frozen=True)
class AbsoluteOptions:
    """What the loss leaves open.

    Parameters
    ----------
    metric : {"cosine", "euclidean"}
        The specialists' distances as they come (euclidean), or of their unit vectors: a student of unit
        vectors can reach no distance above 2.
    """

    metric: Metric = "euclidean"


class AbsoluteLoss(DistillationLoss):
    """Mean over the pairs of (‖t_i - t_j‖ - ‖s_i - s_j‖)², the student's vectors of length 1.

    Parameters
    ----------
    setting : Setting
        The student and the specialists.
    options : AbsoluteOptions, optional
        The open choices.

    Examples
    --------
    >>> import numpy as np, torch
    >>> loss = AbsoluteLoss(Setting(2, (np.eye(2, dtype=np.float32),)))
    >>> student, teacher = torch.tensor([[1.0, 0.0], [-1.0, 0.0]]), torch.tensor([[0.0], [5.0]])
    >>> loss(student, torch.nn.functional.pad(teacher, (0, 1)), torch.zeros(2, dtype=torch.int64))
    tensor(9.)
    """

    def __init__(self, setting: Setting, options: AbsoluteOptions | None = None) -> None:
        super().__init__(setting, {"distance": 1.0})
        self.options = options or AbsoluteOptions()

    def terms(self, batch: DomainBatch) -> Terms:
        """Compare the distances of all pairs.

        Parameters
        ----------
        batch : DomainBatch
            At least two items.

        Returns
        -------
        mapping of str to Tensor
            ``"distance"``.
        """
        teacher = unit(batch.teacher) if self.options.metric == "cosine" else batch.teacher
        return {"distance": (distances(teacher) - distances(unit(batch.student))) ** 2}
