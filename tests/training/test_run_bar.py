"""The bars of a run: what they count, what stands behind them, and when one follows another."""

from __future__ import annotations

from embedscope._progress import Progressed, listening
from embedscope.training.run_bar import RunBar
from embedscope.training.start import start

from .toy_jobs import Count


def event(kind: str, step: int, **values) -> dict:
    return {"kind": kind, "step": step, "t": float(step), **values}


BEGUN = event("state", 0, state="running")
READY = event("state", 0, state="running", total=90)


def prepared(what: str, done: int, total: int) -> dict:
    return event("progress", 0, description=what, done=done, total=total, unit="image", note="")


def heard(*moments: tuple[list[dict], str]) -> list[Progressed]:
    told: list[Progressed] = []
    with listening(told.append), RunBar("distill") as bar:
        for events, state in moments:
            bar.show(events, state)
    return told


def test_preparations_come_before_the_steps() -> None:
    first, second = [BEGUN, prepared("Features of a", 3, 8)], [BEGUN, prepared("Features of b", 0, 4)]
    told = heard(([BEGUN], "running"), (first, "running"), (second, "running"), ([*second, READY], "running"))
    assert [(one.description, one.done, one.total, one.unit) for one in told] == [
        ("Features of a", 3, 8, "image"),
        ("Features of b", 0, 4, "image"),
        ("distill", 0, 90, "step"),
    ]


def test_what_was_measured_stands_behind_the_bar_and_a_checkpoint_takes_steps_back() -> None:
    trained = [READY, event("loss", 40, loss=0.125), event("validation", 40, recall_at_1=0.75)]
    again = [*trained, event("state", 20, state="running", total=90)]
    told = heard((trained, "running"), (trained, "running"), (trained, "paused"), (again, "running"))
    assert [(one.done, one.note) for one in told] == [
        (40, ""),
        (40, "loss 0.125, recall@1 0.750"),
        (40, "paused, loss 0.125, recall@1 0.750"),
        (20, "paused, loss 0.125, recall@1 0.750"),
        (20, "loss 0.125, recall@1 0.750"),
    ]


def test_numbers_that_are_not_there_are_not_shown() -> None:
    told = heard(([READY, event("loss", 1, loss=None), event("validation", 1, recall_at_1=None)], "running"))
    assert [(one.done, one.note) for one in told] == [(1, "")]


def test_waiting_shows_a_real_run_to_its_last_step(folder, capsys) -> None:
    assert start(Count(steps=4), folder).wait(180) == "done"
    shown = capsys.readouterr().err
    assert "test:count: 100%" in shown
    assert "4/4" in shown
    assert "loss 0.25" in shown
