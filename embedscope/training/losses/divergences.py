"""Divergences: the specialist's neighbourhoods of a batch against the student's, as KL, reverse KL or JS.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

import torch
from jaxtyping import Float

from embedscope.comparison.bandwidth import Bandwidth
from embedscope.comparison.scores import kl_of_scores
from embedscope.neighbors.neighbors import Metric
from embedscope.training.calibration import Calibration, calibrate
from embedscope.training.losses.batch import DomainBatch
from embedscope.training.losses.loss import DistillationLoss, Terms
from embedscope.training.losses.setting import Setting
from embedscope.training.losses.softmax import Over, js_of_scores, scores_over

Scores: TypeAlias = Float[torch.Tensor, "rows others"]

# Mean distances of unit vectors are about 1.3: a student's 2σ² of 0.05 and a teacher's that is as sharp.
_TEACHER_FACTOR = 0.125
_STUDENT_SIGMA = 0.16


@dataclass(frozen=True)
class DivergenceOptions:
    """What Feng et al.'s abstract leaves open.

    Parameters
    ----------
    bandwidth : Bandwidth
        Of the specialists, calibrated for each on its own sample.
    student_bandwidth : Bandwidth
        Of the student: a fixed σ, or measured in each batch, without gradients.
    metric : {"cosine", "euclidean"}
        Of the specialists' distances. The student's are of unit vectors: d² = 2 - 2cos either way.
    over : {"row", "pairs"}
        A softmax around each item, or one over all pairs of a domain.
    """

    bandwidth: Bandwidth = field(default_factory=lambda: Bandwidth.mean_distance(_TEACHER_FACTOR))
    student_bandwidth: Bandwidth = field(default_factory=lambda: Bandwidth.fixed(_STUDENT_SIGMA))
    metric: Metric = "cosine"
    over: Over = "row"


class DivergenceLoss(DistillationLoss):
    """Mean over the items of KL(p‖q), with p and q softmax over j ≠ i of -d²/2σ².

    Parameters
    ----------
    setting : Setting
        The student and the specialists.
    options : DivergenceOptions, optional
        The open choices.

    Notes
    -----
    Scores, divergence and bandwidths are the comparison's own functions: the loss of a batch is the mean
    divergence that `compare` finds on it. Over all pairs the domain has one distribution, which counts once
    for each of its items. Time and memory O(items² · dims) a domain.

    References
    ----------
    After Feng et al. 2020, arXiv 2003.03701, of which only the abstract was read.

    Examples
    --------
    >>> x = torch.tensor([[1.0, 0.0], [0.8, 0.6], [0.0, 1.0]])
    >>> loss = DivergenceLoss(Setting(2, (x.numpy(),)))
    >>> float(loss(x, 3 * x, torch.zeros(3, dtype=torch.int64))) < 0.1
    True
    """

    def __init__(self, setting: Setting, options: DivergenceOptions | None = None) -> None:
        super().__init__(setting, {"divergence": 1.0})
        self.options = options or DivergenceOptions()
        bandwidth, metric = self.options.bandwidth, self.options.metric
        self.calibrations = tuple(calibrate(sample, bandwidth, metric) for sample in setting.specialists)
        own = self.options.student_bandwidth
        self.student = Calibration(own, "cosine", own.value if own.rule == "fixed" else None)

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
        with torch.no_grad():
            sigma = self.calibrations[batch.domain].of_batch(batch.teacher)
            teacher = scores_over(batch.teacher, sigma, self.options.metric, self.options.over)
            widths = self.student.of_batch(batch.student)
        student = scores_over(batch.student, widths, "cosine", self.options.over)
        found = self._divergence(teacher, student)
        return {"divergence": found if self.options.over == "row" else found.expand(len(batch))}

    def _divergence(self, teacher: Scores, student: Scores) -> Float[torch.Tensor, " rows"]:
        return kl_of_scores(teacher, student)


class ReverseKlLoss(DivergenceLoss):
    """Mean over the items of KL(q‖p): the student is punished where it sees neighbours that are none.

    Parameters
    ----------
    setting : Setting
        The student and the specialists.
    options : DivergenceOptions, optional
        The open choices.
    """

    def _divergence(self, teacher: Scores, student: Scores) -> Float[torch.Tensor, " rows"]:
        return kl_of_scores(student, teacher)


class JsLoss(DivergenceLoss):
    """Mean over the items of the Jensen-Shannon divergence: symmetric, never above log 2.

    Parameters
    ----------
    setting : Setting
        The student and the specialists.
    options : DivergenceOptions, optional
        The open choices.
    """

    def _divergence(self, teacher: Scores, student: Scores) -> Float[torch.Tensor, " rows"]:
        return js_of_scores(teacher, student)
