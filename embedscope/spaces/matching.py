"""Vectors and items brought together by id, never by the order of their rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from jaxtyping import Float32

from embedscope._arrays import as_vectors
from embedscope._errors import InputError, MissingError
from embedscope.items.columns import as_columns
from embedscope.items.items import Items
from embedscope.items.problems import ItemId, as_ids
from embedscope.spaces.sources import ArrayVectors, TakenVectors, VectorSource

_SHOWN = 5


def as_id_tuple(ids: Any, count: int) -> tuple[ItemId, ...]:
    """Check ids: one a row, all str or all int, none missing.

    Parameters
    ----------
    ids : sequence or None
        As they came; row numbers where there are none.
    count : int
        Number of rows.

    Returns
    -------
    tuple of str or of int
        Plain ids.

    Raises
    ------
    InputError
        If one is missing, or the number or the types do not fit.

    Examples
    --------
    >>> as_id_tuple(np.array([3, 4]), 2)
    (3, 4)
    """
    plain = as_ids(None if ids is None else list(ids), count)
    missing = [row for row, value in enumerate(plain) if value is None]
    if missing:
        raise InputError(f"{len(missing)} ids are missing, the first in row {missing[0]}; give one id a row.")
    return tuple(value for value in plain if value is not None)


def match_to_items(source: VectorSource, ids: Sequence[ItemId], items: Items) -> VectorSource:
    """Put vectors in the order of the items.

    Parameters
    ----------
    source : VectorSource
        Vectors in an order of their own.
    ids : sequence of str or of int
        Id of each vector.
    items : Items
        The items.

    Returns
    -------
    VectorSource
        One vector an item, in the items' order.

    Raises
    ------
    MissingError
        If an item has no vector or a vector no item: both are named.
    InputError
        If an id has two vectors.

    Examples
    --------
    >>> items = Items.from_texts(["a", "b"], ids=["x", "y"])
    >>> vectors = ArrayVectors(np.array([[1], [2]], np.float32))
    >>> match_to_items(vectors, ["y", "x"], items).read_all().tolist()
    [[2.0], [1.0]]
    """
    row_of = {value: row for row, value in enumerate(ids)}
    if len(row_of) < len(ids):
        twice = sorted({str(value) for row, value in enumerate(ids) if row_of[value] != row})
        raise InputError(f"{len(twice)} ids have more than one vector: {_name(twice)}. Keep one each.")
    without_vector = [value for value in items.ids if value not in row_of]
    known = set(items.ids)
    without_item = [value for value in ids if value not in known]
    if without_vector or without_item:
        raise MissingError(_unmatched(without_vector, without_item, items.ids, ids))
    if tuple(ids) == items.ids:
        return source
    rows = np.fromiter((row_of[value] for value in items.ids), np.int64, len(items))
    return ArrayVectors(source.read(rows)) if isinstance(source, ArrayVectors) else TakenVectors(source, rows)


def _unmatched(
    without_vector: list[ItemId],
    without_item: list[ItemId],
    items: Sequence[ItemId],
    vectors: Sequence[ItemId],
) -> str:
    parts = []
    if without_vector:
        parts.append(
            f"{len(without_vector):,} of {len(items):,} items have no vector: {_name(without_vector)}."
        )
    if without_item:
        parts.append(
            f"{len(without_item):,} of {len(vectors):,} vectors have no item: {_name(without_item)}."
        )
    if {type(value) for value in items[:1]} != {type(value) for value in vectors[:1]}:
        parts.append("The ids are text on one side and numbers on the other: make them alike.")
    else:
        parts.append("Take those that are on both sides: items.subset(ids), vectors[rows].")
    return " ".join(parts)


def _name(values: Sequence[Any]) -> str:
    more = f" and {len(values) - _SHOWN:,} more" if len(values) > _SHOWN else ""
    return ", ".join(repr(value) for value in values[:_SHOWN]) + more


def matched_parts(vectors: Any, ids: Any, items: Items | None, columns: Any) -> tuple[Items, VectorSource]:
    """Make items and vectors of what anybody has.

    Parameters
    ----------
    vectors : array_like of shape (items, dims), mapping of id to vector, or VectorSource
        The vectors.
    ids : sequence, optional
        Id of each row.
    items : Items, optional
        What the vectors are of.
    columns : mapping or data frame, optional
        Columns in the order of the rows; only where there are no items.

    Returns
    -------
    items : Items
        Those given, or ones whose content is their id.
    source : VectorSource
        One vector an item.

    Raises
    ------
    InputError
        If something does not fit; see `Space.from_arrays`.
    MissingError
        If ids are missing on either side.
    """
    if isinstance(vectors, Mapping):
        if ids is not None:
            raise InputError("vectors is a mapping by id already; leave ids out.")
        ids, vectors = list(vectors), np.asarray([_row(value) for value in vectors.values()])
    source = vectors if isinstance(vectors, VectorSource) else ArrayVectors(as_vectors(vectors))
    if items is None:
        return bare_items(as_id_tuple(ids, source.shape[0]), columns), source
    if columns is not None:
        raise InputError("Both items and columns came: put the columns into the items (items.with_column).")
    if ids is None:
        raise InputError(
            "items came without ids for the vectors, and rows are never matched by their order. "
            "Pass ids= with one id a vector; ids=items.ids says that row i is item i."
        )
    return items, match_to_items(source, as_id_tuple(ids, source.shape[0]), items)


def _row(vector: Any) -> Float32[np.ndarray, " dims"]:
    plain = vector.detach().cpu().float() if hasattr(vector, "detach") else vector
    return np.asarray(as_vectors(np.asarray(plain)[None])[0])


def bare_items(ids: tuple[ItemId, ...], columns: Any = None) -> Items:
    """Make items of which only the ids are known; each is shown by its id.

    Parameters
    ----------
    ids : tuple of str or of int
        Unique.
    columns : mapping of str to sequence, or data frame, optional
        One value an id.

    Returns
    -------
    Items
        Texts that are the ids.

    Examples
    --------
    >>> bare_items((7, 8)).payloads
    ('7', '8')
    """
    table = pa.table({}) if columns is None else as_columns(columns, len(ids))
    return Items(ids, tuple(str(value) for value in ids), "text", table, name="vectors")
