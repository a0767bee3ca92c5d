"""``heatmap``: groups × groups means of how far the student's neighbourhoods are from the teacher's."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable
from typing import Any, get_args

import numpy as np

from embedscope._errors import EmbedscopeWarning, InputError, unknown_name
from embedscope.comparison.bandwidth import warn_of_rounding, warn_of_widths
from embedscope.comparison.bandwidth_keys import bandwidth_key, parse_bandwidth
from embedscope.comparison.comparison import Comparison
from embedscope.comparison.divergence import Divergence
from embedscope.comparison.heatmap import Layer
from embedscope.views.answers.kept_results import KeptResults
from embedscope.views.channel import Answer, Request
from embedscope.views.group_choices import GroupChoices
from embedscope.views.json_numbers import numbers
from embedscope.views.long_work import LongWork

# Numbers that are multiplied a side at most, minutes on two cores; with more, anchors are drawn.
_MOST_PRODUCTS = 10**13
_FEWEST_ANCHORS = 2_000
_WARNING = threading.Lock()


class Heatmaps:
    """Answers heatmaps, and keeps the last ones for their cells and anchors.

    Parameters
    ----------
    choices : callable
        Gives the comparison's ways to group as they are now.
    work : LongWork
        Runs the passes over all pairs.
    """

    def __init__(self, choices: Callable[[], GroupChoices], work: LongWork) -> None:
        self._choices, self._work = choices, work
        self._kept: KeptResults[Divergence] = KeptResults()

    @property
    def last(self) -> Divergence | None:
        """The heatmap that was looked at last."""
        return self._kept.last

    def __call__(self, request: Request) -> Answer:
        """Answer a request.

        Parameters
        ----------
        request : Request
            ``by``, ``bandwidth`` and ``layer``.

        Returns
        -------
        Answer
            ``Heatmap`` of the front end's ``source.ts``; layers point to the buffers, float32, row by row.

        Raises
        ------
        InputError
            If the bandwidth is none, or the items cannot be grouped so.
        MissingError
            If there is no such column or layer.
        CancelledRequestError
            If it is not wanted any more; the pass stops at its next tile.
        """
        by, layer = str(request.content.get("by") or ""), str(request.content.get("layer") or "contribution")
        if layer not in get_args(Layer):
            raise unknown_name("layer", layer, get_args(Layer))
        bandwidth, choices = parse_bandwidth(request.content.get("bandwidth")), self._choices()
        groups = choices.groups(by)

        def compute() -> Divergence:
            comparison = choices.comparison
            return comparison.divergence(
                groups, bandwidth, layer, n_anchors=anchors_within(comparison, _MOST_PRODUCTS)
            )

        found = self._work.run(request, "Comparing neighbourhoods", compute)
        self._kept.keep((groups.key, bandwidth), found)
        heatmap, names = found.heatmap, ["contribution", "per mass", "between", "within"]
        names += ["js"] if layer == "js" else []
        layers = [np.ascontiguousarray(heatmap.layer(name), "<f4").tobytes() for name in names]
        result = {
            "by": by,
            "title": choices.title(by),
            "bandwidth": bandwidth_key(bandwidth),
            "names": list(heatmap.names),
            "order": [int(place) for place in heatmap.order],
            "anchors": [int(count) for count in heatmap.anchors],
            "layers": {name: place for place, name in enumerate(names)},
            "means": numbers(found.by_group.means),
            **_summary(found),
        }
        return Answer(result, layers)

    def kept(self, request: Request) -> Divergence:
        """Give the heatmap that a request is about, from what was kept.

        Parameters
        ----------
        request : Request
            ``by`` and ``bandwidth``.

        Returns
        -------
        Divergence
            Without a new pass.

        Raises
        ------
        InputError
            If it is not there: it must be asked for first.
        """
        by, bandwidth = (
            str(request.content.get("by") or ""),
            parse_bandwidth(request.content.get("bandwidth")),
        )
        found = self._kept.get((self._choices().groups(by).key, bandwidth))
        if found is None:
            raise InputError("This heatmap is not here any more: show it again, and then its cells.")
        return found


def _summary(found: Divergence) -> dict[str, Any]:
    """Say what the whole adds up to, and what should be known of it."""
    return {
        "mean": found.mean_kl,
        "between": float(found.between.mean()),
        "within": float(found.within.mean()),
        "sampling": repr(found.sampling),
        "effective": [float(np.median(side)) for side in (found.teacher_effective, found.student_effective)],
        "warnings": warnings_of(found),
    }


def anchors_within(comparison: Comparison, products: int) -> int | None:
    """Say how many anchors a pass may have, so that it ends in minutes.

    Parameters
    ----------
    comparison : Comparison
        What is compared.
    products : int
        Numbers that may be multiplied.

    Returns
    -------
    int or None
        None where all can be looked at; never under 2,000.
    """
    each = len(comparison) * (comparison.teacher.dims + comparison.student.dims)
    if len(comparison) * each <= products:
        return None
    wanted = max(_FEWEST_ANCHORS, products // each)
    return None if wanted >= len(comparison) else wanted


def warnings_of(found: Divergence) -> list[str]:
    """Give the warnings of a divergence, also where it was kept and warned when it was computed.

    Parameters
    ----------
    found : Divergence
        Of all bandwidths.

    Returns
    -------
    list of str
        Each in its own words.
    """
    sides = (
        ("teacher", found.teacher, found.teacher_effective),
        ("student", found.student, found.student_effective),
    )
    # The filters of warnings are the whole process's: one thread at a time may turn them, and not for long.
    with _WARNING, warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        for name, side, effective in sides:
            warn_of_rounding(side.vectors, side.sigma, side.metric, name)
            warn_of_widths(effective, len(side), name)
    return [str(one.message) for one in heard if issubclass(one.category, EmbedscopeWarning)]
