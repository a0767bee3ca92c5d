"""Probabilistic knowledge transfer: cosines as probabilities, without a bandwidth.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from jaxtyping import Float

from embedscope.comparison.scores import kl_of_scores, without_diagonal
from embedscope.training.losses.batch import DomainBatch
from embedscope.training.losses.directions import cosines
from embedscope.training.losses.loss import DistillationLoss, Terms
from embedscope.training.losses.setting import Setting


@dataclass(frozen=True)
class PktOptions:
    """What differs between the paper and its code.

    Parameters
    ----------
    with_self : bool
        Whether an item counts among its own neighbours, as in the authors' code.
    smallest : float
        Kernels are raised to this, so that opposite vectors have a logarithm.
    """

    with_self: bool = False
    smallest: float = 1e-7


class PktLoss(DistillationLoss):
    """Mean over the items of KL(p‖q), with p and q the kernel (cos + 1)/2 over its row's sum.

    Parameters
    ----------
    setting : Setting
        The student and the specialists.
    options : PktOptions, optional
        The open choices.

    References
    ----------
    Passalis, Tefas 2018, arXiv 1803.10837.

    Examples
    --------
    >>> import numpy as np
    >>> loss = PktLoss(Setting(2, (np.eye(2, dtype=np.float32),)))
    >>> x = torch.tensor([[1.0, 0.0], [0.6, 0.8], [0.0, 1.0]])
    >>> loss(x, 3 * x, torch.zeros(3, dtype=torch.int64)).item().__round__(6)
    0.0
    """

    def __init__(self, setting: Setting, options: PktOptions | None = None) -> None:
        super().__init__(setting, {"divergence": 1.0})
        self.options = options or PktOptions()

    def terms(self, batch: DomainBatch) -> Terms:
        """Compute each item's divergence.

        Parameters
        ----------
        batch : DomainBatch
            At least two items.

        Returns
        -------
        mapping of str to Tensor
            ``"divergence"``, in nats.
        """
        # A softmax of logarithms is the kernel over its sum.
        return {"divergence": kl_of_scores(self._logs(batch.teacher), self._logs(batch.student))}

    def _logs(self, vectors: Float[torch.Tensor, "items dims"]) -> Float[torch.Tensor, "items others"]:
        kernel = ((cosines(vectors) + 1) / 2).clamp_min(self.options.smallest).log()
        return kernel if self.options.with_self else without_diagonal(kernel)
