"""The curves of a run, short enough to travel each second."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from jaxtyping import Float64, Int64

_POINTS = 360
_DIGITS = 5


def loss_curves(events: Sequence[Mapping[str, Any]], domains: Sequence[str]) -> dict[str, Any]:
    """Bring the losses into rows.

    Parameters
    ----------
    events : sequence of dict
        Of the kind "loss", settled, in the order of their steps.
    domains : sequence of str
        Their own losses become lines of their own.

    Returns
    -------
    dict
        ``steps``, ``total`` and, one row a domain, ``domains``; null where nothing was said. Past 360 points
        each is the mean of several, at the last one's step.
    """
    names = ["loss", *(f"loss/{name}" for name in domains)]
    steps, rows = thinned(*_columns(events, names))
    total, *each = rows
    return {"steps": steps, "total": total, "domains": _said(each)}


def validation_curves(events: Sequence[Mapping[str, Any]], domains: Sequence[str]) -> dict[str, Any]:
    """Bring the validations into rows.

    Parameters
    ----------
    events : sequence of dict
        Of the kind "validation", settled, in the order of their steps.
    domains : sequence of str
        Each is a line.

    Returns
    -------
    dict
        ``steps``; ``recall`` (mean of the domains), ``merged`` and, one row a domain, ``recall_domains`` and
        ``kl_domains``; a row is null where nothing was said of it.
    """
    names = ["recall_at_1", "merged_recall_at_1"]
    names += [f"{measure}/{name}" for measure in ("recall_at_1", "kl") for name in domains]
    steps, rows = thinned(*_columns(events, names))
    mean, merged, *each = rows
    middle = len(domains)
    return {
        "steps": steps,
        "recall": mean,
        "merged": _said([merged])[0],
        "recall_domains": _said(each[:middle]),
        "kl_domains": _said(each[middle:]),
    }


def thinned(
    steps: Int64[np.ndarray, " points"], values: Float64[np.ndarray, "rows points"], most: int = _POINTS
) -> tuple[list[int], list[list[float | None]]]:
    """Take means of neighbouring points where there are too many.

    Parameters
    ----------
    steps : ndarray of int64, shape (points,)
        Rising.
    values : ndarray of float64, shape (rows, points)
        NaN where there is none.
    most : int
        How many points are left at most.

    Returns
    -------
    steps : list of int
        The last of each mean's.
    rows : list of list
        Rounded to five digits; None where there was no value.

    Examples
    --------
    >>> thinned(np.arange(4), np.array([[0.0, 1.0, 2.0, np.nan]]), most=2)
    ([1, 3], [[0.5, 2.0]])
    """
    points = len(steps)
    if points <= most:
        return steps.tolist(), [_rounded(row) for row in values]
    ends = np.linspace(0, points, most + 1).astype(np.int64)
    known = np.isfinite(values)
    sums = np.add.reduceat(np.where(known, values, 0.0), ends[:-1], axis=1)
    counts = np.add.reduceat(known.astype(np.float64), ends[:-1], axis=1)
    means = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
    return steps[ends[1:] - 1].tolist(), [_rounded(row) for row in means]


def _columns(
    events: Sequence[Mapping[str, Any]], names: Sequence[str]
) -> tuple[Int64[np.ndarray, " points"], Float64[np.ndarray, "rows points"]]:
    steps = np.array([event["step"] for event in events], dtype=np.int64)
    values = [[_number(event.get(name)) for event in events] for name in names]
    return steps, np.array(values, dtype=np.float64).reshape(len(names), len(events))


def _number(value: object) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else float("nan")  # type: ignore[arg-type]


def _rounded(row: Float64[np.ndarray, " points"]) -> list[float | None]:
    return [float(f"{value:.{_DIGITS}g}") if np.isfinite(value) else None for value in row.tolist()]


def _said(rows: Sequence[list[float | None]]) -> list[list[float | None] | None]:
    return [row if any(value is not None for value in row) else None for row in rows]
