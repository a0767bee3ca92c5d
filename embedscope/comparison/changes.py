"""One item's neighbours in two spaces: kept, re-ranked, lost and gained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import pyarrow as pa
from jaxtyping import Float32, Int64

from embedscope._table import Table
from embedscope.comparison.matched import Matched
from embedscope.comparison.ranks import ranks_among_all
from embedscope.items.items import Items
from embedscope.items.problems import ItemId

Change: TypeAlias = Literal["kept", "re-ranked", "lost", "gained"]

_SNIPPET = 50


@dataclass(frozen=True, eq=False)
class NeighborChanges:
    """What became of an item's neighbours, from the teacher to the student.

    Parameters
    ----------
    id : str or int
        The item.
    k : int
        Neighbours a side.
    items : Items
        The neighbours of either side: first the teacher's, nearest first, then those that only the student
        has.
    rows : ndarray of int64, shape (neighbours,)
        Their places in the comparison.
    changes : tuple of {"kept", "re-ranked", "lost", "gained"}
        What became of each: at the same rank in both, at another one, only the teacher's, only the student's.
    teacher_ranks : ndarray of int64, shape (neighbours,)
        Rank among all items in the teacher, from 1, also past k.
    student_ranks : ndarray of int64, shape (neighbours,)
        Rank in the student.
    teacher_distances : ndarray of float32, shape (neighbours,)
        Distance from the item in the teacher.
    student_distances : ndarray of float32, shape (neighbours,)
        Distance in the student, in its own metric.
    """

    id: ItemId
    k: int
    items: Items
    rows: Int64[np.ndarray, " neighbors"]
    changes: tuple[Change, ...]
    teacher_ranks: Int64[np.ndarray, " neighbors"]
    student_ranks: Int64[np.ndarray, " neighbors"]
    teacher_distances: Float32[np.ndarray, " neighbors"]
    student_distances: Float32[np.ndarray, " neighbors"]

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def kept(self) -> tuple[ItemId, ...]:
        """Neighbours in both, at the same rank."""
        return self._those("kept")

    @property
    def re_ranked(self) -> tuple[ItemId, ...]:
        """Neighbours in both, at another rank."""
        return self._those("re-ranked")

    @property
    def lost(self) -> tuple[ItemId, ...]:
        """Neighbours that only the teacher has."""
        return self._those("lost")

    @property
    def gained(self) -> tuple[ItemId, ...]:
        """Neighbours that only the student has."""
        return self._those("gained")

    @property
    def recall(self) -> float:
        """Share of the teacher's k nearest that are among the student's k nearest."""
        return (len(self.kept) + len(self.re_ranked)) / self.k

    def _those(self, change: Change) -> tuple[ItemId, ...]:
        return tuple(
            value for value, became in zip(self.items.ids, self.changes, strict=True) if became == change
        )

    def to_table(self) -> Table:
        """Give the neighbours as a table for people.

        Returns
        -------
        Table
            Id, change, both ranks, both distances and a line of content.
        """
        rows = [
            (
                str(self.items.ids[place]),
                self.changes[place],
                int(self.teacher_ranks[place]),
                int(self.student_ranks[place]),
                float(self.teacher_distances[place]),
                float(self.student_distances[place]),
                self.items.snippet(place, _SNIPPET),
            )
            for place in range(len(self))
        ]
        columns = ("id", "change", "teacher rank", "student rank", "teacher distance", "student distance")
        title = (
            f"{self.id!r}: of {self.k} neighbours {len(self.kept)} kept, {len(self.re_ranked)} re-ranked, "
            f"{len(self.lost)} lost, {len(self.gained)} gained"
        )
        return Table((*columns, self.items.modality), rows, title)

    def to_frame(self) -> pa.Table:
        """Give the neighbours as an Arrow table.

        Returns
        -------
        pyarrow.Table
            One row a neighbour: id, change, teacher_rank, student_rank, teacher_distance, student_distance.
        """
        return pa.table(
            {
                "id": pa.array(list(self.items.ids)),
                "change": list(self.changes),
                "teacher_rank": self.teacher_ranks,
                "student_rank": self.student_ranks,
                "teacher_distance": self.teacher_distances,
                "student_distance": self.student_distances,
            }
        )

    def __repr__(self) -> str:
        return repr(self.to_table())

    def _repr_html_(self) -> str:
        return self.to_table()._repr_html_()


def neighbor_changes(
    matched: Matched,
    row: int,
    teacher: Int64[np.ndarray, " k"],
    student: Int64[np.ndarray, " k"],
) -> NeighborChanges:
    """Follow one item's neighbours from the teacher to the student.

    Parameters
    ----------
    matched : Matched
        The two spaces.
    row : int
        The item.
    teacher : ndarray of int64, shape (k,)
        Its neighbours in the teacher, nearest first.
    student : ndarray of int64, shape (k,)
        Its neighbours in the student.

    Returns
    -------
    NeighborChanges
        With ranks among all items on both sides.

    Notes
    -----
    Exact; one product over all items a side, O(items · dims).
    """
    k = len(teacher)
    rows = np.concatenate([teacher, student[~np.isin(student, teacher)]])
    teacher_ranks, teacher_distances = ranks_among_all(
        matched.points("teacher"), row, rows, matched.teacher.metric
    )
    student_ranks, student_distances = ranks_among_all(
        matched.points("student"), row, rows, matched.student.metric
    )
    changes = tuple(
        _change(int(before), int(after), k)
        for before, after in zip(teacher_ranks, student_ranks, strict=True)
    )
    return NeighborChanges(
        matched.ids[row],
        k,
        matched.teacher.items.take(rows),
        rows,
        changes,
        teacher_ranks,
        student_ranks,
        teacher_distances,
        student_distances,
    )


def _change(before: int, after: int, k: int) -> Change:
    if after > k:
        return "lost"
    if before > k:
        return "gained"
    return "kept" if before == after else "re-ranked"
