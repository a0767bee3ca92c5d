"""The colours of a run's map: its domains as its curves have them, or its classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias

import numpy as np

from embedscope.items.items import Items
from embedscope.training.training_data import DOMAIN, LABEL
from embedscope.views.categories import category_coloring
from embedscope.views.coloring import Coloring, no_coloring
from embedscope.views.palette import MISSING

ColorKey: TypeAlias = Literal["domain", "label", "none"]


def color_choices() -> list[dict[str, str]]:
    """List what the map of a run can be coloured by.

    Returns
    -------
    list of dict
        The widget's ``color_choices``.

    Examples
    --------
    >>> [choice["key"] for choice in color_choices()]
    ['domain', 'label', 'none']
    """
    listed = [(DOMAIN, "domain", "category"), (LABEL, "class", "category"), ("none", "one colour", "none")]
    return [{"key": key, "title": title, "kind": kind} for key, title, kind in listed]


def training_coloring(items: Items, key: ColorKey, domains: Sequence[Mapping[str, Any]]) -> Coloring:
    """Colour a run's items.

    Parameters
    ----------
    items : Items
        With the columns ``domain`` and ``label``.
    key : {"domain", "label", "none"}
        By what.
    domains : sequence of mapping
        ``name`` and ``color`` of each domain, in the order of the curves.

    Returns
    -------
    Coloring
        Domains in their own order and colours, so that a line and its points are one colour; classes
        commonest first.
    """
    if key == "none" or not len(items):
        return no_coloring()
    if key == LABEL:
        return category_coloring(items.columns.column(LABEL), LABEL, "class")
    values = items.column(DOMAIN)
    known = [str(domain["name"]) for domain in domains]
    names = known + [name for name in dict.fromkeys(values.tolist()) if name not in known]
    place = {name: rank for rank, name in enumerate(names)}
    codes = np.array([place[value] for value in values.tolist()], dtype=np.uint16)
    counts = np.bincount(codes, minlength=len(names))
    colors = [*(str(domain["color"]) for domain in domains), *[MISSING] * (len(names) - len(known))]
    return Coloring(
        "category",
        DOMAIN,
        "domain",
        codes,
        tuple(names),
        tuple(colors),
        tuple(int(count) for count in counts),
    )
