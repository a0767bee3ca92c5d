"""A figure of methods by panels (domains, types of tasks): a bar for the mean of the seeds, a dot a seed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

_INK, _GREY, _ACCENT = "#6b7280", "#9ca3af", "#2563eb"


def draw_panels(
    rows: Mapping[str, Mapping[str, Sequence[float]]],
    path: Path,
    *,
    marked: Collection[str] = (),
    goal: Mapping[str, float] | None = None,
    width: float = 11,
) -> None:
    """Draw values from 0 to 1; readable on white and on dark.

    Parameters
    ----------
    rows : mapping of str to mapping of str to sequence of float
        Of each method, by panel, a value a seed.
    path : Path
        An SVG; equal for equal values.
    marked : collection of str
        Methods in the accent's colour.
    goal : mapping of str to float, optional
        Where a panel has a dashed line.
    width : float
        Inches.
    """
    names, panels = list(rows), list(dict.fromkeys(panel for row in rows.values() for panel in row))
    # Text stays text, and ids are the same each time.
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "embedscope", "font.size": 8}):
        figure = Figure(figsize=(width, 0.3 * len(names) + 0.9), layout="constrained")
        drawn = figure.subplots(1, len(panels), sharey=True, squeeze=False, gridspec_kw={"wspace": 0.08})[0]
        for title, axes in zip(panels, drawn, strict=True):
            for place, name in enumerate(names):
                seeds = [value for value in rows[name].get(title, ()) if np.isfinite(value)]
                if seeds:
                    colour = _ACCENT if name in marked else _GREY
                    axes.plot([0, float(np.mean(seeds))], [place, place], color=colour, lw=5, alpha=0.35)
                    axes.plot(seeds, [place] * len(seeds), "o", color=colour, ms=3.5)
            axes.set_title(title, color=_INK, loc="left", fontsize=9)
            if np.isfinite(line := (goal or {}).get(title, float("nan"))):
                axes.axvline(line, color=_INK, lw=0.8, ls=(0, (2, 2)))
            axes.set_xlim(0, 1)
            axes.set_xticks([0, 0.5, 1], ["0", "0.5", "1"])
            axes.tick_params(colors=_INK, length=0)
            axes.grid(axis="x", color=_GREY, alpha=0.25, lw=0.5)
            for spine in axes.spines.values():
                spine.set_visible(False)
        drawn[0].set_yticks(range(len(names)), names)
        drawn[0].invert_yaxis()
        figure.savefig(path, transparent=True, metadata={"Date": None})
