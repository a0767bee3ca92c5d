"""The store: computed vectors kept in LanceDB, a table a cache key."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from embedscope._cache import cache_dir
from embedscope._errors import StoreError, unknown_name
from embedscope._table import Table
from embedscope.spaces.cache_key import CacheKey
from embedscope.spaces.vector_table import LANCE_ERRORS, VectorTable, telling, vector_schema

_METADATA = "embedscope"
_NAMES_A_PAGE = 1000


class VectorStore:
    """Vectors by encoder and content, in a folder or on object storage.

    Parameters
    ----------
    location : path or str, optional
        A folder, or the address of one on object storage (``"s3://bucket/vectors"``, ``gs://``, ``az://``;
        keys are taken from the environment as LanceDB takes them). By default a folder of the user's cache.

    Notes
    -----
    A table ``<key>.lance`` holds rows of (content hash, vector). In a folder, ``<key>.json`` beside it says
    what the key means, so that one can see what is kept; both may be deleted at any time.

    Examples
    --------
    >>> import tempfile
    >>> from embedscope.encoders.protocol import EncoderRecord
    >>> store = VectorStore(tempfile.mkdtemp())
    >>> len(store.table(CacheKey(EncoderRecord("minilm", frozenset({"text"}), 384))))
    0
    >>> store.contents().column("encoder")
    ['minilm']
    """

    def __init__(self, location: str | Path | None = None) -> None:
        text = str(cache_dir("store") if location is None else location)
        self._folder = None if "://" in text else Path(text).expanduser().absolute()
        self._where = text if self._folder is None else str(self._folder)

    def __repr__(self) -> str:
        return f"VectorStore({self._where!r})"

    @property
    def folder(self) -> Path | None:
        """The folder; None on object storage."""
        return self._folder

    def table(self, key: CacheKey) -> VectorTable:
        """Open the table of a key; makes it where there is none.

        Parameters
        ----------
        key : CacheKey
            What the vectors are made with.

        Returns
        -------
        VectorTable
            Open for reading and appending.

        Raises
        ------
        StoreError
            If the store cannot be opened or written to.
        """
        path = self._path(key.name)
        remedy = "Pass a folder that can be written to as store=, or set EMBEDSCOPE_CACHE to one."
        with telling("opened", path, remedy):
            opened = self._open_or_create(key)
            self._explain(key)
        return VectorTable(opened, key.width, path)

    def graph_path(self, key: str, fingerprint: str) -> Path | None:
        """Give the file for the neighbours of some of a key's vectors.

        Parameters
        ----------
        key : str
            The key's name.
        fingerprint : str
            Of the vectors, in their order.

        Returns
        -------
        Path or None
            None on object storage, where they are not kept.
        """
        return None if self._folder is None else self._folder / f"{key}.graphs" / f"{fingerprint}.npz"

    def contents(self) -> Table:
        """List what is kept.

        Returns
        -------
        Table
            One row a key: its name, encoder, role, task, dims, number of vectors and megabytes.
        """
        rows = [self._row(name) for name in self._names()]
        columns = ("key", "encoder", "role", "task", "dims", "vectors", "MB")
        return Table(
            columns, sorted(rows, key=lambda row: (str(row[1]), row[0])), f"Vectors in {self._where}"
        )

    def delete(self, key: str) -> None:
        """Delete a key's vectors for good.

        Parameters
        ----------
        key : str
            Its name, as `contents` lists it.

        Raises
        ------
        MissingError
            If there is no such key.
        """
        names = self._names()
        if key not in names:
            raise unknown_name("key", key, names)
        with telling("changed", self._path(key), "Delete its folder by hand."):
            self._connect().drop_table(key)
            if self._folder is not None:
                (self._folder / f"{key}.json").unlink(missing_ok=True)
                shutil.rmtree(self._folder / f"{key}.graphs", ignore_errors=True)

    def _connect(self) -> Any:
        # Takes seconds to import, so only where vectors are really wanted.
        import lancedb

        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
        return lancedb.connect(self._where)

    def _open_or_create(self, key: CacheKey) -> Any:
        database = self._connect()
        try:
            return database.open_table(key.name)
        except LANCE_ERRORS:
            schema = vector_schema(key.width, {_METADATA: json.dumps(key.describe())})
            try:
                return database.create_table(key.name, schema=schema)
            except LANCE_ERRORS:
                # Another process may have made it a moment ago; if not, opening says what is wrong.
                return database.open_table(key.name)

    def _explain(self, key: CacheKey) -> None:
        if self._folder is None:
            return
        note = self._folder / f"{key.name}.json"
        if not note.exists():
            fresh = note.with_suffix(f".{os.getpid()}.tmp")
            fresh.write_text(json.dumps(key.describe(), indent=2, ensure_ascii=False), encoding="utf-8")
            fresh.replace(note)

    def _path(self, name: str) -> str:
        return f"{self._where.rstrip('/')}/{name}.lance"

    def _names(self) -> list[str]:
        with telling("listed", self._where, "Look whether it is there."):
            return _all_names(self._connect())

    def _row(self, name: str) -> tuple[object, ...]:
        try:
            table = self._connect().open_table(name)
            meaning = _meaning(table.schema.metadata)
            vectors, width = table.count_rows(), int(meaning.get("width") or 0)
        except LANCE_ERRORS:
            return (name, "(damaged)", None, None, None, None, None)
        encoder, role, task = (meaning.get(field) for field in ("encoder", "role", "task"))
        return (name, encoder or "(not ours)", role, task, width, vectors, vectors * width * 4 / 1e6)


def _all_names(database: Any) -> list[str]:
    names: list[str] = []
    page = None
    while True:
        answer = database.list_tables(page_token=page, limit=_NAMES_A_PAGE)
        names += answer.tables
        page = answer.page_token
        if not page:
            return names


def _meaning(metadata: Mapping[bytes, bytes] | None) -> dict[str, Any]:
    text = (metadata or {}).get(_METADATA.encode())
    return {} if text is None else dict(json.loads(text))


def kept_so_far(error: StoreError, kept: int, total: int) -> StoreError:
    """Add to an error of the store how much is kept.

    Parameters
    ----------
    error : StoreError
        What went wrong.
    kept : int
        Contents whose vectors are in the store.
    total : int
        Contents that were asked for.

    Returns
    -------
    StoreError
        The same with a sentence more.

    Examples
    --------
    >>> str(kept_so_far(StoreError("The disk is full."), 3, 10))
    'The disk is full. Kept are 3 of 10 vectors; the same call goes on from there.'
    """
    return StoreError(f"{error} Kept are {kept:,} of {total:,} vectors; the same call goes on from there.")
