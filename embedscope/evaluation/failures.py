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
    found = {
        "query_label": [_text(queries.value(row, queries.label)) for row in rows.tolist()],
        "query_domain": [domains[code] for code in queries.domains[rows]],
        "nearest_label": [_text(index.value(row, index.label)) for row in nearest.tolist()],
        "nearest_domain": [domains[code] for code in index.domains[nearest]],
        "nearest_id": [_text(index.keys[row][1]) for row in nearest.tolist()],
    }
    parts = [items.take(inside) for items, inside in queries.split(rows)]
    known = _columns(parts)
    kept = pa.concat_tables([part.columns.select(known) for part in parts])
    for name_of, values in found.items():
        array = pa.array(values, pa.string())
        taken = kept.column_names.index(name_of) if name_of in kept.column_names else None
        kept = kept.append_column(name_of, array) if taken is None else kept.set_column(taken, name_of, array)
    payloads = tuple(payload for part in parts for payload in part.payloads)
    return Items(_ids(queries, rows, domains), payloads, parts[0].modality, kept, name=name)


def _columns(parts: Sequence[Items]) -> list[str]:
    """Give the columns that all have with the same type; others would not fit into one table."""
    first, *others = (part.columns.schema for part in parts)
    return [
        field.name
        for field in first
        if all(
            field.name in schema.names and schema.field(field.name).type == field.type for schema in others
        )
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
