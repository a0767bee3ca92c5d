"""The figure of a divergence: groups × groups as a heatmap."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Int64

from embedscope.comparison.diverging import color_limit
from embedscope.comparison.figure_look import LINE, diverging_scale, label_room, plain, plain_names, styled

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from embedscope.comparison.divergence import Divergence

MOST_GROUPS = 200
_ALL_NAMED = 60
_MEANINGS = {
    "contribution": "contribution",
    "per mass": "contribution per unit of the teacher's mass",
    "between": "between groups",
    "within": "within groups",
    "js": "Jensen-Shannon divergence",
}
_HOVER = (
    "anchors of <b>%{y}</b><br>items of <b>%{x}</b><br>%{z:.4g} nats<br>"
    "share of the neighbourhoods: teacher %{customdata[0]:.2%}, student %{customdata[1]:.2%}<extra></extra>"
)


def divergence_figure(found: Divergence, layer: str = "contribution") -> Figure:
    """Draw the heatmap of a divergence.

    Parameters
    ----------
    found : Divergence
        What was measured.
    layer : str
        As `Divergence.layer` takes it.

    Returns
    -------
    plotly.graph_objects.Figure
        A row for the anchors' group, a column for the items', similar ones side by side; past 200 groups the
        200 of most items.

    Raises
    ------
    MissingError
        If there is no such layer.
    """
    from plotly.graph_objects import Figure, Heatmap

    values = found.layer(layer)
    shown = _shown(found)
    cells = np.ix_(shown, shown)
    names = plain_names([found.groups.names[code] for code in shown])
    masses = np.stack([found.heatmap.teacher_mass[cells], found.heatmap.student_mass[cells]], axis=-1)
    seen = values[cells]
    bound = color_limit(seen) or 1.0
    trace = Heatmap(
        x=names,
        y=names,
        z=seen,
        customdata=masses.astype(np.float32),
        hovertemplate=_HOVER,
        colorscale=diverging_scale(),
        zmin=-bound,
        zmax=bound,
        xgap=1 if len(names) <= _ALL_NAMED else 0,
        ygap=1 if len(names) <= _ALL_NAMED else 0,
        colorbar={"title": {"text": "nats"}, "thickness": 10, "outlinewidth": 0, "tickcolor": LINE},
    )
    side, room = int(np.clip(24 * len(names), 320, 820)), label_room(names) + 40
    # Every name is written where its row is tall enough for it.
    order = {
        "type": "category",
        "categoryorder": "array",
        "categoryarray": names,
        "showgrid": False,
        **({"tickmode": "linear", "dtick": 1} if len(names) <= _ALL_NAMED else {}),
    }
    return styled(
        Figure(trace),
        *_lines(found, layer, len(names)),
        width=side + room + 110,
        height=side + room + 104,
        margin={"l": room, "r": 110, "t": 104, "b": room},
        xaxis={**order, "title": {"text": "items of", "standoff": 10}, "tickangle": -90},
        yaxis={**order, "title": {"text": "anchors of", "standoff": 10}, "autorange": "reversed"},
    )


def _shown(found: Divergence) -> Int64[np.ndarray, " shown"]:
    """Give the codes in the heatmap's order, of the largest groups where there are too many."""
    order = found.heatmap.order
    if len(order) <= MOST_GROUPS:
        return order
    largest = np.argsort(-found.groups.counts, kind="stable")[:MOST_GROUPS]
    kept: np.ndarray = order[np.isin(order, largest)]
    return kept


def _lines(found: Divergence, layer: str, shown: int) -> tuple[str, str]:
    by = plain(found.groups.by)
    groups = f"{shown} largest of {len(found.groups):,} groups" if shown < len(found.groups) else "groups"
    return (
        f"KL(teacher‖student) {found.mean_kl:.3g} nats",
        f"{found.between.mean():.3g} between groups, {found.within.mean():.3g} within · {found.sampling!r}"
        f"<br>{_MEANINGS[layer]}, {groups} by {by}",
    )
