"""Events of one kind as a table: a column a value, a row a step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from embedscope.training.events import Event

_HIDDEN = ("t", "step", "kind")


def curve(events: Sequence[Event]) -> pa.Table:
    """Make a table of the numbers that events carry.

    Parameters
    ----------
    events : sequence of dict
        Of one kind, in the order of their steps.

    Returns
    -------
    pyarrow.Table
        ``step`` (int64), ``time`` (float64, seconds since 1970) and every value that is a number (float64,
        null where an event lacks it).

    Examples
    --------
    >>> table = curve([{"kind": "loss", "t": 0.0, "step": 10, "loss": 0.5}])
    >>> table.column_names, table["loss"].to_numpy()
    (['step', 'time', 'loss'], array([0.5]))
    """
    names = dict.fromkeys(
        name for event in events for name, value in event.items() if name not in _HIDDEN and _is_number(value)
    )
    columns: dict[str, Any] = {
        "step": pa.array([event["step"] for event in events], pa.int64()),
        "time": pa.array([event["t"] for event in events], pa.float64()),
    }
    for name in names:
        values = [event.get(name) for event in events]
        columns[name] = pa.array([value if _is_number(value) else None for value in values], pa.float64())
    return pa.table(columns)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
