"""What the front end must know of a comparison before it asks for anything, and the line above the view."""

from __future__ import annotations

from typing import Any

from embedscope.clusters.cluster import Clusters
from embedscope.comparison.bandwidth import Bandwidth
from embedscope.comparison.comparison import Comparison
from embedscope.layouts.layout import Layout
from embedscope.spaces.space import Space
from embedscope.views.bandwidths import bandwidth_choices
from embedscope.views.facts import count_items, say_clusters
from embedscope.views.group_choices import GroupChoices


def comparison_facts(
    comparison: Comparison, choices: GroupChoices, bandwidth: Bandwidth | None = None
) -> dict[str, Any]:
    """Give the widget's ``comparison``, as ``interface ComparisonFacts`` of the front end has it.

    Parameters
    ----------
    comparison : Comparison
        What is shown.
    choices : GroupChoices
        What its items can be grouped by.
    bandwidth : Bandwidth, optional
        What is used first.

    Returns
    -------
    dict
        JSON values.
    """
    sides = comparison.teacher, comparison.student
    return {
        "names": list(comparison.names),
        "metrics": [space.metric for space in sides],
        "dims": [space.dims for space in sides],
        "matryoshka": [is_matryoshka(space) for space in sides],
        "groups": choices.listing(),
        "bandwidths": bandwidth_choices(bandwidth),
        "missing": comparison.matched.left_out,
    }


def is_matryoshka(space: Space) -> bool:
    """Tell whether a space's first dims are meant to stand alone.

    Parameters
    ----------
    space : Space
        The space.

    Returns
    -------
    bool
        As its encoder's record says; False where there is none.
    """
    return space.encoder is not None and bool(space.encoder.matryoshka)


def comparison_title(comparison: Comparison) -> str:
    """Name a view of a comparison.

    Parameters
    ----------
    comparison : Comparison
        What is shown.

    Returns
    -------
    str
        For example ``"MiniLM vs wordllama"``.
    """
    return " vs ".join(comparison.names)


def comparison_line(comparison: Comparison, layouts: tuple[Layout, Layout], clusters: Clusters) -> str:
    """Say what a view of a comparison shows: how many items, which layouts with their trust, which clusters.

    Parameters
    ----------
    comparison : Comparison
        What is shown.
    layouts : tuple of Layout
        The teacher's and the student's.
    clusters : Clusters
        The teacher's.

    Returns
    -------
    str
        One line.
    """
    trust = " and ".join(f"{layout.trustworthiness:.2f}" for layout in layouts)
    left_out = len(comparison.only_teacher) + len(comparison.only_student)
    missing = [f"{left_out:,} only on one side"] if left_out else []
    shared = count_items(comparison.teacher.items)
    maps = f"{layouts[0].method.upper()}, trustworthiness {trust}"
    return " · ".join([shared, *missing, maps, say_clusters(clusters)])
