"""The errors of hosted models: they carry what was finished before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Int64

from embedscope._errors import EmbedscopeError, InputError


@dataclass(frozen=True, eq=False)
class Finished:
    """The part of a call that was done when it broke off.

    Parameters
    ----------
    places : ndarray of int64, shape (finished,)
        Places among the payloads of the call, rising.
    vectors : ndarray of float32, shape (finished, dims)
        One a place, as `encode` would have given them.
    total : int
        Payloads of the call.
    """

    places: Int64[np.ndarray, " finished"]
    vectors: Float32[np.ndarray, "finished dims"]
    total: int


class HostedError(EmbedscopeError, OSError):
    """A hosted model gave no vectors, at once or after several attempts.

    Parameters
    ----------
    message : str
        What the server said, and how much was done.
    finished : Finished
        What was done: it need not be asked for again.
    """

    def __init__(self, message: str, finished: Finished) -> None:
        super().__init__(message)
        self.finished = finished


class RefusedError(HostedError, InputError):
    """A hosted model refused one item, for example because it is too long.

    Parameters
    ----------
    message : str
        Which item it is, and what the server said of it.
    finished : Finished
        What was done before.
    place : int
        The item's place among the payloads of the call.
    why : str
        What the server said.
    """

    def __init__(self, message: str, finished: Finished, place: int, why: str) -> None:
        super().__init__(message, finished)
        self.place = place
        self.why = why
