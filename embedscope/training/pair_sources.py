"""Pairs by the names of their sources, of whatever a person hands over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from embedscope.items.load import load_pairs
from embedscope.items.pairs import Pairs


def named_pairs(pairs: Any) -> dict[str, Pairs]:
    """Load pairs.

    Parameters
    ----------
    pairs : Pairs, what `embedscope.load_pairs` takes, or mapping of source to either
        A mapping with the keys "query" and "document" is one frame.

    Returns
    -------
    dict of str to Pairs
        A single one has its own name.

    Examples
    --------
    >>> list(named_pairs({"qa": {"query": ["2 + 2?"], "document": ["4"]}}))
    ['qa']
    """
    many = pairs if _is_mapping_of_sources(pairs) else {_title(pairs): pairs}
    return {str(name): one if isinstance(one, Pairs) else load_pairs(one) for name, one in many.items()}


def _is_mapping_of_sources(pairs: Any) -> bool:
    return isinstance(pairs, Mapping) and not {"query", "document"} <= set(pairs)


def _title(pairs: Any) -> str:
    return pairs if isinstance(pairs, str) else str(getattr(pairs, "name", "pairs"))
