"""A lane runs tasks in turn, a few at once, and keeps no threads."""

from __future__ import annotations

import threading
import time

from embedscope.views.lanes import Lane


def wait_until(condition, seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.005)


def test_one_thread_keeps_the_order() -> None:
    lane, done = Lane("order", threads=1), []
    for number in range(200):
        lane.run(lambda number=number: done.append(number))
    wait_until(lambda: len(done) == 200)
    assert done == list(range(200))


def test_no_more_than_so_many_at_once_and_no_thread_is_left() -> None:
    lane, lock, gate = Lane("width", threads=3), threading.Lock(), threading.Event()
    now, most, done = 0, 0, 0

    def task() -> None:
        nonlocal now, most, done
        with lock:
            now += 1
            most = max(most, now)
        assert gate.wait(10)
        with lock:
            now -= 1
            done += 1

    for _ in range(12):
        lane.run(task)
    wait_until(lambda: now == 3)
    assert all(thread.daemon for thread in threading.enumerate() if thread.name == "embedscope width")
    gate.set()
    wait_until(lambda: done == 12)
    assert most == 3
    wait_until(lambda: not [t for t in threading.enumerate() if t.name == "embedscope width"])
