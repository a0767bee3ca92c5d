"""Long work says how far it is, at a bearable rate, stops when nobody waits, and leaves nothing behind."""

from __future__ import annotations

import threading
import time
from itertools import pairwise
from typing import Any

import pytest

from embedscope._progress import progress_bar
from embedscope.views.channel import CancelledRequestError, Request
from embedscope.views.long_work import LongWork


def steps(count: int, seconds: float) -> int:
    with progress_bar(count, "Counting", "step") as bar:
        for _ in range(count):
            time.sleep(seconds)
            bar.update()
    return count


def test_short_work_shows_nothing():
    published: list[dict[str, Any]] = []
    assert LongWork(published.append).run(Request("x"), "Working", lambda: steps(5, 0)) == 5
    assert published == []


def test_progress_comes_five_times_a_second_and_is_cleared():
    published: list[tuple[float, dict[str, Any]]] = []
    work = LongWork(lambda status: published.append((time.monotonic(), status)))
    work.run(Request("x"), "Working", lambda: steps(100, 0.012))
    running = [(at, status) for at, status in published if status]
    assert running
    assert all(later[0] - at[0] >= 0.19 for at, later in pairwise(running))
    first = running[0][1]
    assert (first["state"], first["stage"], first["total"], first["unit"]) == (
        "running",
        "Counting",
        100,
        "steps",
    )
    assert 0 < first["done"] < 100
    assert running[-1][1]["rate"] is not None
    assert running[-1][1]["remaining_s"] is not None
    assert published[-1][1] == {}


def test_a_cancelled_request_stops_the_work_and_clears_the_job():
    published: list[dict[str, Any]] = []
    gone = threading.Event()
    done: list[int] = []

    def work() -> None:
        with progress_bar(1000, "Counting", "step") as bar:
            for step in range(1000):
                time.sleep(0.01)
                done.append(step)
                if step == 40:
                    gone.set()
                bar.update()

    with pytest.raises(CancelledRequestError):
        LongWork(published.append).run(Request("x", is_cancelled=gone.is_set), "Working", work)
    assert len(done) == 41
    assert published[0]["state"] == "running"
    assert published[-1] == {}


def test_an_error_clears_the_job_too():
    published: list[dict[str, Any]] = []

    def work() -> None:
        steps(30, 0.01)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        LongWork(published.append).run(Request("x"), "Working", work)
    assert published[-1] == {}


def test_of_two_that_run_the_other_is_shown_until_both_have_ended():
    published: list[dict[str, Any]] = []
    work = LongWork(published.append)
    threads = [
        threading.Thread(target=work.run, args=(Request("x"), "Working", lambda n=n: steps(n, 0.01)))
        for n in (60, 150)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert published[-1] == {}
    assert published.count({}) == 1
    assert {status["total"] for status in published if status} == {60, 150}
