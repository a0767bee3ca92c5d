"""Item changes: what becomes of one item's neighbours, by all or by the first dims, for a slider."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

import numpy as np
from jaxtyping import Int64

from embedscope.comparison.changes import Change, NeighborChanges
from embedscope.comparison.look import Look
from embedscope.comparison.matched import Matched, Side
from embedscope.comparison.ranks import look_at_all
from embedscope.comparison.reranker import Reranker
from embedscope.neighbors.exact import check_k

_LOOKS_KEPT = 8


class ItemChanges:
    """Follows single items' neighbours from the teacher to the student, each cut to its first dims or not.

    Parameters
    ----------
    matched : Matched
        The two spaces.
    reranker : callable
        Gives a side's reranker; asked where the first dims count.

    Notes
    -----
    The first look at an item is one product over all items a side, which is kept for the last items; a side
    whose dims change costs a step of its `Reranker`. Exact, ties by index.

    Examples
    --------
    >>> from embedscope.comparison.matched import match
    >>> from embedscope.spaces.space import Space
    >>> teacher = Space.from_arrays({"a": [1.0, 0.0], "b": [0.9, 0.1], "c": [0.0, 1.0]})
    >>> student = Space.from_arrays({"a": [1.0], "b": [3.0], "c": [2.0]}, metric="euclidean")
    >>> both = match(teacher, student)
    >>> changes = ItemChanges(both, lambda side: Reranker(both.space(side))).of(0, 1)
    >>> changes.lost, changes.gained
    (('b',), ('c',))
    """

    def __init__(self, matched: Matched, reranker: Callable[[Side], Reranker]) -> None:
        self._matched, self._reranker = matched, reranker
        self._looks: OrderedDict[tuple[Side, int], Look] = OrderedDict()
        self._lock = Lock()

    def of(self, row: int, k: int = 10, dims: tuple[int, int] = (0, 0)) -> NeighborChanges:
        """Follow one item's neighbours.

        Parameters
        ----------
        row : int
            The item.
        k : int
            Neighbours a side, from 1 to all others.
        dims : tuple of int
            Numbers of each vector that count, in the teacher and in the student; 0: all.

        Returns
        -------
        NeighborChanges
            With ranks among all items; rank 0 and distance NaN for what has no distance in a side, such
            as a prefix of zeros under cosine.

        Raises
        ------
        InputError
            If k or dims are out of range, or the item's own prefix is all zeros under cosine.
        """
        n = len(self._matched)
        check_k(k, n - 1, f"{n:,} items: each has {n - 1:,} others")
        looks = self._look("teacher", row, dims[0]), self._look("student", row, dims[1])
        teacher, student = (look.nearest(k)[0] for look in looks)
        rows = np.concatenate([teacher, student[~np.isin(student, teacher)]])
        ranks, distances = zip(
            *(_ranks(look, near, rows) for look, near in zip(looks, (teacher, student), strict=True)),
            strict=True,
        )
        return NeighborChanges(
            self._matched.ids[row],
            k,
            self._matched.teacher.items.take(rows),
            rows,
            tuple(_change(one, other, k) for one, other in zip(*(r.tolist() for r in ranks), strict=True)),
            *ranks,
            *distances,
        )

    def _look(self, side: Side, row: int, dims: int) -> Look:
        if dims:
            return self._reranker(side).look(row, dims)
        with self._lock:
            known = self._looks.get((side, row))
        if known is None:
            known = look_at_all(self._matched.points(side), row, self._matched.space(side).metric)
        with self._lock:
            self._looks[side, row] = known
            self._looks.move_to_end((side, row))
            while len(self._looks) > _LOOKS_KEPT:
                self._looks.popitem(last=False)
        return known


def _ranks(
    look: Look, near: Int64[np.ndarray, " near"], rows: Int64[np.ndarray, " rows"]
) -> tuple[np.ndarray, np.ndarray]:
    """Rank the rows; those among the nearest have their place there."""
    places = {row: place for place, row in enumerate(near.tolist(), 1)}
    known = np.array([row in places for row in rows.tolist()], bool)
    ranks, distances = np.empty(len(rows), np.int64), np.empty(len(rows), np.float32)
    ranks[known] = [places[row] for row in rows[known].tolist()]
    distances[known] = look.distances(rows[known])
    ranks[~known], distances[~known] = look.ranks(rows[~known])
    return ranks, distances


def _change(before: int, after: int, k: int) -> Change:
    if not 0 < after <= k:
        return "lost"
    if not 0 < before <= k:
        return "gained"
    return "kept" if before == after else "re-ranked"
