"""One table of the store: rows of (content hash, vector), appended a chunk at a time."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
from jaxtyping import Bool, Float32, Int64, Shaped

from embedscope._errors import StoreError
from embedscope._hashing import HASH_BYTES
from embedscope.items.warn import warn
from embedscope.spaces.hash_index import HashIndex, hashes_of

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

        Notes
        -----
        One pass over the table if many rows are asked for, else the rows alone: 200,000 × 384 take about half
        a second. Memory: the result and a batch.
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
        distinct, first, which = np.unique(hashes, return_index=True, return_inverse=True)
        vectors = np.empty((len(hashes), self._width), dtype=np.float32)
        # Rows are only ever appended or joined, so the rows known from before are tried first.
        tries = [] if self._index is None else [self._index]
        for index in [*tries, None]:
            known = self._look_up_anew() if index is None else index
            rows = known.find(distinct)
            if (rows >= 0).all() and self._fill(vectors, first, distinct, rows, len(known)):
                again = np.flatnonzero(first[which] != np.arange(len(hashes)))
                vectors[again] = vectors[first[which[again]]]
                return vectors
        raise self._gone(int((rows < 0).sum()), len(distinct))

    def _fill(
        self,
        vectors: Float32[np.ndarray, "items dims"],
        places: Int64[np.ndarray, " rows"],
        hashes: Shaped[np.ndarray, " rows"],
        rows: Int64[np.ndarray, " rows"],
        total: int,
    ) -> bool:
        """Put the vectors of some rows in their places; False where a row holds another content."""
        order = np.argsort(rows)
        rows, places, hashes = rows[order], places[order], hashes[order]
        filled = 0
        for contents, values in self._pieces(rows, total):
            piece = slice(filled, filled + len(contents))
            if not np.array_equal(contents, hashes[piece]):
                return False
            vectors[places[piece]] = values
            filled += len(contents)
        return filled == len(rows)

    def _pieces(
        self, rows: Int64[np.ndarray, " rows"], total: int
    ) -> Iterator[tuple[Shaped[np.ndarray, " piece"], Float32[np.ndarray, "piece dims"]]]:
        """Read rows, given in rising order, a piece at a time."""
        if len(rows) < _SHARE_FOR_A_PASS * total:
            for start in range(0, len(rows), _ROWS_AT_ONCE):
                chosen = self._table.take_offsets(rows[start : start + _ROWS_AT_ONCE].tolist())
                for batch in chosen.select(["hash", "vector"]).to_arrow().to_batches():
                    yield hashes_of(batch.column("hash")), _matrix(batch)
            return
        start = 0
        for batch in self._table.search().select(["hash", "vector"]).to_batches():
            first, last = np.searchsorted(rows, [start, start + len(batch)])
            inside = rows[first:last] - start
            yield hashes_of(batch.column("hash"))[inside], _matrix(batch)[inside]
            start += len(batch)

    def _gone(self, gone: int, total: int) -> StoreError:
        what = (
            f"{gone:,} of {total:,} vectors are not in the store {self._where} any more: it was deleted "
            "or emptied since."
            if gone
            else f"The store {self._where} was changed while it was read."
        )
        return StoreError(f"{what} Run the same encode again.")


def _matrix(batch: pa.RecordBatch) -> Float32[np.ndarray, "rows dims"]:
    column = batch.column("vector")
    return np.asarray(column.flatten().to_numpy(zero_copy_only=True)).reshape(
        len(batch), column.type.list_size
    )
