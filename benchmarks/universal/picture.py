"""The table's figure: Recall@1 of each method, a panel a domain, a dot a seed."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from domains import DOMAINS

sys.path.append(str(Path(__file__).parents[1]))

from dot_panels import draw_panels

if TYPE_CHECKING:
    from report import Row

_MARKED, _GOAL = "distilled by KL", "specialists, each on its own"


def draw_recall(rows: Mapping[str, Row], path: Path) -> None:
    """Draw every method; a line at the specialist's mean."""
    values = {
        name: {domain: row.values.get((domain, "own", "recall@1"), []) for domain in DOMAINS}
        for name, row in rows.items()
    }
    goal = {domain: rows[_GOAL].mean(domain) for domain in DOMAINS} if _GOAL in rows else None
    draw_panels(values, path, marked=(_MARKED,), goal=goal)
