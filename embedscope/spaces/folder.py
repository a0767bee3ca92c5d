"""A space as a folder: vectors.npy, items.parquet, record.json, and neighbors.npz where they are known."""

from __future__ import annotations

import json
import shutil
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from jaxtyping import Float32

import embedscope
from embedscope._errors import InputError, MissingError, StoreError
from embedscope.encoders.protocol import EncoderRecord
from embedscope.items.problems import Problem

FORMAT = 1
VECTORS, ITEMS, RECORD, NEIGHBORS = "vectors.npy", "items.parquet", "record.json", "neighbors.npz"


def record_to_json(record: EncoderRecord | None) -> dict[str, Any] | None:
    """Put an encoder's record into JSON values.

    Parameters
    ----------
    record : EncoderRecord or None
        The record.

    Returns
    -------
    dict or None
        The same.

    Examples
    --------
    >>> record_to_json(EncoderRecord("minilm", frozenset({"text"}), 384))["modalities"]
    ['text']
    """
    if record is None:
        return None
    return {**asdict(record), "parameters": dict(record.parameters), "modalities": sorted(record.modalities)}


def record_from_json(values: Mapping[str, Any] | None) -> EncoderRecord | None:
    """Make an encoder's record of JSON values.

    Parameters
    ----------
    values : mapping or None
        What `record_to_json` gave.

    Returns
    -------
    EncoderRecord or None
        The same.

    Examples
    --------
    >>> record = EncoderRecord("minilm", frozenset({"text"}), 384)
    >>> record_from_json(record_to_json(record)).fingerprint == record.fingerprint
    True
    """
    if values is None:
        return None
    return EncoderRecord(**{**values, "modalities": frozenset(values["modalities"])})


def problems_from_json(values: Iterable[Mapping[str, Any]]) -> tuple[Problem, ...]:
    """Make problems of JSON values.

    Parameters
    ----------
    values : iterable of mapping
        One a problem.

    Returns
    -------
    tuple of Problem
        The same.

    Examples
    --------
    >>> problems_from_json([{"id": "a", "reason": "it is empty", "row": 0}])[0].id
    'a'
    """
    return tuple(Problem(**value) for value in values)


def read_record(folder: Path) -> dict[str, Any]:
    """Read what a saved space says about itself.

    Parameters
    ----------
    folder : Path
        A saved space.

    Returns
    -------
    dict
        The record.

    Raises
    ------
    MissingError
        If there is no saved space.
    InputError
        If it was saved by a newer version.
    StoreError
        If the record is damaged.
    """
    path = folder / RECORD
    if not path.is_file():
        raise MissingError(f"{folder} holds no saved space (no {RECORD}). Space.save(folder) makes one.")
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        version = int(record["format"])
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{path} is damaged: {error!r}. Save the space again.") from error
    if version > FORMAT:
        raise InputError(
            f"{folder} was saved by embedscope {record.get('embedscope')} in format {version}; "
            f"this is embedscope {embedscope.__version__}, which reads up to {FORMAT}. "
            "Update it: pip install -U embedscope"
        )
    return dict(record)


def read_items(folder: Path) -> pa.Table:
    """Read the items of a saved space.

    Parameters
    ----------
    folder : Path
        A saved space.

    Returns
    -------
    pyarrow.Table
        One row an item.

    Raises
    ------
    StoreError
        If the file is missing or damaged.
    """
    path = folder / ITEMS
    try:
        return pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise StoreError(f"The items in {path} cannot be read: {error}. Save the space again.") from error


def write_npy(path: Path, shape: tuple[int, int], chunks: Iterable[Float32[np.ndarray, "_ dims"]]) -> None:
    """Write vectors to an ``.npy`` file a chunk at a time.

    Parameters
    ----------
    path : Path
        The file.
    shape : tuple of int
        Items and dims.
    chunks : iterable of ndarray of float32, shape (chunk, dims)
        The vectors in order.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "v.npy"
    >>> write_npy(path, (2, 1), [np.array([[1]], np.float32), np.array([[2]], np.float32)])
    >>> np.load(path).tolist()
    [[1.0], [2.0]]
    """
    with path.open("wb") as file:
        header = {"descr": "<f4", "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(file, header)
        for chunk in chunks:
            file.write(np.ascontiguousarray(chunk, dtype="<f4").data)


class NewFolder:
    """A folder that appears whole, in place of an older saved space, or not at all.

    Parameters
    ----------
    target : Path
        Where it shall be.

    Raises
    ------
    InputError
        If something else than a saved space is there.
    """

    def __init__(self, target: Path) -> None:
        empty = target.is_dir() and not any(target.iterdir())
        if target.exists() and not empty and not (target / RECORD).is_file():
            raise InputError(f"{target} exists and is no saved space: choose another folder, or empty it.")
        self._target = target
        self._fresh = target.with_name(f".{target.name}.{uuid.uuid4().hex}")

    def __enter__(self) -> Path:
        self._fresh.mkdir(parents=True)
        return self._fresh

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            if self._target.exists():
                # Kept until the new one stands, so that a crash in between loses neither.
                old = self._fresh.with_name(f"{self._fresh.name}.old")
                self._target.rename(old)
                self._fresh.rename(self._target)
                shutil.rmtree(old)
            else:
                self._fresh.rename(self._target)
        shutil.rmtree(self._fresh, ignore_errors=True)
