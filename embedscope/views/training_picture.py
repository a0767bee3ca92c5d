"""What a picture of a training run shows, before anything is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from embedscope.views.coloring import Coloring
from embedscope.views.picture import MapPicture


@dataclass(frozen=True, eq=False)
class CurveLine:
    """One line of a chart.

    Parameters
    ----------
    name : str
        Stands at its end.
    values : tuple of float or None
        One a step; None where nothing was measured.
    color : str
        ``"#rrggbb"``; empty: the ink.
    """

    name: str
    values: tuple[float | None, ...]
    color: str = ""


@dataclass(frozen=True, eq=False)
class Chart:
    """Lines over the same steps.

    Parameters
    ----------
    title : str
        What is drawn.
    steps : tuple of int
        Rising.
    lines : tuple of CurveLine
        The most important one last.
    """

    title: str
    steps: tuple[int, ...]
    lines: tuple[CurveLine, ...]


@dataclass(frozen=True, eq=False)
class TrainingPicture:
    """The curves of a run and, beside them, the map of its net.

    Parameters
    ----------
    net : MapPicture
        The map; its title and facts are the two lines above all. It may have no points.
    training : mapping
        As the front end has it; see `training_facts`.

    Examples
    --------
    >>> import numpy as np
    >>> from embedscope.views.coloring import no_coloring
    >>> empty = MapPicture(np.empty((0, 2), np.float32), no_coloring())
    >>> TrainingPicture(empty, {"state": "running", "step": 20, "total": 100}).words
    'Running · step 20 of 100'
    """

    net: MapPicture
    training: Mapping[str, Any]

    @property
    def coloring(self) -> Coloring:
        """The colours of the map."""
        return self.net.coloring

    @property
    def words(self) -> str:
        """How the run stands, in a line."""
        said = self.training
        total, best, shown = said.get("total"), said.get("best"), said.get("maps", {}).get("shown")
        parts = [
            str(said.get("state", "")).capitalize(),
            f"step {said.get('step', 0):,}" + (f" of {total:,}" if total else ""),
        ]
        if best and best.get("recall") is not None:
            parts.append(f"best Recall@1 {best['recall']:.3f} at step {best['step']:,}")
        if shown is not None:
            parts.append(f"the map is of step {shown:,}")
        return " · ".join(parts)

    @property
    def best_step(self) -> int | None:
        """The step whose weights are kept as the best."""
        best = self.training.get("best")
        return best["step"] if best else None

    @property
    def charts(self) -> tuple[Chart, ...]:
        """Loss, Recall@1 and KL, as far as there is something to draw."""
        loss, held = self.training.get("loss", {}), self.training.get("validation", {})
        names = [domain["name"] for domain in self.training.get("domains", [])]
        several = len(names) > 1
        total = CurveLine("all" if several else "", tuple(loss.get("total", ())))
        mean = CurveLine("mean", tuple(held.get("recall", ())))
        each = self._lines(held.get("recall_domains", []))
        charts = (
            _chart("Loss", loss, (*(self._lines(loss.get("domains", [])) if several else ()), total)),
            _chart("Recall@1 on what is held out", held, (*each, mean) if several else each or (mean,)),
            _chart("KL from the specialist, nats", held, self._lines(held.get("kl_domains", []))),
        )
        return tuple(chart for chart in charts if chart is not None)

    def _lines(self, rows: list[list[float | None] | None]) -> tuple[CurveLine, ...]:
        domains = self.training.get("domains", [])
        return tuple(
            CurveLine(domain["name"], tuple(row), domain["color"])
            for domain, row in zip(domains, rows, strict=False)
            if row is not None
        )


def _chart(title: str, curves: Mapping[str, Any], lines: tuple[CurveLine, ...]) -> Chart | None:
    steps = tuple(curves.get("steps", ()))
    kept = tuple(line for line in lines if any(value is not None for value in line.values))
    return Chart(title, steps, kept) if steps and kept else None
