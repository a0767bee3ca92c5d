"""How far a run is, how fast it goes and how long it still takes, read from its events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from embedscope.training.events import Event

_WINDOW_S = 60.0


@dataclass(frozen=True)
class Pace:
    """How a run goes.

    Parameters
    ----------
    step : int
        Steps that are done.
    total : int or None
        Steps in all, where the run said it.
    rate : float or None
        Steps a second over the last minute; None while that is not known.
    """

    step: int
    total: int | None
    rate: float | None

    @property
    def remaining_s(self) -> float | None:
        """Seconds that the steps still take; None while that is not known."""
        if self.total is None or self.rate is None:
            return None
        return max(0, self.total - self.step) / self.rate


def pace(events: Sequence[Event]) -> Pace:
    """Read how a run goes.

    Parameters
    ----------
    events : sequence of dict
        All events of a run so far.

    Returns
    -------
    Pace
        What is known. The time of a pause, or between two workers, slows nothing down.

    Examples
    --------
    >>> def event(kind, step, t, **values):
    ...     return {"kind": kind, "step": step, "t": t, **values}
    >>> start = event("state", 0, 0.0, state="running", total=100)
    >>> seen = pace([start, event("loss", 10, 1.0), event("loss", 20, 2.0)])
    >>> seen, seen.remaining_s
    (Pace(step=20, total=100, rate=10.0), 8.0)
    """
    totals = [event["total"] for event in events if event.get("total") and event["kind"] == "state"]
    step = events[-1]["step"] if events else 0
    return Pace(step, totals[-1] if totals else None, _rate(events))


def _rate(events: Sequence[Event]) -> float | None:
    # Only since the last change of state; its first loss marks, since a warm-up came before.
    last: Event | None = None
    first: Event | None = None
    for event in reversed(events):
        if event["kind"] == "state":
            break
        if event["kind"] != "loss":
            continue
        last = last or event
        if last["t"] - event["t"] > _WINDOW_S and first is not None and first is not last:
            break
        first = event
    if first is None or last is None or last["t"] <= first["t"] or last["step"] <= first["step"]:
        return None
    return float((last["step"] - first["step"]) / (last["t"] - first["t"]))
