"""One table of the store: rows of (content hash, vector), appended a chunk at a time."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
from jaxtyping import Bool, Float32, Shaped

from embedscope._errors import StoreError
from embedscope._hashing import HASH_BYTES
from embedscope.items.warn import warn
from embedscope.spaces.hash_index import HASH_DTYPE, HashIndex, hashes_of

Result = TypeVar("Result")

# Lance says what went wrong with these; none of its own classes is public.
LANCE_ERRORS = (RuntimeError, OSError, ValueError)

_FRAGMENTS_BEFORE_COMPACTION = 8
_ROWS_AT_ONCE = 8_192
# Past this share of the rows one pass over all is faster than picking rows.
_SHARE_FOR_A_PASS = 0.25


def vector_schema(width: int, metadata: dict[str, str] | None = None) -> pa.Schema:
    """Give the schema of a table.

    Parameters
    ----------
    width : int
        Numbers in a vector.
    metadata : dict of str to str, optional
        Kept with the table.

    Returns
    -------
    pyarrow.Schema
        ``hash`` (16 bytes) and ``vector`` (fixed-size list of float32).

    Examples
    --------
    >>> vector_schema(3).names
    ['hash', 'vector']
    """
    fields = [("hash", pa.binary(HASH_BYTES)), ("vector", pa.list_(pa.float32(), width))]
    return pa.schema(fields, metadata=metadata)


@contextmanager
def telling(doing: str, where: str, remedy: str) -> Iterator[None]:
    """Raise what Lance raises as an error of the store.

    Parameters
    ----------
    doing : str
        What did not work, for example "read".
    where : str
        Folder or address of the store.
    remedy : str
        What the person can do.

    Yields
    ------
    None
        For the block.

    Raises
    ------
    StoreError
        In place of Lance's error, which is its cause.
    """
    try:
        yield
    except LANCE_ERRORS as error:
        raise StoreError(f"The store {where} cannot be {doing}: {error}. {remedy}") from error


class VectorTable:
    """Vectors of one cache key by content hash.

    Parameters
    ----------
    table : lancedb.table.Table
        The open table.
    width : int
        Numbers in a vector.
    where : str
        Folder or address, for messages.
    """

    def __init__(self, table: Any, width: int, where: str) -> None:
        self._table = table
        self._width = width
        self._where = where
        self._index: HashIndex | None = None

    def __len__(self) -> int:
        return int(self._reading(self._table.count_rows))

    @property
    def width(self) -> int:
        """Numbers in a vector."""
        return self._width

    def missing(self, hashes: Shaped[np.ndarray, " items"]) -> Bool[np.ndarray, " items"]:
        """Tell which contents have no vector yet; looks at the newest rows.

        Parameters
        ----------
        hashes : ndarray of S16, shape (items,)
            Content hashes.

        Returns
        -------
        ndarray of bool, shape (items,)
            True where a vector is missing.
        """
        return np.asarray(self._look_up_anew().find(hashes) < 0)

    def read(self, hashes: Shaped[np.ndarray, " items"]) -> Float32[np.ndarray, "items dims"]:
        """Read vectors by content hash, in the order given.

        Parameters
        ----------
        hashes : ndarray of S16, shape (items,)
            Content hashes; may repeat.

        Returns
        -------
        ndarray of float32, shape (items, dims)
            As they were appended, bit for bit.

        Raises
        ------
        StoreError
            If the table is damaged, or a vector is not there any more.

        Notes ----- One pass over the table if many rows are asked for, else the rows alone: 200,000 × 384
        take about half a second. Memory: the result and a batch.
        """
        return self._reading(lambda: self._read(hashes))

    def append(self, hashes: Shaped[np.ndarray, " rows"], vectors: Float32[np.ndarray, "rows dims"]) -> None:
        """Append a chunk: it is there whole when this returns, and not at all if the process dies before.

        Parameters
        ----------
        hashes : ndarray of S16, shape (rows,)
            Content hashes.
        vectors : ndarray of float32, shape (rows, dims)
            One a hash.

        Raises
        ------
        StoreError
            If the disk is full or the folder cannot be written to.
        """
        vectors = np.ascontiguousarray(vectors)
        keys = pa.FixedSizeBinaryArray.from_buffers(
            pa.binary(HASH_BYTES), len(hashes), [None, pa.py_buffer(np.ascontiguousarray(hashes))]
        )
        rows = pa.FixedSizeListArray.from_arrays(pa.array(vectors.reshape(-1)), self._width)
        batch = pa.record_batch([keys, rows], schema=vector_schema(self._width))
        with telling("written to", self._where, "Free some space, or pass another folder as store=."):
            self._retrying(lambda: self._table.add(batch))

    def compact(self) -> None:
        """Join the small files of many appends and remove what only older versions need.

        Notes
        -----
        Does nothing below 9 files. Rows keep their order. If it fails, for example because another process
        compacts too, nothing is lost: it warns, and the next encode tries again.
        """
        try:
            if self._n_fragments() > _FRAGMENTS_BEFORE_COMPACTION:
                self._optimize()
        except LANCE_ERRORS as error:
            warn(f"The store {self._where} could not be compacted, and goes on as it is: {error}")

    def _optimize(self) -> None:
        with warnings.catch_warnings():
            # Lance warns that readers of older versions fail: ours open the newest one and read again.
            warnings.filterwarnings("ignore", "optimize", UserWarning)
            self._table.optimize(cleanup_older_than=timedelta(0))

    def _n_fragments(self) -> int:
        return int(self._table.stats()["fragment_stats"]["num_fragments"])

    def _retrying(self, action: Callable[[], Result]) -> Result:
        """Act once more on the newest version: another process may have cleaned up the one that is open."""
        try:
            return action()
        except LANCE_ERRORS:
            self._table.checkout_latest()
            return action()

    def _reading(self, action: Callable[[], Result]) -> Result:
        remedy = (
            "Its vectors can be computed again: remove this table's folder (VectorStore.delete, or by hand) "
            "and run the same encode."
        )
        with telling("read", self._where, remedy):
            return self._retrying(action)

    def _look_up_anew(self) -> HashIndex:
        def scan() -> HashIndex:
            self._table.checkout_latest()
            batches = self._table.search().select(["hash"]).to_batches()
            return HashIndex([hashes_of(batch.column("hash")) for batch in batches])

        self._index = self._reading(scan)
        return self._index

    def _read(self, hashes: Shaped[np.ndarray, " items"]) -> Float32[np.ndarray, "items dims"]:
        gathered = _Gathered(hashes, self._width)
        index = self._index if self._index is not None else self._look_up_anew()
        rows = np.sort(index.find(gathered.wanted))
        if len(rows) and rows[0] < 0:
            rows = np.sort(self._look_up_anew().find(gathered.wanted))
        for batch in self._batches(rows[np.searchsorted(rows, 0) :], len(index)):
            gathered.take(batch)
        return gathered.result(self._where)

    def _batches(self, rows: Shaped[np.ndarray, " rows"], total: int) -> Iterable[pa.RecordBatch]:
        if len(rows) >= _SHARE_FOR_A_PASS * total:
            yield from self._table.search().select(["hash", "vector"]).to_batches()
            return
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            chosen = self._table.take_offsets(rows[start : start + _ROWS_AT_ONCE].tolist())
            yield from chosen.select(["hash", "vector"]).to_arrow().to_batches()


class _Gathered:
    """Vectors put in their places by content hash, whatever order they come in."""

    def __init__(self, hashes: Shaped[np.ndarray, " items"], width: int) -> None:
        self.wanted, self._first, self._which = np.unique(hashes, return_index=True, return_inverse=True)
        self._index = HashIndex([self.wanted])
        self._found = np.zeros(len(self.wanted), dtype=np.bool_)
        self._vectors = np.empty((len(hashes), width), dtype=np.float32)

    def take(self, batch: pa.RecordBatch) -> None:
        hashes = hashes_of(batch.column("hash")).astype(HASH_DTYPE, copy=False)
        places = self._index.find(hashes)
        rows = np.flatnonzero(places >= 0)
        # The first of equal contents wins, in the batch and before it.
        places, firsts = np.unique(places[rows], return_index=True)
        new = ~self._found[places]
        values = batch.column("vector").flatten().to_numpy(zero_copy_only=True).reshape(len(batch), -1)
        self._vectors[self._first[places[new]]] = values[rows[firsts[new]]]
        self._found[places] = True

    def result(self, where: str) -> Float32[np.ndarray, "items dims"]:
        if not self._found.all():
            gone = len(self._found) - int(self._found.sum())
            raise StoreError(
                f"{gone:,} of {len(self._found):,} vectors are not in the store {where} any more: "
                "it was deleted or emptied since. Run the same encode again."
            )
        firsts = self._first[self._which]
        again = np.flatnonzero(firsts != np.arange(len(firsts)))
        self._vectors[again] = self._vectors[firsts[again]]
        return self._vectors
