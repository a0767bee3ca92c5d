"""Spaces as single files for other tools: parquet, and npy with its ids beside it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from jaxtyping import Float32

from embedscope._errors import InputError, MissingError, unknown_name
from embedscope.items.items import Items
from embedscope.spaces.items_table import DATA, PATH, TEXT, payload_arrays
from embedscope.spaces.matching import as_id_tuple, bare_items

_METADATA = b"embedscope"


def write_parquet(
    path: Path,
    items: Items,
    dims: int,
    chunks: Iterable[Float32[np.ndarray, "_ dims"]],
    meaning: dict[str, Any],
) -> None:
    """Write items with their vectors, a chunk at a time.

    Parameters
    ----------
    path : Path
        The file.
    items : Items
        The items.
    dims : int
        Numbers in a vector.
    chunks : iterable of ndarray of float32, shape (chunk, dims)
        The vectors in order.
    meaning : dict
        Metric and encoder, kept as metadata.
    """
    table, names = _readable(items)
    vector = _free_name("vector", table.column_names)
    metadata = {_METADATA: json.dumps({**meaning, **names, "vector": vector})}
    field = pa.field(vector, pa.list_(pa.float32(), dims))
    schema = table.schema.append(field).with_metadata(metadata)
    start = 0
    with pq.ParquetWriter(path, schema) as writer:
        for chunk in chunks:
            values = pa.FixedSizeListArray.from_arrays(
                pa.array(np.ascontiguousarray(chunk).reshape(-1)), dims
            )
            rows = table.slice(start, len(chunk)).append_column(field, values)
            writer.write_table(rows.cast(schema))
            start += len(chunk)


def _readable(items: Items) -> tuple[pa.Table, dict[str, str]]:
    """Ids, content and columns under plain names, none of them twice."""
    taken = items.columns.column_names
    payloads = payload_arrays(items, "path")
    content = payloads.get(TEXT)
    if content is None:
        paths, data = payloads[PATH], payloads[DATA]
        content = paths if data.null_count == len(data) else payload_arrays(items, "bytes")[DATA]
    names = {"id": _free_name("id", taken), items.modality: _free_name(items.modality, taken)}
    columns = {names["id"]: pa.array(items.ids), names[items.modality]: content}
    return pa.table({**columns, **{name: items.columns.column(name) for name in taken}}), names


def _free_name(name: str, taken: list[str]) -> str:
    while name in taken:
        name += "_"
    return name


def read_parquet(
    path: Path,
    id: str | None,  # noqa: A002 - as frames say
    vector: str | None,
    text: str | None,
    image: str | None,
) -> tuple[pa.Table, np.ndarray, dict[str, Any]]:
    """Read a parquet file that has a column of vectors.

    Parameters
    ----------
    path : Path
        The file.
    id, vector, text, image : str, optional
        Columns; those that the file itself names, or "id" and "vector", where nothing is said.

    Returns
    -------
    table : pyarrow.Table
        Without the vectors.
    vectors : ndarray of shape (items, dims)
        The vectors.
    meaning : dict
        What is known: the columns ``id``, ``text`` and ``image``, and what the file itself says.

    Raises
    ------
    MissingError
        If the file or a column is not there.
    InputError
        If the column of vectors is none.
    """
    if not path.exists():
        raise MissingError(f"There is no file {path}.")
    table = pq.read_table(path)
    known = json.loads((table.schema.metadata or {}).get(_METADATA, b"{}"))
    chosen = {
        key: value
        for key, value in {"id": id, "vector": vector, "text": text, "image": image}.items()
        if value
    }
    meaning = {**_guess(table.column_names), **known, **chosen}
    for key in ("id", "vector", "text", "image"):
        if meaning.get(key) is not None and meaning[key] not in table.column_names:
            raise unknown_name("column", meaning[key], table.column_names)
    if meaning.get("vector") is None:
        raise InputError(f"{path} has no column 'vector': name it, vector=. There are {table.column_names}.")
    vectors = _as_matrix(table.column(meaning["vector"]), meaning["vector"])
    return table.drop_columns([meaning["vector"]]), vectors, meaning


def _guess(names: list[str]) -> dict[str, Any]:
    return {key: key for key in ("id", "vector", "text", "image") if key in names}


def _as_matrix(column: pa.ChunkedArray, name: str) -> np.ndarray:
    whole = column.combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.chunk(0)
    kinds = (pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list)
    if not any(is_kind(whole.type) for is_kind in kinds):
        raise InputError(f"The column {name!r} holds {whole.type}; wanted a list of numbers a row.")
    lengths = np.unique(whole.value_lengths().to_numpy(zero_copy_only=False)) if len(whole) else np.zeros(0)
    if whole.null_count or len(lengths) > 1:
        raise InputError(
            f"The column {name!r} has rows without a vector, or vectors of several lengths: {lengths}."
        )
    return np.asarray(whole.flatten().to_numpy(zero_copy_only=False)).reshape(len(whole), -1)


def ids_path(path: Path) -> Path:
    """Give the file of ids beside an ``.npy`` file.

    Parameters
    ----------
    path : Path
        ``vectors.npy``.

    Returns
    -------
    Path
        ``vectors.ids.json``.

    Examples
    --------
    >>> ids_path(Path("vectors.npy")).name
    'vectors.ids.json'
    """
    return path.with_suffix(".ids.json")


def read_ids(path: Path) -> list[Any] | None:
    """Read the ids beside an ``.npy`` file.

    Parameters
    ----------
    path : Path
        The ``.npy`` file.

    Returns
    -------
    list or None
        None where there is no such file.
    """
    beside = ids_path(path)
    return list(json.loads(beside.read_text(encoding="utf-8"))) if beside.is_file() else None


def read_npy(path: Path) -> np.ndarray:
    """Map an ``.npy`` file.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    ndarray
        Whatever it holds, except pickled objects.

    Raises
    ------
    InputError
        If it is no array file.
    """
    try:
        return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
    except (ValueError, EOFError) as error:
        raise InputError(f"{path} is no .npy file of numbers: {error}.") from error


def items_of(table: pa.Table, meaning: dict[str, Any], name: str) -> Items:
    """Make items of a file's rows.

    Parameters
    ----------
    table : pyarrow.Table
        One row an item.
    meaning : dict
        The columns ``id``, ``text`` and ``image``, where there are any; ``name``.
    name : str
        Of the items, where the file does not say.

    Returns
    -------
    Items
        One a row; a row without content is marked as a problem, since it has a vector all the same.

    Raises
    ------
    InputError
        If an id is missing or comes twice.
    """
    called = meaning.get("name", name)
    ids = None if meaning.get("id") is None else table.column(meaning["id"]).to_pylist()
    checked = as_id_tuple(ids, table.num_rows)
    if len(set(checked)) < len(checked):
        raise InputError(f"An id of the column {meaning['id']!r} comes twice; ids must be unique.")
    content = {key: meaning[key] for key in ("text", "image") if meaning.get(key) is not None}
    if content:
        chosen = dict(list(content.items())[:1])
        return Items.from_frame(table, id=meaning.get("id"), name=called, on_error="mark", **chosen)
    kept = [column for column in table.column_names if column != meaning.get("id")]
    return replace(bare_items(checked, table.select(kept) if kept else None), name=called)
