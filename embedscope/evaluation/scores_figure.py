"""Figures of task scores: encoders side by side, and how many dims each needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from embedscope._errors import InputError
from embedscope.comparison.figure_look import GROUND, INK, plain, styled
from embedscope.evaluation.task_scores import TaskScores

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

# Told apart by shape as well as by colour.
_LOOKS = (
    ("#3257d6", "circle"),
    ("#b45309", "diamond"),
    ("#0f766e", "square"),
    ("#a21caf", "triangle-up"),
    ("#565d6b", "x"),
    ("#be123c", "cross"),
)
_STEP = 0.15


def scores_figure(scores: Mapping[str, TaskScores]) -> Figure:
    """Draw several encoders on the same tasks: a row a task, a dot an encoder, a line its interval.

    Parameters
    ----------
    scores : mapping of str to TaskScores
        By the encoder's name, each on the same tasks, as `embedscope.evaluate` gives them with ``tasks=``.

    Returns
    -------
    plotly.graph_objects.Figure
        The main measure of each task on the x axis, with its 95 % interval where that is known.

    Raises
    ------
    InputError
        If there are none, or they are on different tasks.
    """
    from plotly.graph_objects import Figure, Scatter

    tasks = _same_tasks(scores)
    figure = Figure()
    for place, (name, found) in enumerate(scores.items()):
        color, symbol = _LOOKS[place % len(_LOOKS)]
        values = np.array([one.value for one in found.results])
        ends = [one.interval for one in found.results]
        halves = [None if end is None else end.high - value for end, value in zip(ends, values, strict=True)]
        figure.add_trace(
            Scatter(
                x=values,
                y=np.arange(len(tasks)) + _STEP * (place - (len(scores) - 1) / 2),
                error_x={"array": halves, "width": 0, "thickness": 1.2, "color": color},
                name=plain(name),
                mode="markers",
                marker={"size": 9, "color": color, "symbol": symbol, "line": {"width": 1, "color": GROUND}},
                customdata=[plain(task) for task in tasks],
                hovertemplate="<b>%{customdata}</b><br>%{x:.3f}<extra>%{fullData.name}</extra>",
            )
        )
    first = next(iter(scores.values()))
    labels = [f"{plain(one.name)}<br><i>{one.kind}, {_words(one.measure)}</i>" for one in first.results]
    return styled(
        figure,
        "Encoders on tasks",
        "main measure and 95 % interval · further to the right is better",
        height=120 + 66 * len(tasks),
        # Where two lines of a label meet a short one, the legend would lie on the title.
        legend={"orientation": "h", "x": 0, "xanchor": "left", "y": -0.06, "yanchor": "top"},
        xaxis={"range": [_lowest(scores) - 0.05, 1.05]},
        yaxis={"tickvals": [*range(len(tasks))], "ticktext": labels, "range": [len(tasks) - 0.5, -0.5]},
    )


def dims_figure(values: Mapping[str, Mapping[int, float]], measure: str) -> Figure:
    """Draw a score against the number of dims that are kept: a line an encoder.

    Parameters
    ----------
    values : mapping of str to mapping of int to float
        By the encoder's name: dims, and what was reached with so many.
    measure : str
        For the y axis.

    Returns
    -------
    plotly.graph_objects.Figure
        Dims on a logarithmic axis; the last mark of a line is the whole vector.

    Raises
    ------
    InputError
        If there are none.
    """
    from plotly.graph_objects import Figure, Scatter

    if not values:
        raise InputError("No values came: dims_figure({'minilm': {64: 0.5, 384: 0.7}}, 'ndcg_at_10').")
    figure = Figure()
    for place, (name, line) in enumerate(values.items()):
        color, symbol = _LOOKS[place % len(_LOOKS)]
        dims = sorted(line)
        figure.add_trace(
            Scatter(
                x=dims,
                y=[line[one] for one in dims],
                name=plain(name),
                mode="lines+markers",
                line={"color": color, "width": 1.5},
                marker={"size": 8, "symbol": symbol},
                hovertemplate="<b>%{x} dims</b><br>%{y:.3f}<extra>%{fullData.name}</extra>",
            )
        )
    ticks = sorted({dims for line in values.values() for dims in line})
    return styled(
        figure,
        "How many dims are needed?",
        f"{_words(measure)} of the first dims",
        height=420,
        font={"color": INK},
        legend={"orientation": "h", "x": 0, "xanchor": "left", "y": -0.18, "yanchor": "top"},
        xaxis={"type": "log", "tickvals": ticks, "ticktext": [str(one) for one in ticks], "title": "dims"},
        yaxis={"title": _words(measure), "rangemode": "tozero"},
    )


def _same_tasks(scores: Mapping[str, TaskScores]) -> tuple[str, ...]:
    tasks = [found.names for found in scores.values()]
    if not tasks:
        raise InputError("No scores came: scores_figure({'minilm': evaluate('minilm', tasks='all')}).")
    for name, each in zip(scores, tasks, strict=True):
        if each != tasks[0]:
            raise InputError(
                f"{name!r} has the tasks {', '.join(each)}, and {next(iter(scores))!r} has "
                f"{', '.join(tasks[0])}: evaluate both with the same tasks=."
            )
    return tasks[0]


def _lowest(scores: Mapping[str, TaskScores]) -> float:
    results = [one for found in scores.values() for one in found.results]
    # The correlation of what is all the same is not a number.
    return float(
        np.nanmin([0.0, *(one.value if one.interval is None else one.interval.low for one in results)])
    )


def _words(measure: str) -> str:
    return plain(measure).replace("_", " ")
