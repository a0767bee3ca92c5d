"""How fast a hosted model is called: a limit of calls a minute, by a clock that a test can turn."""

from __future__ import annotations

import threading
import time
from collections import deque

from embedscope._errors import InputError

_MINUTE = 60.0
# Rounding of a clock must not make the last wait endless.
_HARDLY = 1e-6


class Clock:
    """The machine's clock; whoever cannot wait hands in another one."""

    def now(self) -> float:
        """Give the time.

        Returns
        -------
        float
            Seconds since some moment; never goes back.
        """
        return time.monotonic()

    def sleep(self, seconds: float | int) -> None:
        """Wait.

        Parameters
        ----------
        seconds : float
            How long.
        """
        time.sleep(seconds)


class Pace:
    """A count of calls, of which no more than some begin in any 60 seconds.

    Parameters
    ----------
    per_minute : int, optional
        Most calls in any 60 seconds; None: no limit.
    clock : Clock
        Tells the time and waits.

    Raises
    ------
    InputError
        If ``per_minute`` is no whole number above 0.

    Examples
    --------
    >>> pace = Pace(300, Clock())
    >>> pace.take()
    >>> str(pace)
    '1 call, 300 a minute'
    """

    def __init__(self, per_minute: int | None, clock: Clock) -> None:
        if per_minute is not None and per_minute < 1:
            raise InputError(f"per_minute={per_minute} came; wanted 1 or more calls a minute, or None.")
        self.per_minute = per_minute
        self.clock = clock
        self.calls = 0
        self._begun: deque[float] = deque()
        self._lock = threading.Lock()

    def take(self) -> None:
        """Wait until one more call may begin, and count it."""
        while (wait := self._begin()) > 0:
            self.clock.sleep(wait)

    def _begin(self) -> float:
        """Count a call that may begin now; else say after how many seconds to ask again."""
        with self._lock:
            now = self.clock.now()
            while self._begun and now - self._begun[0] >= _MINUTE - _HARDLY:
                self._begun.popleft()
            if self.per_minute is not None and len(self._begun) >= self.per_minute:
                return self._begun[0] + _MINUTE - now
            if self.per_minute is not None:
                self._begun.append(now)
            self.calls += 1
            return 0.0

    def __str__(self) -> str:
        calls = f"{self.calls:,} call{'' if self.calls == 1 else 's'}"
        return calls if self.per_minute is None else f"{calls}, {self.per_minute:,} a minute"
