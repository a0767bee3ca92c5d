"""TaskScores: what an encoder reached on each task, the means, and what it got wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from embedscope._errors import unknown_name
from embedscope._table import Table
from embedscope.comparison.sampling import Interval
from embedscope.evaluation.task_failures import task_failures
from embedscope.evaluation.task_part import TaskPart, kind_of
from embedscope.evaluation.task_values import interval_of
from embedscope.items.items import Items

MEAN_OF_TASKS, MEAN_OF_TYPES = "mean of tasks", "mean of types"


@dataclass(frozen=True, eq=False)
class TaskScore:
    """What mteb's evaluator found for one task.

    Parameters
    ----------
    name : str
        Of the task.
    parts : tuple of TaskPart
        One a split and subset (a pair of languages, say).
    """

    name: str
    parts: tuple[TaskPart, ...] = field(repr=False)

    @property
    def kind(self) -> str:
        """The type: classification, clustering, similarity, pair classification, reranking, retrieval, ..."""
        return kind_of(self.parts[0].task.metadata)

    @property
    def measure(self) -> str:
        """Name of the main measure, in mteb's words."""
        return self.parts[0].measure

    @property
    def value(self) -> float:
        """The main measure, averaged over the parts."""
        return float(np.mean([part.value for part in self.parts]))

    @cached_property
    def interval(self) -> Interval | None:
        """Of the value, for other items of the same kind; None where that is not known (`interval_of`)."""
        return interval_of(self.parts)

    @property
    def n(self) -> int:
        """How many items, pairs or queries were judged, in all parts."""
        return sum(part.n for part in self.parts)

    def score(self, measure: str) -> float:
        """Give another of mteb's measures, averaged over the parts.

        Parameters
        ----------
        measure : str
            As mteb calls it, for example ``"recall_at_5"``.

        Returns
        -------
        float
            As mteb gives it.

        Raises
        ------
        MissingError
            If mteb did not compute it.
        """
        known = _numbers(self.parts[0])
        if measure not in known:
            raise unknown_name(f"measure of {self.name}", measure, known)
        return float(np.mean([part.scores[measure] for part in self.parts]))

    def to_frame(self) -> pa.Table:
        """Give every number that mteb computed, one a row.

        Returns
        -------
        pyarrow.Table
            ``task``, ``type``, ``split``, ``subset``, ``measure``, ``value``, ``main``.
        """
        records = [
            {
                "task": self.name,
                "type": self.kind,
                "split": part.split,
                "subset": part.subset,
                "measure": measure,
                "value": value,
                "main": measure == self.measure,
            }
            for part in self.parts
            for measure, value in _numbers(part).items()
        ]
        return pa.Table.from_pylist(records)

    def to_table(self) -> Table:
        """Give one line a split and subset, for people.

        Returns
        -------
        Table
            The main measure.
        """
        rows = [(part.split, part.subset, part.measure, part.value, part.n) for part in self.parts]
        return Table(("split", "subset", "measure", "value", "n"), rows, f"{self.name} ({self.kind})")

    def failures(self, limit: int | None = None) -> Items:
        """List what the encoder got wrong, the worst first.

        Parameters
        ----------
        limit : int, optional
            Most items.

        Returns
        -------
        Items
            The texts with columns ``expected`` and ``found`` and more, see `task_failures`; for `explore`.

        Raises
        ------
        InputError
            If that is not known for such a task.
        """
        return task_failures(self.name, self.parts, limit)

    def __repr__(self) -> str:
        return repr(self.to_table())

    def _repr_html_(self) -> str:
        return self.to_table()._repr_html_()


def _numbers(part: TaskPart) -> dict[str, float]:
    return {
        name: float(value)
        for name, value in part.scores.items()
        if name != "main_score" and isinstance(value, int | float) and not isinstance(value, bool)
    }


@dataclass(frozen=True, eq=False)
class TaskScores:
    """What an encoder reached on tasks, as ``scores["docstrings"]`` and in one table.

    Parameters
    ----------
    encoder : str
        Its name.
    results : tuple of TaskScore
        One a task.
    """

    encoder: str
    results: tuple[TaskScore, ...] = field(repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        """The tasks."""
        return tuple(result.name for result in self.results)

    def __getitem__(self, name: str) -> TaskScore:
        if name not in self.names:
            raise unknown_name("task among these scores", name, self.names)
        return self.results[self.names.index(name)]

    def __len__(self) -> int:
        return len(self.results)

    def means(self) -> dict[str, float]:
        """Average the main measures by type.

        Returns
        -------
        dict of str to float
            One a type, in the order in which the types come.
        """
        kinds = dict.fromkeys(result.kind for result in self.results)
        return {
            kind: float(np.mean([one.value for one in self.results if one.kind == kind])) for kind in kinds
        }

    @property
    def mean_of_tasks(self) -> float:
        """Every task of the same weight; the papers' "mean (task)"."""
        return float(np.mean([result.value for result in self.results]))

    @property
    def mean_of_types(self) -> float:
        """Every type of the same weight; the papers' "mean (type)"."""
        return float(np.mean(list(self.means().values())))

    def to_table(self) -> Table:
        """Give one line a task, one a type of several tasks, and the two means over all.

        Returns
        -------
        Table
            Values are mteb's main measures, which differ by type; ``low`` and ``high`` are the ends of the
            95 % interval.
        """
        rows: list[tuple[Any, ...]] = []
        for result in self.results:
            ends = result.interval
            low, high = (None, None) if ends is None else (ends.low, ends.high)
            rows.append((result.name, result.kind, result.measure, result.value, low, high, result.n))
        counts = {kind: sum(one.kind == kind for one in self.results) for kind in self.means()}
        for kind, mean in self.means().items():
            if counts[kind] > 1:
                rows.append((f"mean of {counts[kind]}", kind, "", mean, None, None, None))
        if len(self) > 1:
            rows.append((MEAN_OF_TASKS, "", "", self.mean_of_tasks, None, None, None))
            rows.append((MEAN_OF_TYPES, "", "", self.mean_of_types, None, None, None))
        return Table(("task", "type", "measure", "value", "low", "high", "n"), rows, f"Tasks: {self.encoder}")

    def to_frame(self) -> pa.Table:
        """Give every number that mteb computed, one a row.

        Returns
        -------
        pyarrow.Table
            As `TaskScore.to_frame`, all tasks below one another.
        """
        return pa.concat_tables([result.to_frame() for result in self.results])

    def __repr__(self) -> str:
        return repr(self.to_table())

    def _repr_html_(self) -> str:
        return self.to_table()._repr_html_()
