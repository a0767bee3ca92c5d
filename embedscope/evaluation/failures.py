"""The queries that failed, as items to look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from jaxtyping import Int64

from embedscope._errors import InputError
from embedscope.evaluation.labelled import Labelled
from embedscope.items.items import Items
from embedscope.items.problems import ItemId


def failing_items(
    queries: Labelled,
    rows: Int64[np.ndarray, " failed"],
    index: Labelled,
    nearest: Int64[np.ndarray, " failed"],
    domains: Sequence[str],
    name: str,
) -> Items:
    """Make items of queries, with what they found instead.

    Parameters
    ----------
    queries : Labelled
        All queries.
    rows : ndarray of int64, shape (failed,)
        Those that failed.
    index : Labelled
        What was searched.
    nearest : ndarray of int64, shape (failed,)
        Row of the item that was found first.
    domains : sequence of str
        Names of the domains.
    name : str
        For titles.

    Returns
    -------
    Items
        An id that two domains share is written ``domain/id``.

    Raises
    ------
    InputError
        If they are texts and images.
    """
    modalities = {space.items.modality for space in queries.spaces}
    if len(modalities) > 1:
        raise InputError("Some domains hold texts and some images: name one, failures(domain='...').")
    if not len(rows):
        return queries.spaces[0].items.take(np.empty(0, np.int64))
    places = [queries.place(row) for row in rows.tolist()]
    found = [
        {
            **{column: queries.value(row, column) for column in _columns(queries)},
            "query_label": _text(queries.value(row, queries.label)),
            "query_domain": domains[queries.domains[row]],
            "nearest_label": _text(index.value(other, index.label)),
            "nearest_domain": domains[index.domains[other]],
            "nearest_id": _text(index.keys[other][1]),
        }
        for row, other in zip(rows.tolist(), nearest.tolist(), strict=True)
    ]
    return Items(
        ids=_ids(queries, rows, domains),
        payloads=tuple(items.payloads[place] for items, place in places),
        modality=queries.spaces[0].items.modality,
        columns=pa.Table.from_pylist(found),
        name=name,
    )


def _columns(queries: Labelled) -> list[str]:
    """Give the columns that every space has with the same type; others would not fit into one table."""
    schemas = [space.items.columns.schema for space in queries.spaces]
    first = schemas[0]
    return [
        name
        for name in first.names
        if all(name in s.names and s.field(name).type == first.field(name).type for s in schemas)
    ]


def _ids(queries: Labelled, rows: Int64[np.ndarray, " failed"], domains: Sequence[str]) -> tuple[ItemId, ...]:
    ids = [queries.keys[row][1] for row in rows.tolist()]
    if len(Counter(ids)) == len(ids):
        return tuple(ids)
    return tuple(
        f"{domains[queries.domains[row]]}/{item}" for row, item in zip(rows.tolist(), ids, strict=True)
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)
