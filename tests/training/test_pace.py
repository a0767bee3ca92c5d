"""How fast a run goes, read from its events."""

from __future__ import annotations

import pytest

from embedscope.training.curves import curve
from embedscope.training.events import Event
from embedscope.training.pace import pace


def event(kind: str, step: int, t: float, **values: object) -> Event:
    return {"kind": kind, "step": step, "t": t, **values}


def test_nothing_is_known_at_the_start() -> None:
    assert pace([]).remaining_s is None
    begun = pace([event("state", 0, 0.0, state="running", total=10), event("loss", 1, 1.0)])
    assert (begun.step, begun.total, begun.rate, begun.remaining_s) == (1, 10, None, None)


def test_a_pause_slows_nothing_down() -> None:
    events = [event("state", 0, 0.0, state="running", total=100)]
    events += [event("loss", step, step / 2) for step in range(1, 21)]
    assert pace(events).rate == pytest.approx(2)
    events += [event("state", 20, 10.0, state="paused"), event("state", 20, 1000.0, state="running")]
    assert pace(events).rate is None
    events += [event("loss", step, 1000 + step / 4) for step in range(21, 31)]
    assert (pace(events).rate, pace(events).remaining_s) == (pytest.approx(4), pytest.approx(70 / 4))


def test_the_last_minute_counts_and_validations_do_not() -> None:
    slow = [event("loss", step, step * 10.0) for step in range(1, 101)]
    fast = [event("loss", 100 + step, 1000 + step * 1.0) for step in range(1, 121)]
    assert pace([*slow, *fast, event("validation", 220, 1121.0)]).rate == pytest.approx(1)


def test_a_step_longer_than_the_window_still_has_a_rate() -> None:
    assert pace([event("loss", 1, 0.0), event("loss", 2, 100.0)]).rate == pytest.approx(0.01)


def test_a_curve_has_a_column_for_every_number() -> None:
    table = curve(
        [
            event("loss", 1, 0.5, loss=1.0, kl_emoji=0.2, text="x"),
            event("loss", 2, 0.6, loss=None, kl_logos=3),
        ]
    )
    assert table.to_pydict() == {
        "step": [1, 2],
        "time": [0.5, 0.6],
        "loss": [1.0, None],
        "kl_emoji": [0.2, None],
        "kl_logos": [None, 3.0],
    }
    assert curve([]).column_names == ["step", "time"]
