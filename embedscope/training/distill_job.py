"""The job that distils specialists into one net."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from embedscope.training.desk import Desk
from embedscope.training.jobs import Outcome, register
from embedscope.training.recipe import Recipe

if TYPE_CHECKING:
    from embedscope.training.student import Student
    from embedscope.training.teaching import Lessons, SpecialistTeaching


@register("distill")
@dataclass(frozen=True)
class DistillJob:
    """Trains a net to see each domain as its specialist sees it.

    Parameters
    ----------
    fingerprint : str
        Of the items in the run's folder.
    specialists : dict of str to str
        For each domain an encoder's name, or "vectors:" and a hash where its vectors lie in the run's folder.
    student : str
        See `make_student`.
    loss : str
        One of `LOSSES`.
    loss_options : dict
        Of that loss; bandwidths by their keys.
    recipe : Recipe
        How.
    """

    fingerprint: str
    specialists: dict[str, str]
    student: str
    loss: str
    loss_options: dict[str, Any] = field(default_factory=dict)
    recipe: Recipe = field(default_factory=Recipe)

    def run(self, desk: Desk) -> Outcome:
        """Distil.

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
        from embedscope.training.training_data import DOMAIN, LABEL

        student = open_student(desk, self.student, self.recipe)
        labels = class_numbers(student.data.train, DOMAIN, LABEL)
        return train_net(desk, student, self._teaching(desk, student), self.recipe, labels)

    def _teaching(self, desk: Desk, student: Student) -> SpecialistTeaching:
        from embedscope.training.losses.divergences import DivergenceLoss
        from embedscope.training.losses.names import make_loss
        from embedscope.training.losses.setting import Setting
        from embedscope.training.losses_json import options_from_json
        from embedscope.training.teaching import SpecialistTeaching

        lessons = self._lessons(desk, student)
        samples = tuple(
            lessons.vectors[lessons.domains == number, :dims] for number, dims in enumerate(lessons.dims)
        )
        classes = tuple(
            int(lessons.labels[lessons.domains == number].max()) + 1 for number in range(len(samples))
        )
        setting = Setting(student.net.dims, samples, classes)
        options = options_from_json(self.loss_options)
        online = (np.zeros((2, student.net.width), np.float32),) * len(samples)
        taught_by = Setting(student.net.dims, online, classes) if self.loss == "udon" else setting
        loss = make_loss(self.loss, taught_by, **options)
        # What validations call kl is a KL for the other divergences too, with their own bandwidths.
        alike = loss.options if isinstance(loss, DivergenceLoss) else None
        return SpecialistTeaching(loss, lessons, DivergenceLoss(setting, alike), self.recipe.cross_domain)

    def _lessons(self, desk: Desk, student: Student) -> Lessons:
        from embedscope.training.net_training import class_numbers
        from embedscope.training.teachers import teach_vectors, vectors_folder
        from embedscope.training.teaching import Lessons
        from embedscope.training.training_data import LABEL

        data = student.data
        domains = data.domain_numbers(data.train)
        labels = np.zeros(len(data.train), dtype=np.int64)
        held = None if data.validation is None else data.domain_numbers(data.validation)
        found, validation = [], []
        for number, name in enumerate(data.domains):
            source, folder = self.specialists[name], vectors_folder(desk.folder.teachers, name)
            rows = np.flatnonzero(domains == number)
            items = data.train.take(rows)
            labels[rows] = class_numbers(items, LABEL)
            found.append(teach_vectors(source, folder, items, self.recipe.device))
            # Not every domain need have items to validate on.
            if data.validation is None or held is None or number not in held:
                validation.append(found[-1][:0])
            else:
                asked = data.validation.take(held == number)
                validation.append(teach_vectors(source, folder, asked, self.recipe.device))
        dims = tuple(vectors.shape[1] for vectors in found)
        vectors = np.zeros((len(data.train), max(dims)), dtype=np.float32)
        for number, own in enumerate(found):
            vectors[domains == number, : own.shape[1]] = own
        return Lessons(domains, labels, vectors, dims, tuple(validation))
