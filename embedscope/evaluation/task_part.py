"""One split and subset of a task: mteb's data, scores and predictions for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from embedscope.evaluation.mteb_memory import ROW_IDS

_KINDS = {
    "Classification": "classification",
    "Clustering": "clustering",
    "STS": "similarity",
    "PairClassification": "pair classification",
    "Reranking": "reranking",
    "Retrieval": "retrieval",
    "BitextMining": "bitext",
}


def kind_of(metadata: Any) -> str:
    """Name a task's type as people do.

    Parameters
    ----------
    metadata : mteb.TaskMetadata
        Of the task.

    Returns
    -------
    str
        For example ``"pair classification"``; retrieval of code is ``"code"``; mteb's own name for a type
        that is not among ours.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> kind_of(SimpleNamespace(type="STS", task_subtypes=None))
    'similarity'
    """
    if metadata.type == "Retrieval" and "Code retrieval" in (metadata.task_subtypes or ()):
        return "code"
    return _KINDS.get(metadata.type, str(metadata.type))


@dataclass(frozen=True, eq=False)
class TaskPart:
    """What mteb found for one split and subset of a task.

    Parameters
    ----------
    task : mteb.AbsTask
        With its data loaded.
    split, subset : str
        Which.
    scores : mapping of str to object
        All that mteb computed, ``main_score`` among it.
    predictions : object
        What mteb wrote down of them, in the form of the task's type; None where it did not.
    draws : object
        State of the task's own random numbers before it ran.
    """

    task: Any
    split: str
    subset: str
    scores: Mapping[str, Any] = field(repr=False)
    predictions: Any = field(repr=False)
    draws: Any = field(default=None, repr=False)

    @property
    def measure(self) -> str:
        """Name of the main measure, in mteb's words."""
        return str(self.task.metadata.main_score)

    @property
    def value(self) -> float:
        """The main measure."""
        return float(self.scores["main_score"])

    @property
    def rows(self) -> Any:
        """The data: a data set, or for retrieval a mapping of queries, corpus and what is right."""
        data = self.task.dataset
        rows = data[self.subset][self.split] if self.subset in data else data[self.split]
        if self.task.metadata.type == "PairClassification" and len(rows) == 1:
            # An older form: all pairs in one row.
            return type(rows).from_dict(rows[0])
        return rows

    @property
    def columns(self) -> tuple[str, str]:
        """Names of the two columns of texts, for a task of pairs or of bitext."""
        if getattr(self.task, "parallel_subsets", False):
            one, _, other = self.subset.partition("-")
            return one, other
        first = getattr(self.task, "input1_column_name", "sentence1")
        second = getattr(self.task, "input2_column_name", "sentence2")
        named = getattr(self.task, "column_names", (first, second))
        return str(named[0]), str(named[1])

    @property
    def n(self) -> int:
        """How many items, pairs or queries were judged."""
        rows = self.rows
        return len(rows["queries"] if isinstance(rows, Mapping) and "queries" in rows else rows)

    @property
    def has_gold(self) -> bool:
        """Whether a bitext says itself which text belongs to which; else they are row by row."""
        return "gold" in getattr(self.rows, "column_names", self.rows)

    def column(self, name: str) -> list[Any]:
        """Give a column.

        Parameters
        ----------
        name : str
            As in mteb's data.

        Returns
        -------
        list
            One value a row.
        """
        return list(self.rows[name])

    def ids(self) -> list[str]:
        """Give an id a row: its own, or its place.

        Returns
        -------
        list of str
            Unique within the part.
        """
        named = next((name for name in (ROW_IDS, "id") if name in self.rows.column_names), None)
        if named is not None:
            return [str(one) for one in self.column(named)]
        return [str(row) for row in range(len(self.rows))]

    def class_names(self) -> list[str]:
        """Name the class of each row.

        Returns
        -------
        list of str
            Names where mteb's data has them, else the label as text.
        """
        return [self.class_name(label) for label in self.column(self.task.label_column_name)]

    def class_name(self, label: Any) -> str:
        """Name a class.

        Parameters
        ----------
        label : int or str
            As in mteb's data.

        Returns
        -------
        str
            Its name.
        """
        names: Sequence[str] | None = getattr(self.rows.features[self.task.label_column_name], "names", None)
        return str(label) if names is None else str(names[int(label)])
