"""Results that are computed once, also when several threads ask for them."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock, RLock
from typing import Any, TypeVar

T = TypeVar("T")


class Once:
    """Kept results by key; each key has a lock of its own, so that a slow one holds up no other.

    Examples
    --------
    >>> once = Once()
    >>> once.get("a", lambda: 1), once.get("a", lambda: 2)
    (1, 1)
    """

    def __init__(self) -> None:
        self._results: dict[Hashable, Any] = {}
        self._locks: dict[Hashable, RLock] = {}
        self._lock = Lock()

    def sharing(self, *names: str) -> Once:
        """Go on elsewhere with some of the results.

        Parameters
        ----------
        *names : str
            First parts of the keys whose results are taken along; what is being made just now is not.

        Returns
        -------
        Once
            Later results of either are its own.

        Examples
        --------
        >>> once = Once()
        >>> _ = once.get(("a", 1), lambda: 1), once.get(("b", 1), lambda: 2)
        >>> other = once.sharing("a")
        >>> other.get(("a", 1), lambda: 3), other.get(("b", 1), lambda: 4)
        (1, 4)
        """
        other = Once()
        with self._lock:
            kept = list(self._results.items())
        other._results = {key: made for key, made in kept if isinstance(key, tuple) and key[0] in names}
        return other

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Give the kept result, or make it.

        Parameters
        ----------
        key : hashable
            What the result depends on.
        make : callable
            Makes it; may ask for other keys. Where it raises, nothing is kept.

        Returns
        -------
        object
            What the first call made.
        """
        with self._lock:
            own = self._locks.setdefault(key, RLock())
        with own:
            if key not in self._results:
                made = make()
                with self._lock:
                    self._results[key] = made
            result: T = self._results[key]
            return result

    def latest(self, name: str) -> Any:
        """Give the kept result that was made last, of those whose keys begin with a name.

        Parameters
        ----------
        name : str
            First part of the keys.

        Returns
        -------
        object or None
            None where none was made; nothing is made for it.

        Examples
        --------
        >>> once = Once()
        >>> _ = once.get(("a", 1), lambda: 1), once.get(("a", 2), lambda: 2)
        >>> once.latest("a"), once.latest("b")
        (2, None)
        """
        with self._lock:
            made = [kept for key, kept in self._results.items() if isinstance(key, tuple) and key[0] == name]
        return made[-1] if made else None
