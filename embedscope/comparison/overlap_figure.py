"""The figure of kept neighbours: every group's recall with its interval, and what chance would give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Int64

from embedscope.comparison.figure_look import MUTED, TEACHER, plain, plain_names, styled
from embedscope.comparison.groups import Groups
from embedscope.comparison.sampling import GroupMeans, group_means

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from embedscope.comparison.overlap import NeighborOverlap

MOST_GROUPS = 60


def overlap_figure(found: NeighborOverlap, by: Any = None) -> Figure:
    """Draw the recall of each group.

    Parameters
    ----------
    found : NeighborOverlap
        What was measured.
    by : str, Clusters, or sequence of values, optional
        As `NeighborOverlap.by` takes it; one line for all items where there is no label.

    Returns
    -------
    plotly.graph_objects.Figure
        The most changed on top; past 60 groups the 60 most changed.

    Raises
    ------
    MissingError
        If there is no such column.
    """
    from plotly.graph_objects import Figure, Scatter

    groups, means = _recall(found, by)
    there = np.flatnonzero(means.counts > 0)
    shown = there[np.lexsort((there, means.means[there]))][:MOST_GROUPS]
    names = plain_names([groups.names[code] for code in shown])
    recall = means.means[shown]
    trace = Scatter(
        x=recall,
        y=names,
        mode="markers",
        marker={"color": TEACHER, "size": 8},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": np.nan_to_num(means.high[shown] - recall),
            "arrayminus": np.nan_to_num(recall - means.low[shown]),
            "color": TEACHER,
            "thickness": 1,
            "width": 3,
        },
        customdata=_interval_and_count(means, shown),
        hovertemplate=(
            "<b>%{y}</b><br>%{x:.3f}, 95 % from %{customdata[0]:.3f} to %{customdata[1]:.3f}<br>"
            "%{customdata[2]:,} items<extra></extra>"
        ),
        showlegend=False,
    )
    figure = Figure(trace)
    whole = float(found.recall.mean())
    for at, said, dash in ((found.chance(), "chance", "dot"), (whole, "all", "solid")):
        figure.add_vline(
            x=at,
            line={"color": MUTED, "width": 1, "dash": dash},
            annotation={"text": f"{said} {at:.3g}", "font": {"size": 11, "color": MUTED}},
            annotation_position="top",
        )
    some = f"{len(shown)} most changed of {len(there):,} groups" if len(shown) < len(there) else "groups"
    return styled(
        figure,
        f"Neighbours kept: recall@{found.k} {whole:.3f}",
        f"{some} by {plain(groups.by)}, with 95 % intervals · {found.sampling!r}",
        height=190 + 22 * len(shown),
        margin={"l": 16, "r": 24, "t": 104, "b": 16},
        xaxis={"title": {"text": f"recall@{found.k}", "standoff": 10}, "range": [0, 1.02]},
        yaxis={
            "type": "category",
            "categoryorder": "array",
            "categoryarray": names,
            "autorange": "reversed",
            "showgrid": False,
        },
    )


def _recall(found: NeighborOverlap, by: Any) -> tuple[Groups, GroupMeans]:
    if by is None and not found.matched.has_groups():
        one = Groups.one(len(found.matched), "all items")
        return one, group_means(found.recall, one.codes[found.rows], 1)
    return found.by_group(by)


def _interval_and_count(means: GroupMeans, shown: Int64[np.ndarray, " shown"]) -> np.ndarray:
    """Give low, high and count; a group of one item has no interval but itself."""
    ends = (np.where(np.isnan(side), means.means, side) for side in (means.low, means.high))
    told: np.ndarray = np.stack([*ends, means.counts.astype(np.float64)], axis=1)[shown]
    return told
