"""Options of losses as JSON values: a bandwidth becomes its key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from embedscope.comparison.bandwidth import Bandwidth
from embedscope.comparison.bandwidth_keys import bandwidth_key, parse_bandwidth

_BANDWIDTHS = ("bandwidth", "student_bandwidth")


def options_to_json(options: Mapping[str, Any]) -> dict[str, Any]:
    """Write options as JSON values.

    Parameters
    ----------
    options : mapping
        Of `make_loss`.

    Returns
    -------
    dict
        The same, bandwidths by their keys.

    Examples
    --------
    >>> options_to_json({"bandwidth": Bandwidth.mean_distance(0.1), "over": "row"})
    {'bandwidth': 'mean:0.1', 'over': 'row'}
    """
    return {
        name: bandwidth_key(value) if isinstance(value, Bandwidth) else value
        for name, value in options.items()
    }


def options_from_json(values: Mapping[str, Any]) -> dict[str, Any]:
    """Read what `options_to_json` wrote.

    Parameters
    ----------
    values : mapping
        JSON values.

    Returns
    -------
    dict
        Options of `make_loss`.

    Examples
    --------
    >>> options_from_json({"bandwidth": "mean:0.1"})
    {'bandwidth': Bandwidth.mean_distance(0.1)}
    """
    return {name: parse_bandwidth(value) if name in _BANDWIDTHS else value for name, value in values.items()}
