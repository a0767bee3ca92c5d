"""Bandwidths as they travel: a key each, such as ``"perplexity:30"``."""

from __future__ import annotations

import math

from embedscope._errors import InputError
from embedscope.comparison.bandwidth import Bandwidth, Rule

_RULES: dict[str, Rule] = {"perplexity": "perplexity", "mean": "mean distance", "fixed": "fixed"}


def bandwidth_key(bandwidth: Bandwidth) -> str:
    """Name a bandwidth.

    Parameters
    ----------
    bandwidth : Bandwidth
        Any.

    Returns
    -------
    str
        What `parse_bandwidth` reads.

    Examples
    --------
    >>> bandwidth_key(Bandwidth.mean_distance(0.1)), bandwidth_key(Bandwidth.perplexity(10, k=50))
    ('mean:0.1', 'perplexity:10:50')
    """
    word = next(word for word, rule in _RULES.items() if rule == bandwidth.rule)
    nearest = "" if bandwidth.k is None else f":{bandwidth.k}"
    return f"{word}:{bandwidth.value:.12g}{nearest}"


def parse_bandwidth(key: object) -> Bandwidth:
    """Read a bandwidth's key.

    Parameters
    ----------
    key : str
        ``"perplexity:30"``, ``"mean:0.25"``, ``"fixed:0.3"``; a perplexity may go on with its k.

    Returns
    -------
    Bandwidth
        What it names.

    Raises
    ------
    InputError
        If it is no such key.

    Examples
    --------
    >>> parse_bandwidth("perplexity:30"), parse_bandwidth("mean:0.25")
    (Bandwidth.perplexity(30), Bandwidth.mean_distance(0.25))
    """
    word, *numbers = key.split(":") if isinstance(key, str) else [""]
    longest = 2 if word == "perplexity" else 1
    if word in _RULES and 1 <= len(numbers) <= longest:
        try:
            value = float(numbers[0])
            k = int(numbers[1]) if len(numbers) > 1 else None
        except ValueError:
            value, k = math.nan, None
        if math.isfinite(value):
            return Bandwidth(_RULES[word], value, k)
    raise InputError(
        f"{key!r} names no bandwidth; wanted for example 'perplexity:30', 'mean:0.25' or 'fixed:0.3'."
    )
