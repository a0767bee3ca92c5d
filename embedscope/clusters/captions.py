"""Names of clusters of images: the commonest caption or label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.types as pt
from jaxtyping import Float32, Int32

from embedscope.clusters.names import distinct_names, names_from_texts

# Columns that say what an image shows, best first.
_NAMING_COLUMNS = ("caption", "label", "subcategory", "category", "class", "name", "title", "folder", "group")
_COMMON_ENOUGH = 0.2


def naming_values(columns: pa.Table) -> list[str | None] | None:
    """Find the column that says what the items show.

    Parameters
    ----------
    columns : pyarrow.Table
        One row an item.

    Returns
    -------
    list of str or None, or None
        One value an item; None where there is no such column.

    Examples
    --------
    >>> naming_values(pa.table({"width": [64], "label": ["cat"]}))
    ['cat']
    """
    texts = [name for name in columns.column_names if _is_text(columns.schema.field(name).type)]
    known = [name for name in _NAMING_COLUMNS if name in texts]
    chosen = known or [name for name in texts if name not in ("id", "path", "problem")]
    if not chosen:
        return None
    values: list[Any] = columns.column(chosen[0]).to_pylist()
    return [None if value is None else str(value) for value in values]


def _is_text(kind: pa.DataType) -> bool:
    if pt.is_dictionary(kind):
        kind = kind.value_type
    return bool(pt.is_string(kind) or pt.is_large_string(kind) or pt.is_string_view(kind))


def names_from_values(
    values: Sequence[str | None],
    labels: Int32[np.ndarray, " items"],
    probabilities: Float32[np.ndarray, " items"],
) -> tuple[str, ...]:
    """Name each cluster by its commonest value, or by its values' words where none is common.

    Parameters
    ----------
    values : sequence of str or None
        A caption or label an item.
    labels : ndarray of int32, shape (items,)
        Cluster of each item from 0; -1: none.
    probabilities : ndarray of float32, shape (items,)
        How surely an item belongs.

    Returns
    -------
    tuple of str
        One name a cluster, no two equal. A value that is the commonest of several clusters is followed by
        the next one: ``"faces, animals"``.

    Notes
    -----
    Where the commonest value is that of less than a fifth of the cluster (a caption an image), the name is
    made of the captions' words by class-based TF-IDF.

    Examples
    --------
    >>> names_from_values(["cat", "cat", "dog"], np.array([0, 0, 1], np.int32), np.ones(3, np.float32))
    ('cat', 'dog')
    """
    words = names_from_texts([value or "" for value in values], labels, probabilities)
    counts = [
        Counter(value for row in np.flatnonzero(labels == label).tolist() if (value := values[row]))
        for label in range(len(words))
    ]
    ranked = [_commonest_first(count) for count in counts]
    firsts = Counter(values_of[0] for values_of in ranked if values_of)
    chosen = []
    for count, best, name in zip(counts, ranked, words, strict=True):
        if len(best) == 1 or (best and count[best[0]] >= max(2, _COMMON_ENOUGH * count.total())):
            shown = [best[0]] if firsts[best[0]] == 1 else best[:2]
            chosen.append([", ".join(_last_part(value) for value in shown)])
        else:
            chosen.append([name])
    return distinct_names(chosen)


def _commonest_first(count: Counter[str]) -> list[str]:
    return [value for value, _ in sorted(count.items(), key=lambda pair: (-pair[1], pair[0]))]


def _last_part(value: str) -> str:
    return PurePath(value).name if "/" in value and " " not in value else value
