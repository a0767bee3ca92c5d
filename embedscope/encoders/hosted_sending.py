"""One call of `encode` to a hosted model: batch by batch, with attempts and a count of what is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np
from jaxtyping import Bool, Float32

from embedscope.encoders.hosted_errors import Finished, HostedError, RefusedError
from embedscope.encoders.hosted_failure import Failure, wait_before
from embedscope.encoders.hosted_pace import Pace
from embedscope.encoders.protocol import Progress

Send: TypeAlias = Callable[[list[int]], Float32[np.ndarray, "batch dims"] | Failure]

# A server that answers wrongly twice does so again; one that is busy does not.
_WRONG_ANSWERS = 2
# A server that asks for a longer wait has used up a quota of a day.
_LONGEST_WAIT = 600.0


@dataclass(frozen=True, eq=False)
class Sending:
    """The payloads of one call, of which more and more are finished.

    Parameters
    ----------
    name : str
        Of the encoder, for messages.
    send : callable
        Takes places among the payloads and gives their vectors or a `Failure`; one request.
    pace : Pace
        Says when a request may begin, and counts them.
    attempts : int
        Most requests for the same payloads.
    vectors : ndarray of float32, shape (items, dims)
        Filled as the work goes on.
    done : ndarray of bool, shape (items,)
        Which rows are filled.
    limit : str
        What an item may be, for the message about one that is refused.
    progress : callable, optional
        Called with the number of payloads that were finished; told in words what goes on, where it has a
        method ``note``.
    rng : numpy.random.Generator
        Spreads the waits.
    """

    name: str
    send: Send
    pace: Pace
    attempts: int
    vectors: Float32[np.ndarray, "items dims"]
    done: Bool[np.ndarray, " items"]
    limit: str = ""
    progress: Progress | None = None
    rng: np.random.Generator = field(default_factory=np.random.default_rng)

    @property
    def finished(self) -> Finished:
        """What is done so far."""
        return Finished(np.flatnonzero(self.done), self.vectors[self.done], len(self.done))

    def run(self, batches: Iterable[list[int]]) -> None:
        """Send batches one after the other.

        Parameters
        ----------
        batches : iterable of list of int
            Places among the payloads.

        Raises
        ------
        RefusedError
            If the server refuses an item; those before it are finished.
        HostedError
            If the server gives no vectors, whatever is tried.
        """
        for places in batches:
            self._finish(places)

    def take(self, known: dict[int, Float32[np.ndarray, " dims"]]) -> None:
        """Fill in vectors that need not be sent for.

        Parameters
        ----------
        known : dict of int to ndarray of float32, shape (dims,)
            By place among the payloads.
        """
        for place, vector in known.items():
            self._put([place], vector[None])

    def refused(self, place: int, why: str) -> RefusedError:
        """Make the error about an item that the server refuses.

        Parameters
        ----------
        place : int
            Its place among the payloads.
        why : str
            What the server said.

        Returns
        -------
        RefusedError
            Ready to be raised.
        """
        message = f"Item {place} was refused by {self.name}: {why}. {self.limit}"
        return RefusedError(message.strip(), self.finished, place, why)

    def _put(self, places: list[int], vectors: Float32[np.ndarray, "batch dims"]) -> None:
        self.vectors[places] = vectors
        self.done[places] = True
        if self.progress is not None:
            self.progress(len(places))

    def _finish(self, places: list[int]) -> None:
        found = self._attempt(places)
        if not isinstance(found, Failure):
            self._put(places, found)
        elif found.kind != "item":
            raise self._given_up(found, places)
        elif len(places) == 1:
            raise self.refused(places[0], found.what)
        else:
            # The server does not say which item it is, so halves find it; the others are finished on the way.
            middle = len(places) // 2
            self._finish(places[:middle])
            self._finish(places[middle:])

    def _attempt(self, places: list[int]) -> Float32[np.ndarray, "batch dims"] | Failure:
        wrong = 0
        for attempt in range(1, self.attempts + 1):
            self.pace.take()
            self._say("")
            found = self.send(places)
            if not isinstance(found, Failure) or found.kind in ("item", "never"):
                break
            wrong += found.kind == "answer"
            wait = wait_before(attempt, found.wait, self.rng)
            if attempt == self.attempts or wrong == _WRONG_ANSWERS or wait > _LONGEST_WAIT:
                return _after(found, attempt)
            self._say(f"waiting {wait:,.0f} s, {found.what[:40]}")
            self.pace.clock.sleep(wait)
        return found

    def _say(self, more: str) -> None:
        note = getattr(self.progress, "note", None)
        if note is not None:
            note(f"{self.pace}; {more}" if more else str(self.pace))

    def _given_up(self, failure: Failure, places: list[int]) -> HostedError:
        done, total = int(self.done.sum()), len(self.done)
        kept = ", which are kept: the same call goes on from there" if done else ""
        return HostedError(
            f"{self.name} gave no vectors for items {places[0]:,} to {places[-1]:,}: {failure.what}. "
            f"Done are {done:,} of {total:,} items{kept}.",
            self.finished,
        )


def _after(failure: Failure, attempts: int) -> Failure:
    """Say how often it was tried, and how long the server wants to be left alone."""
    tried = f" (tried {attempts} times)" if attempts > 1 else ""
    long = failure.wait is not None and failure.wait > _LONGEST_WAIT
    asked = f" (it asks to wait {failure.wait:,.0f} s)" if long else ""
    return replace(failure, what=f"{failure.what}{tried}{asked}")
