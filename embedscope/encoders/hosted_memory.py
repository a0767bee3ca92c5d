"""What calls that broke off had finished: the next call does not pay for it again."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from typing import TypeVar

import numpy as np
from jaxtyping import Float32

from embedscope._hashing import hash_bytes
from embedscope.encoders.hosted_errors import Finished
from embedscope.items.payloads import Payload, content_hash

_MOST = 4096
# Long enough for a search of the item that was refused; the server may think better of it later.
_SECONDS = 60.0

_Value = TypeVar("_Value")


class Memory:
    """Vectors and refusals by content, a bounded number of them, the oldest given up first.

    Examples
    --------
    >>> memory = Memory()
    >>> memory.keep(["a", "b"], "as a query", Finished(np.array([1]), np.ones((1, 2), np.float32), 2))
    >>> memory.recall(["b", "c"], "as a query")
    {0: array([1., 1.], dtype=float32)}
    """

    def __init__(self) -> None:
        self._vectors: dict[bytes, Float32[np.ndarray, " dims"]] = {}
        self._refused: dict[bytes, tuple[str, float]] = {}
        self._lock = threading.Lock()

    def keep(self, payloads: Sequence[Payload], form: str, finished: Finished) -> None:
        """Remember what was finished of a call.

        Parameters
        ----------
        payloads : sequence of str or Image
            Of the call.
        form : str
            All else that changes a vector.
        finished : Finished
            What was done.
        """
        # Copies: a view would keep the whole array of the call alive.
        keys = [_key(payloads[place], form) for place in finished.places]
        fresh = {key: vector.copy() for key, vector in zip(keys, finished.vectors, strict=True)}
        with self._lock:
            self._vectors = _newest({**self._vectors, **fresh}, max(_MOST, finished.total))

    def recall(self, payloads: Sequence[Payload], form: str) -> dict[int, Float32[np.ndarray, " dims"]]:
        """Give the vectors that are remembered.

        Parameters
        ----------
        payloads : sequence of str or Image
            Of a call.
        form : str
            All else that changes a vector.

        Returns
        -------
        dict of int to ndarray of float32, shape (dims,)
            By place among the payloads.
        """
        known = self._vectors
        if not known:
            return {}
        keys = (_key(payload, form) for payload in payloads)
        return {place: known[key] for place, key in enumerate(keys) if key in known}

    def trim(self) -> None:
        """Give up what a long call left, now that it has come to its end."""
        with self._lock:
            self._vectors = _newest(self._vectors, _MOST)

    def refuse(self, payload: Payload, form: str, why: str, now: float | int) -> None:
        """Remember for a minute that an item is refused, so that it is not sent again only to hear that.

        Parameters
        ----------
        payload : str or Image
            The item.
        form : str
            All else that changes a vector.
        why : str
            What the server said.
        now : float
            Seconds on the caller's clock.
        """
        with self._lock:
            self._refused = _newest({**self._refused, _key(payload, form): (why, now)}, _MOST)

    def refusals(self, payloads: Iterable[Payload], form: str, now: float | int) -> dict[int, str]:
        """Tell which items are known to be refused.

        Parameters
        ----------
        payloads : iterable of str or Image
            Of a call.
        form : str
            All else that changes a vector.
        now : float
            Seconds on the caller's clock.

        Returns
        -------
        dict of int to str
            What the server said, by place among the payloads.
        """
        known = {key: why for key, (why, then) in self._refused.items() if now - then < _SECONDS}
        if not known:
            return {}
        keys = (_key(payload, form) for payload in payloads)
        return {place: known[key] for place, key in enumerate(keys) if key in known}


def _key(payload: Payload, form: str) -> bytes:
    return hash_bytes(content_hash(payload) + form.encode())


def _newest(known: dict[bytes, _Value], most: int) -> dict[bytes, _Value]:
    return dict(list(known.items())[-most:])
