"""A chart of lines on a still picture, their names at their ends."""

from __future__ import annotations

import math
from collections.abc import Sequence

from embedscope.views.lettering import Lettering
from embedscope.views.picture import Pixels
from embedscope.views.points import Frame
from embedscope.views.training_picture import Chart, CurveLine

_HEAD, _FOOT, _LEFT, _RIGHT = 24.0, 18.0, 44.0, 96.0
_LETTERS, _LINE = 11.0, 13.0


def draw_chart(
    lettering: Lettering, chart: Chart, frame: Frame, steps: tuple[int, int], best: int | None
) -> None:
    """Draw a chart.

    Parameters
    ----------
    lettering : Lettering
        The page.
    chart : Chart
        Its lines.
    frame : Frame
        Where.
    steps : tuple of int
        The first and the last step of all charts.
    best : int or None
        A step to mark.
    """
    lettering.write(frame.left, frame.top + 8, chart.title, 12, bold=True)
    plot = Frame(
        frame.left + _LEFT,
        frame.top + _HEAD,
        max(frame.width - _LEFT - _RIGHT, 40),
        max(frame.height - _HEAD - _FOOT, 20),
    )
    low, high = value_range([value for line in chart.lines for value in line.values if value is not None])
    ground, page = lettering.ground, lettering.page

    def x(step: int) -> float:
        return plot.left + plot.width * (step - steps[0]) / (steps[1] - steps[0])

    def y(value: float) -> float:
        return plot.top + plot.height * (high - value) / (high - low)

    for value in (low, high):
        page.plot([plot.left, plot.left + plot.width], [y(value)] * 2, color=ground.line, linewidth=0.75)
        lettering.write(plot.left - 6, y(value), f"{value:.3g}", _LETTERS, muted=True, align="right")
    for step in steps:
        lettering.write(
            x(step), plot.top + plot.height + 11, f"{step:,}", _LETTERS, muted=True, align="center"
        )
    if best is not None and steps[0] <= best <= steps[1]:
        page.plot([x(best)] * 2, [plot.top, plot.top + plot.height], color=ground.muted, linewidth=0.75)
    ends = []
    for line in chart.lines:
        known = [
            (x(step), y(value))
            for step, value in zip(chart.steps, line.values, strict=True)
            if value is not None
        ]
        page.plot(
            *zip(*known, strict=True),
            color=line.color or ground.ink,
            linewidth=1.5 if line.color else 1.9,
            marker="o" if len(known) == 1 else "",
            markersize=3,
            solid_joinstyle="round",
            zorder=5,
        )
        ends.append(known[-1][1])
    _name(lettering, chart.lines, ends, plot)


def _name(lettering: Lettering, lines: Sequence[CurveLine], ends: Sequence[float], plot: Frame) -> None:
    places = spread(ends, _LINE, plot.top, plot.top + plot.height)
    for line, place in zip(lines, places, strict=True):
        left = plot.left + plot.width + 8
        if line.name and line.color:
            lettering.page.scatter([left + 3], [place], s=20, c=[line.color], linewidths=0, zorder=5)
        name = lettering.fit(line.name, _RIGHT - 22, _LETTERS)
        lettering.write(left + (11 if line.color else 0), place, name, _LETTERS)


def value_range(values: Sequence[float]) -> tuple[float, float]:
    """Choose where an axis begins and ends: at round numbers around the values.

    Parameters
    ----------
    values : sequence of float
        One or more, finite.

    Returns
    -------
    low, high : float
        Two different numbers.

    Examples
    --------
    >>> value_range([0.31, 0.87]), value_range([2.0])
    ((0.25, 1.0), (1.5, 2.5))
    """
    low, high = float(min(values)), float(max(values))
    if low == high:
        return low - 0.5, high + 0.5
    power: float = 10.0 ** math.floor(math.log10((high - low) / 2))
    ratio = (high - low) / 2 / power
    step = power * next(factor for factor in (1, 2, 5, 10) if factor >= ratio - 1e-9) / 2
    low, high = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    return float(f"{low:.6g}"), float(f"{high:.6g}")


def spread(wanted: Sequence[Pixels], apart: Pixels, low: Pixels, high: Pixels) -> list[float]:
    """Move labels apart so that none covers another, each as little as may be.

    Parameters
    ----------
    wanted : sequence of float
        Where each would stand.
    apart : float
        How far two must be from each other.
    low, high : float
        The room; where it is too small for all, they run over its end.

    Returns
    -------
    list of float
        In the order of ``wanted``.

    Examples
    --------
    >>> spread([10.0, 10.0, 50.0], 12.0, 0.0, 60.0)
    [4.0, 16.0, 50.0]
    """
    order = sorted(range(len(wanted)), key=lambda place: (wanted[place], place))
    groups: list[tuple[list[int], float]] = []
    for place in order:
        members, middle = [place], float(wanted[place])
        while groups and middle - _half(members, apart) < groups[-1][1] + _half(groups[-1][0], apart):
            before, _ = groups.pop()
            members = before + members
            middle = sum(float(wanted[one]) for one in members) / len(members)
        groups.append((members, middle))
    found = [0.0] * len(wanted)
    for members, middle in groups:
        half = (len(members) - 1) * apart / 2
        kept = max(min(middle, high - half), low + half)
        for rank, one in enumerate(members):
            found[one] = kept - half + rank * apart
    return found


def _half(members: list[int], apart: Pixels) -> float:
    return len(members) * float(apart) / 2
