"""How far two spaces agree on who is whose neighbour: whole, by groups and item by item."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

import numpy as np
import pyarrow as pa
from jaxtyping import Float64, Int, Int64

from embedscope._errors import InputError, unknown_name
from embedscope._table import Table
from embedscope.comparison import ranked_lists
from embedscope.comparison.changes import NeighborChanges, neighbor_changes
from embedscope.comparison.exact_lists import exact_lists
from embedscope.comparison.groups import Groups
from embedscope.comparison.matched import Matched
from embedscope.comparison.overlap_figure import overlap_figure
from embedscope.comparison.sampling import GroupMeans, Sampling, group_means, mean_interval
from embedscope.items.problems import ItemId

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

Measure: TypeAlias = Literal["recall", "overlap", "jaccard", "rbo"]

_SNIPPET = 60


@dataclass(frozen=True, eq=False)
class NeighborOverlap:
    """The k nearest neighbours of each item in two spaces, side by side.

    Parameters
    ----------
    matched : Matched
        The two spaces.
    rows : ndarray of int64, shape (queries,)
        Items whose neighbours were looked at, among all items.
    teacher : ndarray of int, shape (queries, k)
        Rows of their neighbours in the teacher, nearest first.
    student : ndarray of int, shape (queries, k)
        Rows of their neighbours in the student.
    sampling : Sampling
        Exact, or how the queries were drawn; its interval is the recall's.
    persistence : float
        Of rank-biased overlap.
    """

    matched: Matched = field(repr=False)
    rows: Int64[np.ndarray, " queries"]
    teacher: Int[np.ndarray, "queries k"]
    student: Int[np.ndarray, "queries k"]
    sampling: Sampling
    persistence: float = ranked_lists.PERSISTENCE
    _shared: Int64[np.ndarray, "queries k"] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_shared", ranked_lists.shared_to_depth(self.teacher, self.student))

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def k(self) -> int:
        """Neighbours a side."""
        return int(self.teacher.shape[1])

    @property
    def overlap(self) -> Float64[np.ndarray, " queries"]:
        """Share of the k neighbours that both spaces have, an item."""
        return self._shared[:, -1] / self.k

    @property
    def recall(self) -> Float64[np.ndarray, " queries"]:
        """Share of the teacher's k nearest among the student's k nearest: with equal k it is the overlap."""
        return self.overlap

    @property
    def jaccard(self) -> Float64[np.ndarray, " queries"]:
        """Neighbours that both spaces have over those that either has, an item."""
        shared = self._shared[:, -1]
        index: np.ndarray = shared / (2 * self.k - shared)
        return index

    @property
    def rbo(self) -> Float64[np.ndarray, " queries"]:
        """Rank-biased overlap, extrapolated past k, an item."""
        return ranked_lists.rank_biased_overlap(self._shared, self.persistence)

    def recall_within(self, depth: int) -> Float64[np.ndarray, " queries"]:
        """Measure which share of the teacher's first few neighbours is anywhere in the student's k.

        Parameters
        ----------
        depth : int
            The teacher's nearest, from 1 to k.

        Returns
        -------
        ndarray of float64, shape (queries,)
            One share an item.

        Raises
        ------
        InputError
            If depth is not from 1 to k.
        """
        if not 1 <= depth <= self.k:
            raise InputError(f"recall_within({depth}): wanted 1 to k={self.k}.")
        at = ranked_lists.places(self.teacher[:, :depth], self.student)
        share: np.ndarray = (at < self.k).mean(axis=1)
        return share

    def values(self, measure: str = "recall") -> Float64[np.ndarray, " queries"]:
        """Give one measure, an item.

        Parameters
        ----------
        measure : {"recall", "overlap", "jaccard", "rbo"}
            Which.

        Returns
        -------
        ndarray of float64, shape (queries,)
            In the order of ``rows``.

        Raises
        ------
        MissingError
            If the measure is not known.
        """
        if measure not in get_args(Measure):
            raise unknown_name("measure of neighbours", measure, get_args(Measure))
        values: np.ndarray = getattr(self, measure)
        return values

    def chance(self, measure: str = "recall") -> float:
        """Give what random neighbours would score.

        Parameters
        ----------
        measure : {"recall", "overlap", "jaccard", "rbo"}
            Which.

        Returns
        -------
        float
            k/(n - 1) for the overlap.
        """
        n = len(self.matched)
        if measure == "jaccard":
            return ranked_lists.chance_jaccard(n, self.k)
        if measure == "rbo":
            return ranked_lists.chance_rank_biased_overlap(n, self.k, self.persistence)
        return ranked_lists.chance_overlap(n, self.k)

    def curve(self) -> Table:
        """Give the recall at every depth up to k.

        Returns
        -------
        Table
            Depth, mean recall and its chance level.
        """
        depth = np.arange(1, self.k + 1)
        means = (self._shared / depth).mean(axis=0)
        n = len(self.matched)
        rows = [
            (int(d), float(m), ranked_lists.chance_overlap(n, int(d)))
            for d, m in zip(depth, means, strict=True)
        ]
        return Table(
            ("k", "recall", "chance"), rows, f"recall of the teacher's k nearest · {self.sampling!r}"
        )

    def by_group(self, by: Any = None, measure: str = "recall") -> tuple[Groups, GroupMeans]:
        """Average a measure over each group.

        Parameters
        ----------
        by : str, Clusters, or sequence of values, optional
            As in `Matched.groups`.
        measure : {"recall", "overlap", "jaccard", "rbo"}
            Which.

        Returns
        -------
        groups : Groups
            Of all items.
        means : GroupMeans
            Over those whose neighbours were looked at.
        """
        groups = self.matched.groups(by)
        return groups, group_means(self.values(measure), groups.codes[self.rows], len(groups))

    def by(self, by: Any = None) -> Table:
        """List the groups, the one whose neighbours changed most first.

        Parameters
        ----------
        by : str, Clusters, or sequence of values, optional
            A column, ``"cluster"``, ``"domain"``, or a value an item; the label if not given.

        Returns
        -------
        Table
            Items, recall at k with its 95 % interval, Jaccard, rank-biased overlap, and the chance level.
        """
        groups, recall = self.by_group(by)
        jaccard, rbo = (self.by_group(groups.values(), name)[1].means for name in ("jaccard", "rbo"))
        order = np.lexsort((np.arange(len(groups)), recall.means))
        rows = [
            (
                groups.names[group],
                int(recall.counts[group]),
                *(_number(values[group]) for values in (recall.means, recall.low, recall.high, jaccard, rbo)),
                self.chance(),
            )
            for group in order
            if recall.counts[group]
        ]
        columns = (groups.by, "items", f"recall@{self.k}", "low", "high", "Jaccard", "RBO", "chance")
        return Table(_distinct(columns), rows, f"Neighbours kept, by {groups.by} · {self.sampling!r}")

    def worst(self, n: int = 10) -> Table:
        """List the items whose neighbours changed most.

        Parameters
        ----------
        n : int
            How many.

        Returns
        -------
        Table
            Id, recall, rank-biased overlap and a line of content; equal ones in the order of the items.
        """
        order = np.lexsort((self.rows, self.rbo, self.recall))[:n]
        items = self.matched.teacher.items
        rows = [
            (
                str(items.ids[self.rows[place]]),
                float(self.recall[place]),
                float(self.rbo[place]),
                items.snippet(int(self.rows[place]), _SNIPPET),
            )
            for place in order
        ]
        return Table(("id", f"recall@{self.k}", "RBO", items.modality), rows, "Neighbours that changed most")

    def changes(self, id: ItemId) -> NeighborChanges:  # noqa: A002 - the word for it
        """Follow one item's neighbours: kept, re-ranked, lost and gained.

        Parameters
        ----------
        id : str or int
            The item, also one whose neighbours were not drawn.

        Returns
        -------
        NeighborChanges
            With ranks and distances on both sides.

        Raises
        ------
        MissingError
            If it is not among the shared items.
        """
        row = int(self.matched.teacher.items.rows_of([id])[0])
        place = int(np.searchsorted(self.rows, row))
        if place < len(self) and self.rows[place] == row:
            teacher, student = self.teacher[place], self.student[place]
        else:
            teacher, student = (
                exact_lists(self.matched, side, np.array([row]), self.k)[0] for side in ("teacher", "student")
            )
        return neighbor_changes(self.matched, row, teacher.astype(np.int64), student.astype(np.int64))

    def summary(self) -> Table:
        """List the measures with their intervals and chance levels.

        Returns
        -------
        Table
            The interval is that of another set of items of the same kind, also where all were looked at.
        """
        names = {
            "recall": "recall",
            "jaccard": "Jaccard",
            "rbo": f"RBO (p={self.persistence:g}, extrapolated)",
        }
        rows = []
        for measure, name in names.items():
            values = self.values(measure)
            spread = mean_interval(values)
            ends = _number(spread.low), _number(spread.high)
            rows.append((f"{name}@{self.k}", float(values.mean()), *ends, self.chance(measure)))
        title = f"Neighbours of {len(self):,} of {len(self.matched):,} items, k={self.k} · {self.sampling!r}"
        return Table(("measure", "mean", "low", "high", "chance"), rows, title)

    def figure(self, by: Any = None) -> Figure:
        """Draw every group's recall: ``.figure()`` of a result gives an ordinary plotly figure to restyle.

        Parameters
        ----------
        by : str, Clusters, or sequence of values, optional
            As in `by`; one line for all items where there is no label.

        Returns
        -------
        plotly.graph_objects.Figure
            With 95 % intervals and the level of chance; past 60 groups the 60 most changed.

        Raises
        ------
        MissingError
            If there is no such column.
        """
        return overlap_figure(self, by)

    def to_frame(self) -> pa.Table:
        """Give the measures item by item as an Arrow table.

        Returns
        -------
        pyarrow.Table
            Id, recall, jaccard, rbo, and the label where there is one.
        """
        ids = self.matched.ids
        columns: dict[str, Any] = {
            "id": pa.array([ids[row] for row in self.rows]),
            "recall": self.recall,
            "jaccard": self.jaccard,
            "rbo": self.rbo,
        }
        if self.matched.has_groups():
            values = self.matched.groups().values()
            columns["label"] = pa.array([values[row] for row in self.rows])
        return pa.table(columns)

    def __repr__(self) -> str:
        return repr(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def _number(value: float | np.floating) -> float | None:
    return None if np.isnan(value) else float(value)


def _distinct(columns: tuple[str, ...]) -> tuple[str, ...]:
    """Keep a column of the items that is called like one of the measures apart from it."""
    first, *rest = columns
    return (f"{first} (column)" if first in rest else first, *rest)
