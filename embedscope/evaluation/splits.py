"""Split items by class, so that what is tested on was never trained on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from jaxtyping import Int64

from embedscope._errors import InputError
from embedscope.items.columns import as_array
from embedscope.items.items import Items
from embedscope.items.leakage import group_matches

PARTS = {"train": 0.5, "val": 0.2, "test": 0.3}


def split_classes(
    items: Items,
    label: str = "label",
    *,
    parts: Mapping[str, float] | None = None,
    seed: int = 0,
    together: str | None = None,
) -> dict[str, Items]:
    """Split items so that no class is in two parts.

    Parameters
    ----------
    items : Items
        All of them labelled.
    label : str
        Column of the classes.
    parts : mapping of str to float, optional
        Share of the classes of each part; half train, a fifth val, the rest test. Sums to 1.
    seed : int
        The same seed and the same set of classes give the same split, whatever the order of the items.
    together : str, optional
        A column whose equal values must not be in two parts: variants of one person, photos of one object.
        Classes that share a value then go together, and so do those that they share others with. A missing
        value binds nothing.

    Returns
    -------
    dict of str to Items
        In the order of the parts; items in the order they had.

    Raises
    ------
    InputError
        If an item has no label, the parts do not sum to 1, or there are fewer classes than parts.
    MissingError
        If a column is not there.

    Notes
    -----
    Groups of classes are shuffled; each goes to the part that lacks the most classes of its share. Without
    ``together`` a part has its share of the classes to within one.

    Examples
    --------
    >>> items = Items.from_texts(list("abcdef"), columns={"label": ["x", "x", "y", "y", "z", "z"]})
    >>> split = split_classes(items, parts={"train": 0.67, "test": 0.33})
    >>> [len(part) for part in split.values()]
    [4, 2]
    """
    shares = _checked(PARTS if parts is None else parts)
    names, codes = _classes(items, label)
    groups = _groups(codes, len(names), _values(items, together))
    n_groups = len(np.unique(groups))
    if n_groups < len(shares):
        what = "classes" if together is None else f"groups of classes that share no {together!r}"
        raise InputError(f"{n_groups} {what} cannot be split into {len(shares)} parts.")
    part_of = _assign(groups, shares, seed)[codes]
    return {name: items.take(np.flatnonzero(part_of == place)) for place, name in enumerate(shares)}


def _checked(parts: Mapping[str, float]) -> dict[str, float]:
    shares = {str(name): float(share) for name, share in parts.items()}
    if not shares or min(shares.values()) <= 0 or abs(sum(shares.values()) - 1) > 1e-6:
        raise InputError(f"parts={dict(parts)}: wanted shares above 0 that sum to 1.")
    return shares


def _values(items: Items, column: str | None) -> list[Any] | None:
    if column is None:
        return None
    items.column(column)  # says which columns there are
    return list(as_array(column, items.columns.column(column)).to_pylist())


def _classes(items: Items, label: str) -> tuple[list[str], Int64[np.ndarray, " items"]]:
    """Give the classes numbers, in an order that does not depend on that of the items."""
    labels = _values(items, label) or []
    missing = [items.ids[row] for row, value in enumerate(labels) if value is None or value != value]
    if missing:
        raise InputError(
            f"{len(missing):,} of {len(items):,} items have no {label!r}, for example {missing[0]!r}; "
            "leave them out first: items.take(mask)."
        )
    keys = [f"{type(value).__name__}:{value!r}" for value in labels]
    names = sorted(set(keys))
    place = {name: code for code, name in enumerate(names)}
    return names, np.array([place[key] for key in keys], np.int64)


def _groups(
    codes: Int64[np.ndarray, " items"], n_classes: int, together: list[Any] | None
) -> Int64[np.ndarray, " classes"]:
    """Give the group of each class: connected by shared values, else a group of its own."""
    if together is None:
        return np.arange(n_classes)
    keys = [f"row {row}" if value is None else f"value {value!r}" for row, value in enumerate(together)]
    values = pa.array(keys).dictionary_encode().indices.to_numpy().astype(np.int64)
    found = group_matches(np.stack([codes, n_classes + values], axis=1))
    groups = np.empty(n_classes, np.int64)
    groups[codes] = found
    # Numbered by their first class, so that the items' order does not matter.
    _, first, place = np.unique(groups, return_index=True, return_inverse=True)
    return first[place].astype(np.int64)


def _assign(
    groups: Int64[np.ndarray, " classes"], shares: Mapping[str, float], seed: int
) -> Int64[np.ndarray, " classes"]:
    known, sizes = np.unique(groups, return_counts=True)
    lacking = np.array(list(shares.values())) * len(groups)
    part_of = np.empty(len(known), np.int64)
    order = np.random.default_rng(seed).permutation(len(known))
    empty = len(shares)
    taken = np.zeros(len(shares), np.int64)
    for done, group in enumerate(order.tolist()):
        # The last groups are kept for parts that have none yet.
        forced = len(known) - done <= empty
        place = int(np.argmax(np.where(forced & (taken > 0), -np.inf, lacking)))
        part_of[group] = place
        empty -= int(taken[place] == 0)
        taken[place] += 1
        lacking[place] -= sizes[group]
    return part_of[np.searchsorted(known, groups)]
