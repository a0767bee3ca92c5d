"""The figure of several spaces: how many neighbours each pair shares."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from embedscope.comparison.figure_look import LINE, label_room, plain_names, rising_scale, styled

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from embedscope.comparison.comparisons import Comparisons


def comparisons_figure(found: Comparisons, k: int = 10) -> Figure:
    """Draw the recall of every pair of spaces.

    Parameters
    ----------
    found : Comparisons
        The spaces.
    k : int
        Neighbours.

    Returns
    -------
    plotly.graph_objects.Figure
        A square a pair; with k on both sides the recall is the same either way.
    """
    from plotly.graph_objects import Figure, Heatmap

    n = len(found.spaces)
    recall = np.full((n, n), np.nan)
    chance = np.full((n, n), np.nan)
    for pair in combinations(range(n), 2):
        neighbors = found[pair].neighbors(k)
        for cell in (pair, pair[::-1]):
            recall[cell], chance[cell] = neighbors.recall.mean(), neighbors.chance()
    names = plain_names(found.names)
    trace = Heatmap(
        x=names,
        y=names,
        z=recall,
        customdata=chance,
        texttemplate="%{z:.3f}" if n <= 20 else None,
        hovertemplate="<b>%{y}</b> and <b>%{x}</b><br>%{z:.4f}, chance %{customdata:.4f}<extra></extra>",
        hoverongaps=False,
        colorscale=rising_scale(),
        zmin=0,
        zmax=1,
        xgap=1,
        ygap=1,
        colorbar={"thickness": 10, "outlinewidth": 0, "tickcolor": LINE},
    )
    side, room = int(np.clip(90 * n, 280, 820)), label_room(names)
    axis = {"type": "category", "showgrid": False, "tickmode": "linear", "dtick": 1}
    return styled(
        Figure(trace),
        f"Neighbours that {n} spaces share",
        f"recall@{k} of each pair",
        width=side + room + 90,
        height=side + room + 84,
        margin={"l": room, "r": 90, "t": 84, "b": room},
        xaxis={**axis, "tickangle": -90 if room > side / n else 0},
        yaxis={**axis, "autorange": "reversed"},
    )
