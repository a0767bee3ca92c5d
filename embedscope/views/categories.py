"""Colour by category or by cluster: commonest first, what is missing last and grey."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from jaxtyping import Int

from embedscope.views.coloring import Coloring
from embedscope.views.palette import MISSING, PALETTE, category_color

MISSING_NAME = "missing"
_NAME_CHARACTERS = 80


def category_coloring(values: pa.Array | pa.ChunkedArray, key: str, title: str) -> Coloring:
    """Colour by categories, commonest first; equal counts in the order of their values.

    Parameters
    ----------
    values : pyarrow.Array or pyarrow.ChunkedArray
        One value an item, null where missing.
    key, title : str
        Name of the choice and of the legend.

    Returns
    -------
    Coloring
        At most 255 categories keep a name and a colour; the rest is folded into one grey.

    Notes
    -----
    Cost: one pass over the values, O(items).
    """
    array = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    found = encoded.dictionary.to_pylist()
    place = encoded.indices.fill_null(len(found)).to_numpy(zero_copy_only=False).astype(np.int64)
    if None in found:
        place[place == found.index(None)] = len(found)
    counts = np.bincount(place, minlength=len(found) + 1)
    order = [i for i, value in enumerate(found) if counts[i] and value is not None]
    order.sort(key=lambda i: (-counts[i], found[i]))
    names = [_category_name(found[i]) for i in order]
    return _ranked(place, order, names, counts, key, title, MISSING_NAME)


def cluster_coloring(
    labels: Int[np.ndarray, " items"], name_of: Callable[[int], str], key: str = "cluster"
) -> Coloring:
    """Colour by cluster, largest first; two clusters of one name stay two.

    Parameters
    ----------
    labels : ndarray of int, shape (items,)
        Cluster of each item, -1 where it has none.
    name_of : callable
        From a label to its name.
    key : str
        Name of the choice.

    Returns
    -------
    Coloring
        ``"unclustered"`` comes last, in grey.
    """
    highest = int(labels.max(initial=-1)) + 1
    place = np.where(labels < 0, highest, labels).astype(np.int64)
    counts = np.bincount(place, minlength=highest + 1)
    order = cluster_ranks(labels)
    names = [one_line(name_of(label)) for label in order]
    return _ranked(place, order, names, counts, key, "cluster", "unclustered")


def cluster_ranks(labels: Int[np.ndarray, " items"]) -> list[int]:
    """Order the labels of clusters by size, largest first; the noise (-1) is left out.

    Parameters
    ----------
    labels : ndarray of int, shape (items,)
        Cluster of each item.

    Returns
    -------
    list of int
        Labels; one's place here is its colour's rank.

    Examples
    --------
    >>> cluster_ranks(np.array([0, 1, 1, -1]))
    [1, 0]
    """
    found, sizes = np.unique(labels[labels >= 0], return_counts=True)
    return [int(found[i]) for i in np.lexsort((found, -sizes))]


def _ranked(
    place: Int[np.ndarray, " items"],
    order: Sequence[int],
    names: Sequence[str],
    counts: Int[np.ndarray, " places"],
    key: str,
    title: str,
    missing: str,
) -> Coloring:
    """Give each place its rank in the order; past the palette's end one grey for all, then the missing."""
    kept = min(len(order), len(PALETTE))
    folded, absent = len(order) - kept, int(counts[-1])
    lookup = np.full(len(counts), kept + (folded > 0), np.uint16)
    lookup[list(order)] = np.minimum(np.arange(len(order)), kept)
    shown, sizes = list(names[:kept]), [int(counts[i]) for i in order[:kept]]
    if folded:
        shown.append(f"{folded:,} others")
        sizes.append(int(counts[list(order[kept:])].sum()))
    if absent:
        shown.append(missing)
        sizes.append(absent)
    colors = tuple(category_color(rank) if rank < kept else MISSING for rank in range(len(shown)))
    return Coloring("category", key, title, lookup[place], tuple(shown), colors, tuple(sizes))


def _category_name(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return one_line(str(value)) or "(empty)"


def one_line(text: str) -> str:
    """Set a name on one line, at most 80 characters long.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        Its beginning, spaces and line breaks as one space.
    """
    line = " ".join(text[: 4 * _NAME_CHARACTERS].split())
    return line if len(line) <= _NAME_CHARACTERS else line[: _NAME_CHARACTERS - 1] + "…"
