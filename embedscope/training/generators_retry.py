"""When a hosted model is asked again, and after how long."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

RETRIED = frozenset({408, 429, 500, 502, 503, 504})
# A server that wants more than this is out of quota for the day: better to stop with what there is.
LONGEST_SECONDS = 120.0

_FIRST_SECONDS = 1.0
_CLIENTS = ("httpx", "httpx2")
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s)")
_ASKED_FOR = re.compile(r"retry (?:in|after)\s+" + _DURATION.pattern, re.IGNORECASE)


def retry_delay(error: Exception, attempt: int) -> float | None:
    """Seconds to wait before a request is sent again, or None where that would not help.

    Parameters
    ----------
    error : Exception
        What google-genai raised.
    attempt : int
        How many were made before this one.

    Returns
    -------
    float or None
        What the server asks for (in the error's details, in its header, in its message), else 1, 2, 4, ...
        and at most 60. None for errors that stay, and for delays above two minutes.

    Examples
    --------
    >>> retry_delay(ValueError("no"), 0) is None
    True
    """
    if is_lost_connection(error):
        return _backoff(attempt)
    if getattr(error, "code", None) not in RETRIED:
        return None
    wanted = _asked_for(error)
    if wanted is None:
        return _backoff(attempt)
    return wanted if wanted <= LONGEST_SECONDS else None


def is_lost_connection(error: Exception) -> bool:
    """Tell a connection that failed or broke from an answer that says no.

    Parameters
    ----------
    error : Exception
        What google-genai raised.

    Returns
    -------
    bool
        True for the errors of its HTTP client.

    Examples
    --------
    >>> is_lost_connection(ValueError("no"))
    False
    """
    return any(
        kind.__name__ == "TransportError" and kind.__module__.partition(".")[0] in _CLIENTS
        for kind in type(error).__mro__
    )


def _backoff(attempt: int) -> float:
    return min(60.0, _FIRST_SECONDS * 2.0**attempt)


def _asked_for(error: Exception) -> float | None:
    details = _mapping(_mapping(getattr(error, "details", None)).get("error")).get("details")
    for entry in details if isinstance(details, list) else []:
        found = _DURATION.fullmatch(str(_mapping(entry).get("retryDelay", "")))
        if found:
            return _seconds(found)
    header = str(_mapping(getattr(getattr(error, "response", None), "headers", None)).get("retry-after", ""))
    if header.isdecimal():
        return float(header)
    said = _ASKED_FOR.search(str(getattr(error, "message", "")))
    return _seconds(said) if said else None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _seconds(found: re.Match[str]) -> float:
    return float(found[1]) * (0.001 if found[2] == "ms" else 1.0)
