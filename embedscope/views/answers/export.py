"""``export``: some items as a file."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from jaxtyping import UInt32
from pyarrow import csv

from embedscope._errors import InputError, unknown_name
from embedscope.clusters.cluster import Clusters
from embedscope.items.frame import free_name
from embedscope.items.items import Items
from embedscope.views.answers.columns import is_single
from embedscope.views.channel import Answer, Request

ExportFormat: TypeAlias = Literal["csv", "json", "parquet"]
_BATCH = 8192


class Exports:
    """Writes a selection to a file that the browser saves.

    Parameters
    ----------
    rows : callable
        Finds the rows that a request is about.
    items : callable
        Gives the items as they are now.
    clusters : callable
        Tells how they are grouped.
    """

    def __init__(
        self,
        rows: Callable[[Request], UInt32[np.ndarray, " rows"]],
        items: Callable[[], Items],
        clusters: Callable[[], Clusters],
    ) -> None:
        self._rows = rows
        self._items = items
        self._clusters = clusters

    def __call__(self, request: Request) -> Answer:
        """Answer a request.

        Parameters
        ----------
        request : Request
            About some rows, with a ``format``.

        Returns
        -------
        Answer
            The file as its buffer.

        Raises
        ------
        InputError
            If nothing is selected.
        MissingError
            If there is no such format.
        """
        frame = export_frame(self._items(), self._clusters(), self._rows(request))
        request.check_wanted()
        return Answer(None, [frame_bytes(frame, str(request.content.get("format")))])


def export_frame(items: Items, clusters: Clusters, rows: UInt32[np.ndarray, " rows"]) -> pa.Table:
    """Put some items into a frame, with the names of their clusters.

    Parameters
    ----------
    items : Items
        All.
    clusters : Clusters
        How they are grouped.
    rows : ndarray of uint32, shape (rows,)
        Which ones.

    Returns
    -------
    pyarrow.Table
        As `Items.to_frame`, and ``cluster`` where there are clusters.

    Raises
    ------
    InputError
        If there are no rows.
    """
    if not len(rows):
        raise InputError("Nothing is selected; select the items to export.")
    frame = items.take(rows).to_frame()
    if not len(clusters):
        return frame
    labels = clusters.labels[rows]
    names = pa.array(clusters.names, pa.string()).take(pa.array(labels, mask=labels < 0))
    return frame.append_column(free_name("cluster", frame.column_names), names)


def frame_bytes(frame: pa.Table, kind: str) -> bytes:
    """Write a frame as a file.

    Parameters
    ----------
    frame : pyarrow.Table
        What is written.
    kind : {"csv", "json", "parquet"}
        How. In CSV, lists and records are written as JSON; in JSON, dates as ISO 8601.

    Returns
    -------
    bytes
        The file.

    Raises
    ------
    MissingError
        If there is no such format.

    Examples
    --------
    >>> frame_bytes(pa.table({"id": [1], "text": ["a, b"]}), "csv").decode().splitlines()
    ['"id","text"', '1,"a, b"']
    """
    if kind not in get_args(ExportFormat):
        raise unknown_name("format", kind, get_args(ExportFormat))
    file = io.BytesIO()
    if kind == "parquet":
        pq.write_table(frame, file)
    elif kind == "csv":
        csv.write_csv(_flat(frame), file)
    else:
        file.write(b"[\n")
        for place, lines in enumerate(_json_lines(frame)):
            file.write(b",\n" * (place > 0) + lines)
        file.write(b"\n]\n")
    return file.getvalue()


def _flat(frame: pa.Table) -> pa.Table:
    """Write out what a CSV file has no place for."""
    columns = {}
    for name in frame.column_names:
        column = frame.column(name)
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        if not is_single(column.type):
            values = [None if value is None else _as_json(value) for value in column.to_pylist()]
            column = pa.array(values, pa.large_string())
        columns[name] = column.cast(pa.large_string()) if pa.types.is_string_view(column.type) else column
    return pa.table(columns)


def _json_lines(frame: pa.Table) -> Iterator[bytes]:
    """Write records, one a line, some thousands at a time."""
    encode = json.JSONEncoder(ensure_ascii=False, default=_plain, allow_nan=False).encode
    for batch in frame.to_batches(_BATCH):
        # Of parts that were put together, one may hold no row.
        if not batch.num_rows:
            continue
        columns = [_json_values(batch.column(place)) for place in range(batch.num_columns)]
        records = zip(*columns, strict=True)
        lines = [encode(dict(zip(frame.column_names, record, strict=True))) for record in records]
        yield ",\n".join(lines).encode("utf-8", "replace")


def _json_values(column: pa.Array) -> list[Any]:
    if pa.types.is_floating(column.type):
        return pc.if_else(pc.is_finite(column), column, None).to_pylist()  # type: ignore[no-any-return]
    values: list[Any] = column.to_pylist()
    return values if is_single(column.type) else [_without_nan(value) for value in values]


def _without_nan(value: Any) -> Any:
    """Write what JSON has no number for as null."""
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    if isinstance(value, list):
        return [_without_nan(part) for part in value]
    if isinstance(value, dict):
        return {name: _without_nan(part) for name, part in value.items()}
    return value


def _as_json(value: Any) -> str:
    return json.dumps(_without_nan(value), ensure_ascii=False, default=_plain)


def _plain(value: Any) -> str:
    """Write what JSON has no form for: dates by ISO 8601, bytes in hexadecimal."""
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
