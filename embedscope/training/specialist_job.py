"""The job that trains a net on the classes of its items."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from embedscope.training.desk import Desk
from embedscope.training.jobs import Outcome, register
from embedscope.training.recipe import Recipe


@register("specialist")
@dataclass(frozen=True)
class SpecialistJob:
    """Trains a net with a loss over labels.

    Parameters
    ----------
    fingerprint : str
        Of the items in the run's folder.
    backbone : str
        See `make_student`.
    loss : str
        One of `SPECIALIST_LOSSES`.
    loss_options : dict
        Of that loss.
    recipe : Recipe
        How.
    """

    fingerprint: str
    backbone: str
    loss: str
    loss_options: dict[str, Any] = field(default_factory=dict)
    recipe: Recipe = field(default_factory=Recipe)

    def run(self, desk: Desk) -> Outcome:
        """Train.

        Parameters
        ----------
        desk : Desk
            The run's.

        Returns
        -------
        {"done", "stopped"}
            How it ended.
        """
        from embedscope.training.net_training import class_numbers, open_student, train_net
        from embedscope.training.specialist_losses import SpecialistLoss
        from embedscope.training.teaching import LabelTeaching
        from embedscope.training.training_data import DOMAIN, LABEL

        student = open_student(desk, self.backbone, self.recipe)
        data = student.data
        labels = class_numbers(data.train, DOMAIN, LABEL)
        loss = SpecialistLoss(self.loss, int(labels.max()) + 1, student.net.dims, **self.loss_options)
        teaching = LabelTeaching(loss, labels, data.domain_numbers(data.train))
        return train_net(desk, student, teaching, self.recipe, labels)
