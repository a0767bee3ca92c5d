"""How fast a piece of work goes, and how long it still takes."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

_WINDOW_S = 10.0
# Before that a rate is a guess, and the remaining time jumps.
_SETTLED_S = 0.6


class Rate:
    """Units a second over the last seconds: long texts come first, so that the whole run's mean misleads.

    Parameters
    ----------
    clock : callable
        Gives seconds that only grow.

    Examples
    --------
    >>> seconds = iter([0.0, 1.0, 2.0])
    >>> rate = Rate(lambda: next(seconds))
    >>> for done in (0, 10, 30):
    ...     rate.mark(done)
    >>> rate.per_second, rate.remaining(60)
    (15.0, 2.0)
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._marks: deque[tuple[float, int]] = deque()

    def mark(self, done: int) -> None:
        """Note how much is done now.

        Parameters
        ----------
        done : int
            Units so far; fewer than before: another piece of work has begun.
        """
        if self._marks and done < self._marks[-1][1]:
            self._marks.clear()
        now = self._clock()
        self._marks.append((now, done))
        while len(self._marks) > 2 and now - self._marks[1][0] >= _WINDOW_S:
            self._marks.popleft()

    @property
    def per_second(self) -> float | None:
        """Units a second; None while that is not known."""
        if not self._marks:
            return None
        (start, before), (end, done) = self._marks[0], self._marks[-1]
        if end - start < _SETTLED_S or done == before:
            return None
        return (done - before) / (end - start)

    def remaining(self, total: int | None) -> float | None:
        """Say how long it still takes.

        Parameters
        ----------
        total : int or None
            Units in all.

        Returns
        -------
        float or None
            Seconds; None while that is not known.
        """
        rate = self.per_second
        if rate is None or total is None:
            return None
        return max(0, total - self._marks[-1][1]) / rate
