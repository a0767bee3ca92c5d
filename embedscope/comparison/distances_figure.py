"""The figure of distances: the teacher's histogram and the student's over the same bins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float64, Int64

from embedscope.comparison.figure_look import STUDENT, TEACHER, plain, styled

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from embedscope.comparison.distances import Distances


def distances_figure(found: Distances, kind: str = "all", log: bool = False) -> Figure:
    """Draw how the distances of one kind of pair lie in both spaces.

    Parameters
    ----------
    found : Distances
        What was counted.
    kind : str
        The kind of pair.
    log : bool
        Whether shares are on a logarithmic axis, which shows the tails.

    Returns
    -------
    plotly.graph_objects.Figure
        Shares of the pairs a bin; empty bins are gaps where the axis is logarithmic.

    Raises
    ------
    MissingError
        If there are no such pairs.
    """
    from plotly.graph_objects import Figure, Scatter

    pairs = found[kind]
    edges = found.edges
    traces = [
        Scatter(
            name=f"{name}, mean {mean:.3g}",
            x=(edges[:-1] + edges[1:]) / 2,
            y=_shares(counts, log),
            customdata=np.stack([edges[:-1], edges[1:], counts], axis=1),
            mode="lines",
            line={"shape": "hvh", "color": color, "width": 1.5, "dash": dash if log else "solid"},
            # The teacher is an area and the student a line; where nothing can be filled, a dashed one.
            fill="tozeroy" if dash == "solid" and not log else None,
            fillcolor=f"{color}2e",
            hovertemplate=(
                f"<b>{name}</b> %{{customdata[0]:.3f}} to %{{customdata[1]:.3f}}<br>"
                "%{customdata[2]:,} pairs, %{y:.3%}<extra></extra>"
            ),
        )
        for name, counts, mean, color, dash in (
            ("teacher", pairs.teacher, pairs.means[0], TEACHER, "solid"),
            ("student", pairs.student, pairs.means[1], STUDENT, "dash"),
        )
    ]
    unit = ", each divided by its mean" if found.rescale == "mean" else ""
    return styled(
        Figure(traces),
        f"Distances: Jensen-Shannon {pairs.js:.3g} nats, Wasserstein-1 {pairs.wasserstein:.3g}",
        f"pairs: {plain(kind)} · {pairs.sampling!r}",
        height=400,
        xaxis={"title": {"text": f"distance{unit}", "standoff": 10}},
        yaxis={
            "title": {"text": "share of pairs", "standoff": 10},
            "type": "log" if log else "linear",
            "tickformat": ".1e" if log else ".1%",
            **({} if log else {"rangemode": "tozero"}),
        },
    )


def _shares(counts: Int64[np.ndarray, " bins"], log: bool) -> Float64[np.ndarray, " bins"]:
    shares: np.ndarray = counts / max(int(counts.sum()), 1)
    return np.where(counts > 0, shares, np.nan) if log else shares
