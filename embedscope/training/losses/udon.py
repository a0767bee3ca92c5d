"""UDON: a classifying head a domain teaches the student's classifier and its similarities.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from jaxtyping import Float
from torch.nn.functional import cross_entropy

from embedscope._errors import InputError
from embedscope.comparison.scores import kl_of_scores
from embedscope.training.losses.batch import DomainBatch
from embedscope.training.losses.directions import unit
from embedscope.training.losses.loss import DistillationLoss, Terms
from embedscope.training.losses.setting import Setting
from embedscope.training.losses.similarity import similarity_gaps


@dataclass(frozen=True)
class UdonOptions:
    """The authors' published settings, which the paper's text leaves partly open.

    Parameters
    ----------
    head_dims : int
        Of the teacher heads.
    scale : float
        Cosines to classes are multiplied by it before the cross entropy (a normalised softmax).
    temperature : float
        Cosines to classes are divided by it before the KL of teacher and student.
    classes : float
        Weight of the cross entropies, the student's and the teacher head's.
    logits : float
        Weight of the KL of the logits.
    similarity : float
        Weight of the similarity matching.
    """

    head_dims: int = 256
    scale: float | int = 16.0
    temperature: float | int = 0.1
    classes: float | int = 1.0
    logits: float | int = 1.0
    similarity: float | int = 1.0


class UdonLoss(DistillationLoss):
    """Cross entropy of student and teacher head, KL of their logits and matching of their similarities.

    Parameters
    ----------
    setting : Setting
        The student and the specialists, and how many classes each domain has.
    options : UdonOptions, optional
        The open choices.

    Raises
    ------
    InputError
        If the numbers of classes are not given.

    Notes
    -----
    The teacher heads stand on the vectors that come as the teacher's. With the shared backbone's features
    (of the same forward pass) this is the paper's online form, and the heads' cross entropy trains the
    backbone as well; with a frozen specialist's vectors the heads alone learn. The distilling parts do not
    flow into the heads. The student's rows are its 64 dims. Classes belong to their domain: a batch's
    softmax is over the classes of its domain alone. The loss-driven sampler is `DomainSampler`'s.

    References
    ----------
    Ypsilantis et al. 2024, arXiv 2406.08332.

    Examples
    --------
    >>> import numpy as np
    >>> loss = UdonLoss(Setting(2, (np.eye(3, dtype=np.float32),), n_classes=(2,)))
    >>> domains, labels = torch.zeros(2, dtype=torch.int64), torch.tensor([0, 1])
    >>> sorted(loss.of_batch(torch.eye(2), torch.eye(2, 3), domains, labels).parts)
    ['logits', 'similarity', 'student classes', 'teacher classes']
    """

    least: ClassVar[int] = 1
    online: ClassVar[bool] = True

    def __init__(self, setting: Setting, options: UdonOptions | None = None) -> None:
        self.options = options or UdonOptions()
        super().__init__(
            setting,
            {
                "student classes": self.options.classes,
                "teacher classes": self.options.classes,
                "logits": self.options.logits,
                "similarity": self.options.similarity,
            },
        )
        if setting.n_classes is None:
            raise InputError("The loss 'udon' classifies: give n_classes, a number for each domain.")
        wide = self.options.head_dims
        self.heads = torch.nn.ModuleList(torch.nn.Linear(dims, wide) for dims in setting.teacher_dims)
        self.student_classes = _classifiers(setting.n_classes, setting.student_dims)
        self.teacher_classes = _classifiers(setting.n_classes, wide)

    def terms(self, batch: DomainBatch) -> Terms:
        """Classify and distil the items of one domain.

        Parameters
        ----------
        batch : DomainBatch
            One item or more, with labels; similarities need two.

        Returns
        -------
        mapping of str to Tensor
            ``"student classes"``, ``"teacher classes"``, ``"logits"`` in nats and ``"similarity"``.
        """
        labels = batch.labels
        if labels is None:
            raise InputError("The loss 'udon' classifies: a batch needs labels, numbered in their domain.")
        head = unit(self.heads[batch.domain](batch.teacher))
        student = self._logits(batch.student, self.student_classes[batch.domain])
        teacher = self._logits(head, self.teacher_classes[batch.domain])
        scale, sharp = self.options.scale, 1 / self.options.temperature
        return {
            "student classes": cross_entropy(scale * student, labels.long(), reduction="none"),
            "teacher classes": cross_entropy(scale * teacher, labels.long(), reduction="none"),
            "logits": kl_of_scores(sharp * teacher.detach(), sharp * student),
            "similarity": similarity_gaps(batch.student, head.detach()),
        }

    @staticmethod
    def _logits(
        vectors: Float[torch.Tensor, "items dims"], classes: Float[torch.Tensor, "classes dims"]
    ) -> Float[torch.Tensor, "items classes"]:
        return unit(vectors) @ unit(classes).T


def _classifiers(n_classes: tuple[int, ...], dims: int) -> torch.nn.ParameterList:
    return torch.nn.ParameterList(torch.nn.init.normal_(torch.empty(n, dims)) for n in n_classes)
