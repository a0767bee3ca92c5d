"""The columns of the table pane: their values for some rows, how they are sorted, searched and written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from jaxtyping import UInt32

from embedscope.clusters.cluster import Clusters
from embedscope.items.columns import takeable
from embedscope.items.haystack import fold, is_text, plain_texts, texts_array
from embedscope.items.items import Items
from embedscope.views.answers.values import value_text
from embedscope.views.choices import color_keys
from embedscope.views.facts import has_payload

ID, CONTENT, CLUSTER = "embedscope:id", "embedscope:content", "cluster"
CONTENT_CHARACTERS = 120

Rows = UInt32[np.ndarray, " rows"]


@dataclass(frozen=True)
class PaneColumn:
    """A column of the table pane.

    Parameters
    ----------
    name : str
        Its key; a column of the items has the key by which one colours.
    title : str
        What stands above it.
    numeric : bool
        Whether it is compared as a number.
    values : callable
        From rows to an Arrow array of its values, to sort by and to search in.
    cell : callable
        From a row to what stands in its cell.
    missing : str
        What a missing value is called, where one looks for it.
    """

    name: str
    title: str
    numeric: bool
    values: Callable[[Rows], pa.Array]
    cell: Callable[[int], str]
    missing: str = "missing"


def pane_columns(items: Items, clusters: Clusters) -> list[PaneColumn]:
    """List what the table of some items shows.

    Parameters
    ----------
    items : Items
        What is selected from.
    clusters : Clusters
        How they are grouped.

    Returns
    -------
    list of PaneColumn
        Id, content, the items' own columns of single values, and the cluster's name.
    """
    ids = PaneColumn(ID, "id", _are_numbers(items), partial(_ids, items), lambda row: str(items.ids[row]))
    columns = [ids]
    if any(has_payload(items, row) for row in range(min(len(items), 100))):
        cell = partial(items.snippet, length=CONTENT_CHARACTERS)
        columns.append(PaneColumn(CONTENT, items.modality, False, partial(_contents, items), cell))
    keys = color_keys(items)
    own = keys[len(keys) - items.columns.num_columns :]
    for key, field in zip(own, items.columns.schema, strict=True):
        if is_single(field.type):
            columns.append(_own_column(items, key, field))
    if len(clusters):
        columns.append(_cluster_column(clusters))
    return columns


def is_single(kind: pa.DataType) -> bool:
    """Tell whether a column holds single values, and not lists, records or bytes.

    Parameters
    ----------
    kind : pyarrow.DataType
        The column's type.

    Returns
    -------
    bool
        True for numbers, texts, booleans, dates and categories.

    Examples
    --------
    >>> is_single(pa.date32()), is_single(pa.list_(pa.int8()))
    (True, False)
    """
    inner = kind.value_type if pa.types.is_dictionary(kind) else kind
    plain = (pa.types.is_null, pa.types.is_boolean, pa.types.is_date, pa.types.is_time, pa.types.is_timestamp)
    kinds = (is_text, is_number, pa.types.is_duration, *plain)
    return any(is_kind(inner) for is_kind in kinds)


def is_number(kind: pa.DataType) -> bool:
    """Tell whether values are compared as numbers.

    Parameters
    ----------
    kind : pyarrow.DataType
        Their type.

    Returns
    -------
    bool
        True for whole numbers, fractions and decimals.

    Examples
    --------
    >>> is_number(pa.int8()), is_number(pa.string())
    (True, False)
    """
    return any(is_kind(kind) for is_kind in (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal))


def _are_numbers(items: Items) -> bool:
    return bool(items.ids) and all(isinstance(value, int) for value in (items.ids[0], items.ids[-1]))


def _ids(items: Items, rows: Rows) -> pa.Array:
    chosen = [items.ids[row] for row in rows.tolist()]
    return pa.array(chosen) if all(isinstance(value, int) for value in chosen) else texts_array(chosen)


def _contents(items: Items, rows: Rows) -> pa.Array:
    if items.modality == "text":
        return texts_array([items.payloads[row] for row in rows.tolist()])
    return texts_array([items.snippet(row, CONTENT_CHARACTERS) for row in rows.tolist()])


def _own_column(items: Items, key: str, field: pa.Field) -> PaneColumn:
    column = takeable(items.columns.column(field.name))

    def values(rows: Rows) -> pa.Array:
        taken = pc.take(column, pa.array(rows))
        if pa.types.is_dictionary(taken.type):
            taken = taken.cast(taken.type.value_type)
        return pa.concat_arrays(taken.chunks or [pa.array([], taken.type)])

    def cell(row: int) -> str:
        return value_text(column[row].as_py())

    inner = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
    return PaneColumn(key, field.name, is_number(inner), values, cell)


def _cluster_column(clusters: Clusters) -> PaneColumn:
    names = pa.array(clusters.names, pa.large_string())

    def values(rows: Rows) -> pa.Array:
        labels = clusters.labels[rows]
        return pc.take(names, pa.array(labels, mask=labels < 0))

    def cell(row: int) -> str:
        return clusters.name_of(int(clusters.labels[row]))

    return PaneColumn(CLUSTER, "cluster", False, values, cell, clusters.name_of(-1))


def searched(values: pa.Array) -> pa.Array:
    """Write values as they are searched: as their cells, without regard to case.

    Parameters
    ----------
    values : pyarrow.Array
        Of a column that is no number.

    Returns
    -------
    pyarrow.Array of large_string
        Null where a value is missing.

    Examples
    --------
    >>> searched(pa.array([True, None])).to_pylist(), searched(pa.array(["Oak"])).to_pylist()
    (['yes', None], ['oak'])
    """
    if is_text(values.type):
        return fold(plain_texts(pa.chunked_array([values])))
    if pa.types.is_boolean(values.type):
        return pc.if_else(values, pa.scalar("yes", pa.large_string()), pa.scalar("no", pa.large_string()))
    return fold(texts_array([None if value is None else str(value) for value in values.to_pylist()]))


def sort_order(values: pa.Array, descending: bool) -> pa.Array:
    """Order values as people do: numbers as numbers, texts without regard to case, missing ones last.

    Parameters
    ----------
    values : pyarrow.Array
        Of a column.
    descending : bool
        Largest first.

    Returns
    -------
    pyarrow.Array of uint64
        Places; equal values keep their order.

    Examples
    --------
    >>> sort_order(pa.array([10, None, 9]), True).to_pylist()
    [0, 2, 1]
    """
    if pa.types.is_null(values.type):
        return pa.array(np.arange(len(values), dtype=np.uint64))
    keys = fold(plain_texts(pa.chunked_array([values]))) if is_text(values.type) else values
    if pa.types.is_boolean(keys.type):
        keys = keys.cast(pa.uint8())
    order = "descending" if descending else "ascending"
    return pc.array_sort_indices(keys, order=order, null_placement="at_end")
