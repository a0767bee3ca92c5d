"""Long work for a pane: its progress is published as a job, and a cancelled request stops it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, TypeVar

from embedscope._progress import Cancelled, Progressed, listening
from embedscope.views.channel import CancelledRequestError, Request
from embedscope.views.job import JobStatus
from embedscope.views.rate import Rate

T = TypeVar("T")
Publish = Callable[[dict[str, Any]], object]

# As often as a person reads; what is over before that shows nothing.
_EVERY_S = 0.2


class LongWork:
    """Runs work that opens progress bars, several pieces at once from several threads.

    Parameters
    ----------
    publish : callable
        Gets the job as the widget's trait has it, at most five times a second, from any thread; an empty dict
        when nothing runs any more.

    Examples
    --------
    >>> LongWork(print).run(Request("heatmap"), "Comparing", lambda: 7)
    7
    """

    def __init__(self, publish: Publish) -> None:
        self._publish = publish
        self._lock = threading.Lock()
        self._shown: dict[int, dict[str, Any]] = {}
        self._told = -_EVERY_S
        self._next = 0

    def run(self, request: Request, stage: str, work: Callable[[], T]) -> T:
        """Do a piece of work.

        Parameters
        ----------
        request : Request
            For whom; once it is cancelled, the work stops at its bar's next step.
        stage : str
            What is done, where the work's own bar says less.
        work : callable
            Opens progress bars.

        Returns
        -------
        object
            What the work gives.

        Raises
        ------
        CancelledRequestError
            If the request was cancelled.
        """
        with self._lock:
            self._next += 1
            number = self._next
        began, rate = time.monotonic(), Rate()

        def hear(now: Progressed) -> None:
            if request.is_cancelled():
                raise Cancelled
            rate.mark(now.done)
            if time.monotonic() - began >= _EVERY_S:
                self._show(number, _status(now, stage, rate))

        try:
            with listening(hear):
                return work()
        except Cancelled as stop:
            raise CancelledRequestError from stop
        finally:
            self._end(number)

    def _show(self, number: int, status: dict[str, Any]) -> None:
        with self._lock:
            self._shown[number] = status
            if time.monotonic() - self._told < _EVERY_S:
                return
            self._told = time.monotonic()
            # Under the lock, so that no job comes after the one that says it has ended.
            self._publish(status)

    def _end(self, number: int) -> None:
        with self._lock:
            if self._shown.pop(number, None) is not None:
                self._publish(next(reversed(self._shown.values()), {}))


def _status(now: Progressed, stage: str, rate: Rate) -> dict[str, Any]:
    said = now.description or stage
    return asdict(
        JobStatus(
            stage=f"{said}; {now.note}" if now.note else said,
            done=now.done,
            total=now.total,
            unit=now.unit if now.unit.isupper() else f"{now.unit}s",
            rate=rate.per_second,
            remaining_s=rate.remaining(now.total),
        )
    )
