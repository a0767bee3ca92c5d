"""``distributions``: how the pairs' distances lie in both spaces, by kind of pair."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from embedscope.comparison.chosen_pairs import pairs_among
from embedscope.comparison.distances import Distances, PairDistances
from embedscope.views.answers.kept_results import KeptResults
from embedscope.views.answers.rows import asked_rows
from embedscope.views.channel import Answer, Request
from embedscope.views.group_choices import GroupChoices
from embedscope.views.json_numbers import number, numbers
from embedscope.views.long_work import LongWork

_UNITS = {"cosine": "cosine distance", "euclidean": "Euclidean distance"}


class PairDistributions:
    """Answers distributions, and keeps the pairs among the selection for their examples.

    Parameters
    ----------
    choices : callable
        Gives the comparison's ways to group as they are now.
    work : LongWork
        Runs the passes over all pairs.
    """

    def __init__(self, choices: Callable[[], GroupChoices], work: LongWork) -> None:
        self.choices, self._work = choices, work
        self.selected: KeptResults[PairDistances] = KeptResults()

    def __call__(self, request: Request) -> Answer:
        """Answer a request.

        Parameters
        ----------
        request : Request
            ``by``; rows as its buffer where pairs among them are wanted too.

        Returns
        -------
        Answer
            ``Distributions`` of the front end's ``source.ts``; joint histograms point to the buffers, uint32.

        Raises
        ------
        InputError
            If the items cannot be grouped so, or fewer than 2 or more than 2,000 rows came.
        MissingError
            If there is no such column.
        CancelledRequestError
            If it is not wanted any more.
        """
        by, choices = str(request.content.get("by") or ""), self.choices()
        found = self.found(request)
        kinds = list(found.kinds.values())
        if request.buffers:
            matched = choices.comparison.matched
            rows = asked_rows(request, np.empty(0, np.uint32), len(matched)).astype(np.int64)
            request.check_wanted()
            kinds.append(pairs_among(matched, rows, found.scale))
            self.selected.keep(by, kinds[-1])
        metric = choices.comparison.teacher.metric
        result = {
            "by": by,
            "title": choices.title(by),
            "edges": numbers(found.edges),
            "unit": "× mean distance" if found.rescale == "mean" else _UNITS[metric],
            "kinds": [_kind(pairs, place) for place, pairs in enumerate(kinds)],
            "separation": _separation(found),
        }
        return Answer(result, [np.ascontiguousarray(pairs.joint, "<u4").tobytes() for pairs in kinds])

    def found(self, request: Request) -> Distances:
        """Give the distances that a request is about; they are computed once.

        Parameters
        ----------
        request : Request
            ``by``.

        Returns
        -------
        Distances
            By the groups that are named.
        """
        choices = self.choices()
        groups = choices.groups(str(request.content.get("by") or ""))
        return self._work.run(request, "Counting pairs", lambda: choices.comparison.distances(by=groups))


def _kind(pairs: PairDistances, place: int) -> dict[str, Any]:
    return {
        "kind": pairs.kind,
        "teacher": pairs.teacher.tolist(),
        "student": pairs.student.tolist(),
        "means": numbers(pairs.means),
        "js": number(pairs.js) if pairs.joint.any() else None,
        "wasserstein": number(pairs.wasserstein) if pairs.joint.any() else None,
        "sampling": repr(pairs.sampling),
        "joint": place,
    }


def _separation(found: Distances) -> dict[str, Any] | None:
    if "same label" not in found.kinds:
        return None
    sides = found.separation("teacher"), found.separation("student")
    return {"auc": [number(side.auc) for side in sides], "dPrime": [number(side.d_prime) for side in sides]}
