"""The bandwidths that a view offers, with a title each."""

from __future__ import annotations

from embedscope.comparison.bandwidth import FACTOR, PERPLEXITY, Bandwidth
from embedscope.comparison.bandwidth_keys import bandwidth_key

_OFFERED = (
    Bandwidth.perplexity(PERPLEXITY),
    Bandwidth.perplexity(10),
    Bandwidth.mean_distance(FACTOR),
    Bandwidth.mean_distance(0.1),
)


def bandwidth_title(bandwidth: Bandwidth) -> str:
    """Say a bandwidth in words.

    Parameters
    ----------
    bandwidth : Bandwidth
        Any.

    Returns
    -------
    str
        For a menu.

    Examples
    --------
    >>> bandwidth_title(Bandwidth.perplexity()), bandwidth_title(Bandwidth.mean_distance(0.1))
    ('perplexity 30', '0.1 × mean distance')
    """
    if bandwidth.rule == "perplexity":
        nearest = "" if bandwidth.k is None else f" (k {bandwidth.k})"
        return f"perplexity {bandwidth.value:g}{nearest}"
    return (
        f"{bandwidth.value:g} × mean distance"
        if bandwidth.rule == "mean distance"
        else f"σ {bandwidth.value:g}"
    )


def bandwidth_choices(first: Bandwidth | None = None) -> list[dict[str, str]]:
    """List what a view offers.

    Parameters
    ----------
    first : Bandwidth, optional
        What is used first; perplexity 30 if not given.

    Returns
    -------
    list of dict
        ``key`` and ``title`` of each, the first one first.

    Examples
    --------
    >>> [choice["key"] for choice in bandwidth_choices(Bandwidth.fixed(0.3))]
    ['fixed:0.3', 'perplexity:30', 'perplexity:10', 'mean:0.25', 'mean:0.1']
    """
    offered = dict.fromkeys([*([] if first is None else [first]), *_OFFERED])
    return [{"key": bandwidth_key(one), "title": bandwidth_title(one)} for one in offered]
