"""The figure of a truncation curve: recall over the number of dims."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from embedscope.comparison.figure_look import MUTED, TEACHER, styled

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from embedscope.comparison.truncation import TruncationCurve

_TRAINED = {True: "trained for it", False: "not trained for it", None: "training not known"}


def truncation_figure(curve: TruncationCurve) -> Figure:
    """Draw how many neighbours the first dims keep.

    Parameters
    ----------
    curve : TruncationCurve
        What was measured.

    Returns
    -------
    plotly.graph_objects.Figure
        Dims on a logarithmic axis, with the 95 % band and the level of chance.
    """
    from plotly.graph_objects import Figure, Scatter

    low, high = (np.where(np.isnan(end), curve.recall, end) for end in (curve.low, curve.high))
    band = Scatter(
        x=np.concatenate([curve.dims, curve.dims[::-1]]),
        y=np.concatenate([high, low[::-1]]),
        fill="toself",
        fillcolor=f"{TEACHER}1f",
        line={"width": 0},
        mode="lines",
        hoverinfo="skip",
        showlegend=False,
    )
    line = Scatter(
        x=curve.dims,
        y=curve.recall,
        mode="lines+markers",
        line={"color": TEACHER, "width": 1.5},
        marker={"size": 7},
        customdata=np.stack([low, high], axis=1),
        hovertemplate=(
            "<b>%{x} dims</b><br>%{y:.3f}, 95 % from %{customdata[0]:.3f} to %{customdata[1]:.3f}"
            "<extra></extra>"
        ),
        showlegend=False,
    )
    figure = Figure([band, line])
    figure.add_hline(
        y=curve.chance,
        line={"color": MUTED, "width": 1, "dash": "dot"},
        annotation={"text": f"chance {curve.chance:.3g}", "font": {"size": 11, "color": MUTED}},
        annotation_position="top left",
    )
    steps = [str(dims) for dims in curve.dims.tolist()]
    return styled(
        figure,
        f"Neighbours kept by the first dims: recall@{curve.k}",
        f"{_TRAINED[curve.matryoshka]} · {curve.sampling!r}",
        height=400,
        xaxis={
            "type": "log",
            "tickvals": curve.dims,
            "ticktext": steps,
            "title": {"text": "dims", "standoff": 10},
        },
        yaxis={"title": {"text": f"recall@{curve.k}", "standoff": 10}, "range": [0, 1.03]},
    )
