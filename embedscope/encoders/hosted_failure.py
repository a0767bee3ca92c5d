"""Why a call to a hosted model gave no vectors, and how long to wait before the next attempt."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal

import numpy as np

_FIRST_WAIT, _MOST_WAIT = 1.0, 60.0
# Everybody who was sent away at the same moment must not come back at the same moment.
_SPREAD = 0.5
_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*(h|ms|m|s)")
_IN_WORDS = re.compile(r"retry in\s+((?:\d+(?:\.\d+)?\s*(?:h|ms|m|s)\s*)+)", re.IGNORECASE)


@dataclass(frozen=True)
class Failure:
    """What one attempt came to instead of vectors.

    Parameters
    ----------
    what : str
        What happened, in one line.
    kind : {"later", "answer", "item", "never"}
        ``"later"``: the next attempt may work; ``"answer"``: an answer came that cannot be right; ``"item"``:
        one of the items is refused; ``"never"``: no attempt will work.
    wait : float, optional
        Seconds that the server asks to wait.
    """

    what: str
    kind: Literal["later", "answer", "item", "never"]
    wait: float | None = None


def wait_before(attempt: int, asked: float | None, rng: np.random.Generator) -> float:
    """Choose how long to wait before the next attempt.

    Parameters
    ----------
    attempt : int
        Attempts that failed so far, from 1.
    asked : float, optional
        Seconds that the server asks to wait: never less than that.
    rng : numpy.random.Generator
        Spreads the waits.

    Returns
    -------
    float
        Seconds.

    Notes
    -----
    Where the server asks for nothing: 1, 2, 4, ... and at most 60 seconds, times a number between 0.5 and 1.

    Examples
    --------
    >>> 2 <= wait_before(3, None, np.random.default_rng()) <= 4
    True
    """
    if asked is not None:
        return asked + _SPREAD * float(rng.random())
    longest: float = min(_MOST_WAIT, _FIRST_WAIT * 2 ** (attempt - 1))
    return longest * (1 - _SPREAD * float(rng.random()))


def asked_wait(details: Any, message: str, headers: Mapping[str, str]) -> float | None:
    """Read how long a server asks to wait, wherever it says so.

    Parameters
    ----------
    details : object
        The answer's JSON, in which a ``google.rpc.RetryInfo`` may be.
    message : str
        The error's message, in which "retry in 12.5s" may be.
    headers : mapping of str to str
        The answer's headers, of which ``Retry-After`` counts.

    Returns
    -------
    float or None
        Seconds, the longest of what is said; None where nothing is.

    Examples
    --------
    >>> asked_wait({}, "Quota exceeded. Please retry in 1m2.5s.", {"retry-after": "30"})
    62.5
    """
    found = [*_retry_infos(details), *_retry_after(headers)]
    found += [_seconds(match) for match in _IN_WORDS.findall(message)]
    return max(found, default=None)


def _seconds(span: str) -> float:
    return sum(float(number) * _UNITS[unit.lower()] for number, unit in _SPAN.findall(span.lower()))


def _retry_infos(details: Any) -> Iterator[float]:
    for entry in error_details(details):
        delay = entry.get("retryDelay")
        if isinstance(delay, str) and _SPAN.search(delay):
            yield _seconds(delay)


def error_details(details: Any) -> list[Mapping[str, Any]]:
    """Give the typed details of a Google error's JSON.

    Parameters
    ----------
    details : object
        The answer's JSON, of any form.

    Returns
    -------
    list of mapping
        Empty where there are none.

    Examples
    --------
    >>> error_details({"error": {"details": [{"reason": "API_KEY_INVALID"}]}})
    [{'reason': 'API_KEY_INVALID'}]
    """
    error = details.get("error", details) if isinstance(details, Mapping) else {}
    found = error.get("details") if isinstance(error, Mapping) else None
    return [entry for entry in found if isinstance(entry, Mapping)] if isinstance(found, list) else []


def _retry_after(headers: Mapping[str, str]) -> Iterator[float]:
    said = next((value.strip() for name, value in headers.items() if name.lower() == "retry-after"), "")
    if said.isascii() and said.isdigit():
        yield float(said)
    elif said:
        try:
            moment = parsedate_to_datetime(said)
        except ValueError:
            return  # neither of the two forms that HTTP knows: as good as not said
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        yield max(0.0, (moment - datetime.now(UTC)).total_seconds())
