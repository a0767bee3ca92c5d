"""Results that later requests are about: the last few, by what they are of."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

T = TypeVar("T")

_MOST = 8


class KeptResults(Generic[T]):
    """The last eight results, from any thread.

    Examples
    --------
    >>> kept: KeptResults[int] = KeptResults()
    >>> kept.keep("a", 1)
    >>> kept.get("a"), kept.get("b"), kept.last
    (1, None, 1)
    """

    def __init__(self) -> None:
        self._results: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def last(self) -> T | None:
        """The result that was kept last."""
        with self._lock:
            return next(reversed(self._results.values()), None)

    def keep(self, key: Hashable, result: T) -> None:
        """Keep a result, and forget the oldest.

        Parameters
        ----------
        key : hashable
            What it is of.
        result : object
            The result.
        """
        with self._lock:
            self._results[key] = result
            self._results.move_to_end(key)
            while len(self._results) > _MOST:
                self._results.popitem(last=False)

    def get(self, key: Hashable) -> T | None:
        """Give a result.

        Parameters
        ----------
        key : hashable
            What it is of.

        Returns
        -------
        object or None
            None where it was not kept, or not for so long.
        """
        with self._lock:
            return self._results.get(key)
