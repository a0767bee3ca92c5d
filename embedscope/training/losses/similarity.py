"""Similarity matching: the specialist's cosines are the student's goal.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Float

from embedscope.comparison.scores import without_diagonal
from embedscope.training.losses.batch import DomainBatch
from embedscope.training.losses.directions import cosines
from embedscope.training.losses.loss import DistillationLoss, Terms
from embedscope.training.losses.setting import Setting


@dataclass(frozen=True)
class SimilarityOptions:
    """Nothing is left open."""


class SimilarityLoss(DistillationLoss):
    """Mean over the pairs of (cos_t - cos_s)².

    Parameters
    ----------
    setting : Setting
        The student and the specialists.
    options : SimilarityOptions, optional
        None.

    Examples
    --------
    >>> import numpy as np
    >>> loss = SimilarityLoss(Setting(2, (np.eye(2, dtype=np.float32),)))
    >>> loss(torch.eye(2), torch.tensor([[1.0, 0.0], [2.0, 0.0]]), torch.zeros(2, dtype=torch.int64))
    tensor(1.)
    """

    def __init__(self, setting: Setting, options: SimilarityOptions | None = None) -> None:
        super().__init__(setting, {"similarity": 1.0})
        self.options = options or SimilarityOptions()

    def terms(self, batch: DomainBatch) -> Terms:
        """Compare the cosines of all pairs.

        Parameters
        ----------
        batch : DomainBatch
            At least two items.

        Returns
        -------
        mapping of str to Tensor
            ``"similarity"``.
        """
        return {"similarity": similarity_gaps(batch.student, batch.teacher)}


def similarity_gaps(
    student: Float[torch.Tensor, "items dims"], teacher: Float[torch.Tensor, "items teacher_dims"]
) -> Float[torch.Tensor, " pairs"]:
    """Give (cos_t - cos_s)² of all ordered pairs of different items.

    Parameters
    ----------
    student : Tensor, shape (items, dims)
        The student's vectors.
    teacher : Tensor, shape (items, teacher_dims)
        The specialist's.

    Returns
    -------
    Tensor, shape (items · (items - 1),)
        Each pair twice; none for one item.
    """
    return (without_diagonal(cosines(teacher) - cosines(student)) ** 2).flatten()
