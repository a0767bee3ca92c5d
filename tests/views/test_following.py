"""A thread that looks: as often as it is told, no longer than it is needed."""

from __future__ import annotations

import logging
import threading

import pytest

from embedscope.views.following import Following


class Eye:
    """Counts its looks and lets a test wait for them."""

    def __init__(self, *pauses: float | None) -> None:
        self.pauses = list(pauses)
        self.looks = 0
        self.looked = threading.Semaphore(0)

    def __call__(self) -> float | None:
        self.looks += 1
        pause = self.pauses.pop(0) if self.pauses else None
        self.looked.release()
        if isinstance(pause, str):
            raise ValueError(pause)
        return pause


def gone(follower: Following) -> None:
    thread = follower._thread
    if thread is not None:
        thread.join(60)
    assert not follower.is_alive


def test_it_looks_until_there_is_nothing_more_to_see() -> None:
    eye = Eye(0.0, 0.01, None)
    follower = Following(eye)
    assert not follower.is_alive
    follower.start()
    for _ in range(3):
        assert eye.looked.acquire(timeout=60)
    gone(follower)
    assert eye.looks == 3


def test_a_new_start_looks_at_once_and_a_close_ends_a_long_sleep() -> None:
    eye = Eye(3600.0, 3600.0)
    follower = Following(eye)
    follower.start()
    assert eye.looked.acquire(timeout=60)
    follower.start()
    assert eye.looked.acquire(timeout=60)
    assert follower.is_alive
    follower.close()
    gone(follower)
    follower.start()
    assert not follower.is_alive
    assert eye.looks == 2


def test_one_that_ended_can_be_started_again() -> None:
    eye = Eye(None, None)
    follower = Following(eye)
    follower.start()
    gone(follower)
    follower.start()
    gone(follower)
    assert eye.looks == 2


def test_an_error_is_logged_and_does_not_end_it(caplog: pytest.LogCaptureFixture) -> None:
    eye = Eye("the disk is away", None)
    follower = Following(eye)
    with caplog.at_level(logging.WARNING, "embedscope"):
        follower.start()
        assert eye.looked.acquire(timeout=60)
        follower.start()
        assert eye.looked.acquire(timeout=60)
        gone(follower)
    assert "the disk is away" in caplog.text
