"""The table's figure: Recall@1 of each method, a panel a domain, a dot a seed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
from domains import DOMAINS
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from report import Row

_INK, _GREY, _ACCENT = "#6b7280", "#9ca3af", "#2563eb"
_MARKED, _GOAL = "distilled by KL", "specialists, each on its own"


def draw_recall(rows: Mapping[str, Row], path: Path) -> None:
    """Draw a dot a seed, a bar for their mean, a line at the specialist's; readable on white and on dark."""
    # Text stays text, and ids are the same each time.
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "embedscope", "font.size": 8}):
        figure = Figure(figsize=(11, 0.3 * len(rows) + 0.9), layout="constrained")
        panels = figure.subplots(1, len(DOMAINS), sharey=True, gridspec_kw={"wspace": 0.08})
        names = list(rows)
        for domain, panel in zip(DOMAINS, panels, strict=True):
            for place, name in enumerate(names):
                seeds = rows[name].values.get((domain, "own", "recall@1"), [])
                if seeds:
                    colour = _ACCENT if name.startswith(_MARKED) else _GREY
                    panel.plot([0, float(np.mean(seeds))], [place, place], color=colour, lw=5, alpha=0.35)
                    panel.plot(seeds, [place] * len(seeds), "o", color=colour, ms=3.5)
            panel.set_title(domain, color=_INK, loc="left", fontsize=9)
            goal = rows[_GOAL].mean(domain) if _GOAL in rows else float("nan")
            if np.isfinite(goal):
                panel.axvline(goal, color=_INK, lw=0.8, ls=(0, (2, 2)))
            panel.set_xlim(0, 1)
            panel.set_xticks([0, 0.5, 1], ["0", "0.5", "1"])
            panel.tick_params(colors=_INK, length=0)
            panel.grid(axis="x", color=_GREY, alpha=0.25, lw=0.5)
            for spine in panel.spines.values():
                spine.set_visible(False)
        panels[0].set_yticks(range(len(names)), names)
        panels[0].invert_yaxis()
        figure.savefig(path, transparent=True, metadata={"Date": None})
