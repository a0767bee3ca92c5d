"""Two spaces of the same items, row by row."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

import numpy as np
import pyarrow as pa
from jaxtyping import Float32

from embedscope._arrays import as_vectors, normalise_rows, row_norms
from embedscope._errors import InputError, MissingError
from embedscope._table import Table
from embedscope.clusters.cluster import Clusters, cluster
from embedscope.comparison.groups import Groups
from embedscope.items.problems import ItemId
from embedscope.neighbors.distances import Points
from embedscope.spaces.space import Space

Side: TypeAlias = Literal["teacher", "student"]

CLUSTER = "cluster"
_NAMED_IDS = 5
# Columns that commonly hold classes, best first; one with a class for every other item tells nothing.
_LABEL_COLUMNS = ("label", "class", "category", "subcategory", "topic", "group")


@dataclass(frozen=True, eq=False)
class Matched:
    """A teacher and a student, restricted to the ids they share, in the teacher's order.

    Parameters
    ----------
    teacher : Space
        Of the shared items.
    student : Space
        Of the same items in the same order; its dims, encoder and metric may differ.
    only_teacher : tuple of str or of int
        Ids that the student does not have.
    only_student : tuple of str or of int
        Ids that the teacher does not have.
    label : str, or sequence, optional
        The column that holds the items' classes, or their values.
    domain : str, or sequence, optional
        The column that says which domain an item is from, or the values.
    """

    teacher: Space
    student: Space
    only_teacher: tuple[ItemId, ...] = ()
    only_student: tuple[ItemId, ...] = ()
    label: Any = None
    domain: Any = None
    _groups: dict[str, Groups] = field(default_factory=dict, init=False, repr=False)
    _points: dict[Side, Points] = field(default_factory=dict, init=False, repr=False)

    def __len__(self) -> int:
        return len(self.teacher)

    @property
    def ids(self) -> tuple[ItemId, ...]:
        """The shared ids."""
        return self.teacher.ids

    def space(self, side: Side) -> Space:
        """Give one of the two.

        Parameters
        ----------
        side : {"teacher", "student"}
            Which.

        Returns
        -------
        Space
            Of the shared items.
        """
        return self.teacher if side == "teacher" else self.student

    def points(self, side: Side) -> Points:
        """Give a side's vectors, checked, with their lengths; read and measured once.

        Parameters
        ----------
        side : {"teacher", "student"}
            Which.

        Returns
        -------
        Points
            Finite, and without a row of zeros where the metric is cosine.

        Raises
        ------
        InputError
            If a row is not finite or, under cosine, all zeros; the ids are named.
        """
        if side not in self._points:
            space = self.space(side)
            self._points[side] = Points.of(checked_vectors(space, side), space.metric)
        return self._points[side]

    def vectors(self, side: Side) -> Float32[np.ndarray, "items dims"]:
        """Give a side's vectors, checked.

        Parameters
        ----------
        side : {"teacher", "student"}
            Which.

        Returns
        -------
        ndarray of float32, shape (items, dims)
            As `points` has them.
        """
        return self.points(side).vectors

    @property
    def left_out(self) -> str:
        """In words which ids a side lacks; empty where none."""
        parts = [
            f"{len(ids):,} items are only in the {side} and left out ({_some(ids)})"
            for side, ids in (("teacher", self.only_teacher), ("student", self.only_student))
            if ids
        ]
        return "; ".join(parts)

    def missing(self) -> Table:
        """List the ids that only one side has.

        Returns
        -------
        Table
            Id, and the side that has it.
        """
        rows = [(value, "teacher") for value in self.only_teacher]
        rows += [(value, "student") for value in self.only_student]
        return Table(("id", "only in"), rows, "Left out, since only one side has them")

    def groups(self, by: Any = None) -> Groups:
        """Group the items.

        Parameters
        ----------
        by : str, Groups, Clusters, or sequence of values, optional
            A column of the teacher's items, or of the student's; ``"cluster"``: the teacher's clusters;
            ``"label"`` and ``"domain"``: what the comparison was made with. The label if not given.

        Returns
        -------
        Groups
            One group an item.

        Raises
        ------
        MissingError
            If there is no such column, or no label is known; the columns are listed.
        InputError
            If there are more or fewer values than items.
        """
        if by is None:
            by = "label"
            if self._label() is None:
                raise MissingError(
                    f"Which groups? No column was named as the label. Write by= one of: {self._choices()}."
                )
        if not isinstance(by, str):
            return self._of_values(by, "values")
        if by not in self._groups:
            self._groups[by] = self._find(by)
        return self._groups[by]

    def with_teacher(self, teacher: Space) -> Matched:
        """Go on with another teacher of the same items and vectors, which has other columns.

        Parameters
        ----------
        teacher : Space
            As ``matched.teacher.with_column(...)`` gives it.

        Returns
        -------
        Matched
            What was read and measured of the vectors is shared.

        Raises
        ------
        InputError
            If it has other ids, or other vectors.
        """
        if teacher.ids != self.ids or teacher.fingerprint != self.teacher.fingerprint:
            raise InputError("with_teacher() takes the same items and vectors, with other columns.")
        changed = replace(self, teacher=teacher)
        object.__setattr__(changed, "_points", self._points)
        return changed

    def has_groups(self) -> bool:
        """Tell whether the items have a label.

        Returns
        -------
        bool
            True where one was named, or a column is evidently one.
        """
        return self._label() is not None

    def _find(self, by: str) -> Groups:
        role = {"label": self._label(), "domain": self.domain}.get(by)
        if role is not None and not isinstance(role, str):
            return self._of_values(role, by)
        name = role or by
        column = self._column(name)
        if column is not None:
            return Groups.of(column, name)
        if name == CLUSTER:
            return Groups.of(cluster(self.teacher), CLUSTER)
        raise MissingError(f"No column is called {name!r}. Write one of: {self._choices()}.")

    def _of_values(self, values: Any, by: str) -> Groups:
        named = CLUSTER if isinstance(values, Clusters) else by
        groups = values if isinstance(values, Groups) else Groups.of(values, named)
        if len(groups.codes) != len(self):
            raise InputError(
                f"{len(groups.codes):,} values came for {len(self):,} shared items: give one an item, in the "
                "order of the comparison's ids, or the name of a column."
            )
        return groups

    def _label(self) -> Any:
        if self.label is not None:
            return self.label
        for name in _LABEL_COLUMNS:
            column = self._column(name)
            if column is not None and _repeats(column):
                return name
        return None

    def _column(self, name: str) -> pa.ChunkedArray | None:
        for space in (self.teacher, self.student):
            if name in space.items.columns.column_names:
                return space.items.columns.column(name)
        return None

    def _choices(self) -> str:
        names = [*self.teacher.items.columns.column_names, *self.student.items.columns.column_names]
        return ", ".join([*(repr(name) for name in dict.fromkeys(names)), repr(CLUSTER), "a value an item"])


def _repeats(values: pa.ChunkedArray) -> bool:
    """Tell whether a column has several values, each twice on average."""
    if pa.types.is_nested(values.type):
        return False
    return 1 < len(values.unique()) <= len(values) / 2


def match(teacher: Space, student: Space, *, label: Any = None, domain: Any = None) -> Matched:
    """Match two spaces by the ids of their items.

    Parameters
    ----------
    teacher : Space
        The order of the items is its own.
    student : Space
        In any order.
    label : str, or sequence, optional
        The column that holds the items' classes.
    domain : str, or sequence, optional
        The column that holds their domains.

    Returns
    -------
    Matched
        Where both have the same ids in the same order, the spaces themselves with all they have kept.

    Raises
    ------
    InputError
        If fewer than two ids are shared.

    Notes
    -----
    Time and memory O(items); vectors are not read.

    Examples
    --------
    >>> one = Space.from_arrays({"a": [1.0, 0.0], "b": [0.0, 1.0], "c": [1.0, 1.0]})
    >>> both = match(one, Space.from_arrays({"c": [1.0], "b": [-1.0], "d": [2.0]}))
    >>> both.ids, both.only_teacher, both.only_student
    (('b', 'c'), ('a',), ('d',))
    """
    if teacher.ids == student.ids and len(teacher) > 1:
        return Matched(teacher, student, label=label, domain=domain)
    there, here = set(teacher.ids), set(student.ids)
    shared = tuple(value for value in teacher.ids if value in here)
    if len(shared) < 2:
        raise _nothing_shared(teacher, student, len(shared))
    return Matched(
        teacher if len(shared) == len(teacher) else teacher.subset(shared),
        student if shared == student.ids else student.subset(shared),
        tuple(value for value in teacher.ids if value not in here),
        tuple(value for value in student.ids if value not in there),
        label,
        domain,
    )


def _nothing_shared(teacher: Space, student: Space, n_shared: int) -> InputError:
    shared = {0: "no id", 1: "one id only"}[n_shared]
    words = (
        f"The two spaces share {shared}: the teacher has {_some(teacher.ids)} ({len(teacher):,}), the "
        f"student {_some(student.ids)} ({len(student):,}). They are matched by id, and at least 2 are wanted."
    )
    if {str(value) for value in teacher.ids} & {str(value) for value in student.ids}:
        words += " Some are equal as text: make both str, for example ids=[str(i) for i in ids]."
    return InputError(
        f"{words} Encode the same items, or give Space.from_arrays(vectors, ids=...) the same ids."
    )


def _some(ids: tuple[ItemId, ...]) -> str:
    shown = ", ".join(repr(value) for value in ids[:_NAMED_IDS])
    return shown + (", …" if len(ids) > _NAMED_IDS else "")


def checked_vectors(space: Space, side: str = "space") -> Float32[np.ndarray, "items dims"]:
    """Read a space's vectors, and refuse those that have no distance.

    Parameters
    ----------
    space : Space
        The space.
    side : str
        What an error calls it.

    Returns
    -------
    ndarray of float32, shape (items, dims)
        Finite, and without a row of zeros where the metric is cosine.

    Raises
    ------
    InputError
        If a row is not finite or, under cosine, all zeros; the ids are named.
    """
    vectors = np.asarray(space.vectors)
    bad = np.flatnonzero(~np.isfinite(vectors.sum(axis=1, dtype=np.float64)))
    if len(bad):
        raise _bad_rows(space, side, bad, "hold NaN or infinity", "Encode them again")
    if space.metric == "cosine":
        bad = np.flatnonzero(row_norms(vectors) == 0)
        if len(bad):
            raise _bad_rows(space, side, bad, "are all zeros, which have no cosine", "Use metric='euclidean'")
    return as_vectors(vectors)


def _bad_rows(space: Space, side: str, rows: np.ndarray, fault: str, instead: str) -> InputError:
    shown = _some(tuple(space.ids[row] for row in rows))
    return InputError(
        f"{len(rows):,} of the {side}'s {len(space):,} vectors {fault}: {shown}. {instead}, or leave these "
        "items out with space.subset(ids)."
    )


def metric_vectors(
    space: Space, vectors: Float32[np.ndarray, "items dims"]
) -> Float32[np.ndarray, "items dims"]:
    """Give vectors as the space's metric sees them: scaled to length 1 under cosine.

    Parameters
    ----------
    space : Space
        Has the metric.
    vectors : ndarray of float32, shape (items, dims)
        Its vectors, checked.

    Returns
    -------
    ndarray of float32, shape (items, dims)
        Not to be written to.
    """
    return normalise_rows(vectors) if space.metric == "cosine" else vectors
