"""Query changes: what becomes of the items that a text or an image finds, from the teacher to the student."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32, Int64

from embedscope.comparison.changes import Change, NeighborChanges
from embedscope.comparison.matched import Matched
from embedscope.items.problems import ItemId
from embedscope.spaces.search_result import SearchResult


def query_changes(
    matched: Matched, query: ItemId, teacher: SearchResult, student: SearchResult
) -> NeighborChanges:
    """Lay what a query found in two spaces side by side.

    Parameters
    ----------
    matched : Matched
        The two spaces.
    query : str or int
        What was looked for, in a few words.
    teacher, student : SearchResult
        What each space found, nearest first.

    Returns
    -------
    NeighborChanges
        What only one side found has rank 0 and distance NaN in the other: it is further down there.

    Examples
    --------
    >>> from embedscope.comparison.matched import match
    >>> from embedscope.spaces.space import Space
    >>> one = Space.from_arrays({"a": [1.0, 0.0], "b": [0.0, 1.0]})
    >>> changes = query_changes(match(one, one), "east", one.search([1, 0], 1), one.search([0, 1], 1))
    >>> changes.lost, changes.gained, changes.student_ranks.tolist()
    (('a',), ('b',), [0, 1])
    """
    found = [matched.teacher.items.rows_of(side.ids).astype(np.int64) for side in (teacher, student)]
    rows = np.concatenate([found[0], found[1][~np.isin(found[1], found[0])]])
    sides = [
        _placed(rows, near, side.distances) for near, side in zip(found, (teacher, student), strict=True)
    ]
    (teacher_ranks, teacher_distances), (student_ranks, student_distances) = sides
    return NeighborChanges(
        query,
        len(teacher),
        matched.teacher.items.take(rows),
        rows,
        tuple(
            _change(one, other)
            for one, other in zip(teacher_ranks.tolist(), student_ranks.tolist(), strict=True)
        ),
        teacher_ranks,
        student_ranks,
        teacher_distances,
        student_distances,
    )


def _placed(
    rows: Int64[np.ndarray, " rows"],
    near: Int64[np.ndarray, " near"],
    distances: Float32[np.ndarray, " near"],
) -> tuple[Int64[np.ndarray, " rows"], Float32[np.ndarray, " rows"]]:
    places = {row: place for place, row in enumerate(near.tolist())}
    at = np.array([places.get(row, -1) for row in rows.tolist()], np.int64)
    return at + 1, np.where(at >= 0, distances[at], np.float32(np.nan)).astype(np.float32)


def _change(before: int, after: int) -> Change:
    if not after:
        return "lost"
    if not before:
        return "gained"
    return "kept" if before == after else "re-ranked"
