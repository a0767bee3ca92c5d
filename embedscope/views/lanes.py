"""A lane: few daemon threads that take tasks in turn and end when none waits."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import TypeAlias

Task: TypeAlias = Callable[[], None]


class Lane:
    """Runs tasks in the order they came, at most so many at once.

    Threads are started when there is work and end when there is none: a view that is forgotten holds none.
    They are daemons, so that a long encode does not keep a notebook's kernel from ending.

    Parameters
    ----------
    name : str
        Of the threads, as debuggers show it.
    threads : int
        Most tasks at once.

    Examples
    --------
    >>> done = threading.Event()
    >>> Lane("example").run(done.set)
    >>> done.wait(5)
    True
    """

    def __init__(self, name: str, threads: int = 2) -> None:
        self._name = f"embedscope {name}"
        self._threads = threads
        self._waiting: deque[Task] = deque()
        self._running = 0
        self._lock = threading.Lock()

    def run(self, task: Task) -> None:
        """Put a task in the lane, and return at once.

        Parameters
        ----------
        task : callable
            Takes nothing; says itself what goes wrong in it.
        """
        with self._lock:
            self._waiting.append(task)
            if self._running == self._threads:
                return
            self._running += 1
        threading.Thread(target=self._work, name=self._name, daemon=True).start()

    def _work(self) -> None:
        while (task := self._next()) is not None:
            task()

    def _next(self) -> Task | None:
        with self._lock:
            if self._waiting:
                return self._waiting.popleft()
            self._running -= 1
            return None
