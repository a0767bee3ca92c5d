"""A thread that looks at something now and then, until nobody needs it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TypeAlias

Seconds: TypeAlias = float | int

_LOG = logging.getLogger("embedscope")


class Following:
    """Looks again and again, on a thread of its own.

    Parameters
    ----------
    look : callable
        Looks, and gives the seconds until the next time; None: there is nothing more to see.

    Notes
    -----
    Between two looks the thread sleeps. It is a daemon: it never keeps a kernel from ending.

    Examples
    --------
    >>> seen = threading.Event()
    >>> def look():
    ...     seen.set()
    >>> follower = Following(look)
    >>> follower.start()
    >>> seen.wait(5)
    True
    """

    def __init__(self, look: Callable[[], Seconds | None]) -> None:
        self._look = look
        self._lock = threading.Lock()
        self._stirred = threading.Event()
        self._thread: threading.Thread | None = None
        self._is_closed = False

    @property
    def is_alive(self) -> bool:
        """Whether it will look again."""
        thread = self._thread
        return thread is not None and thread.is_alive()

    def start(self) -> None:
        """Look from now on; where it does already, look at once."""
        with self._lock:
            self._stirred.set()
            if self._thread is None and not self._is_closed:
                self._thread = threading.Thread(target=self._run, name="embedscope following", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Look no more."""
        with self._lock:
            self._is_closed = True
            self._stirred.set()

    def _run(self) -> None:
        while True:
            self._stirred.clear()
            pause = self._safely()
            with self._lock:
                if self._is_closed or (pause is None and not self._stirred.is_set()):
                    self._thread = None
                    return
            self._stirred.wait(pause)

    def _safely(self) -> Seconds | None:
        try:
            return None if self._is_closed else self._look()
        except Exception:
            # Nobody is above to hear of it, and the next look may find things in order again.
            _LOG.warning("A view that follows a run could not look.", exc_info=True)
            return 5.0
