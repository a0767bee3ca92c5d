"""``changes``: what becomes of the neighbours of an item, a text or an image in the other space."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from embedscope._errors import InputError
from embedscope.comparison.changes import NeighborChanges
from embedscope.comparison.comparison import Comparison
from embedscope.comparison.query_changes import query_changes
from embedscope.spaces.search_result import SearchResult
from embedscope.spaces.space import Space
from embedscope.views.answers.neighbors import MOST_NEIGHBORS, nearest
from embedscope.views.answers.payloads import check_row
from embedscope.views.channel import Answer, Buffer, Request
from embedscope.views.json_numbers import numbers


class NeighborsChanged:
    """Finds what a query's neighbours are in both spaces.

    Parameters
    ----------
    comparison : callable
        Gives the comparison as it is now.
    found : callable, optional
        Hears of every query, how many were asked for, and the result.
    """

    def __init__(
        self,
        comparison: Callable[[], Comparison],
        found: Callable[[Mapping[str, Any], int, NeighborChanges], None] | None = None,
    ) -> None:
        self._comparison, self._found = comparison, found

    def __call__(self, request: Request) -> Answer:
        """Answer a request.

        Parameters
        ----------
        request : Request
            ``query``, ``k`` and ``dims`` (the teacher's and the student's; 0: all); an image's file as its
            buffer.

        Returns
        -------
        Answer
            ``Changes`` of the front end's ``source.ts``; ranks and distances that are not known are null.

        Raises
        ------
        InputError
            If the query cannot be answered in one of the spaces; the words say in which.
        """
        query, comparison = request.content.get("query"), self._comparison()
        if not isinstance(query, Mapping):
            raise InputError("A query names its kind: item, text or image.")
        k, dims = request.content.get("k"), request.content.get("dims", [0, 0])
        if type(k) is not int or not 1 <= k <= MOST_NEIGHBORS:
            raise InputError(f"From 1 to {MOST_NEIGHBORS} neighbours can be asked for; {k!r} came.")
        image = request.buffers[0] if request.buffers else None
        changes = changes_of(comparison, query, k, _checked_dims(dims, comparison), image)
        if self._found is not None and not request.is_cancelled():
            self._found(query, k, changes)
        known = changes.teacher_ranks.all() and changes.student_ranks.all()
        of_item = query.get("kind") == "item"
        return Answer(
            {
                "k": changes.k,
                "rows": changes.rows.tolist(),
                "changes": list(changes.changes),
                "teacherRanks": [rank or None for rank in changes.teacher_ranks.tolist()],
                "studentRanks": [rank or None for rank in changes.student_ranks.tolist()],
                "teacherDistances": numbers(changes.teacher_distances),
                "studentDistances": numbers(changes.student_distances),
                "recall": changes.recall,
                "note": "" if known or of_item else f"Ranks past {changes.k} are not known for this query.",
            }
        )


def changes_of(
    comparison: Comparison,
    query: Mapping[str, Any],
    k: int,
    dims: tuple[int, int] = (0, 0),
    image: Buffer | None = None,
) -> NeighborChanges:
    """Follow a query's neighbours from the teacher to the student.

    Parameters
    ----------
    comparison : Comparison
        The two spaces.
    query : mapping
        ``{"kind": "item", "row"}``, ``{"kind": "text", "text"}`` or ``{"kind": "image", "name"}``.
    k : int
        Neighbours a side; all where there are not more.
    dims : tuple of int
        Numbers of each vector that count, in the teacher and in the student; 0: all.
    image : bytes, optional
        The image's file.

    Returns
    -------
    NeighborChanges
        Of an item with ranks among all items, else with those that the search found.

    Raises
    ------
    InputError
        If a space cannot answer it; its name is said.

    Examples
    --------
    >>> from embedscope.comparison.comparison import compare
    >>> space = Space.from_arrays({"a": [1.0, 0.0], "b": [0.9, 0.1], "c": [0.0, 1.0]})
    >>> changes_of(compare(space, space), {"kind": "item", "row": 0}, 1).kept
    ('b',)
    """
    n = len(comparison)
    if query.get("kind") == "item":
        return comparison.item_changes.of(check_row(query.get("row"), n), min(k, n - 1), dims)
    spaces = comparison.teacher, comparison.student
    teacher, student = (
        _search(space, cut, name, query, k, image)
        for space, cut, name in zip(spaces, dims, comparison.names, strict=True)
    )
    words = str(query.get("text") or query.get("name") or "")
    return query_changes(comparison.matched, words, teacher, student)


def _search(
    space: Space, dims: int, name: str, query: Mapping[str, Any], k: int, image: Buffer | None
) -> SearchResult:
    cut = space if dims in (0, space.dims) else space.truncate(dims)
    try:
        return nearest(cut, query, k, image)
    except InputError as error:
        raise InputError(f"In {name}: {error}") from error


def _checked_dims(dims: object, comparison: Comparison) -> tuple[int, int]:
    sides = comparison.teacher.dims, comparison.student.dims
    if isinstance(dims, list | tuple) and len(dims) == 2:
        one, other = dims
        if type(one) is int and type(other) is int and 0 <= one <= sides[0] and 0 <= other <= sides[1]:
            return one, other
    raise InputError(
        f"dims={dims!r}: wanted the teacher's and the student's, from 0 (all) to {sides[0]:,} and "
        f"{sides[1]:,}."
    )
