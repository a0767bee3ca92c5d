"""Content hashes of a table's rows, and where each one stands first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pyarrow as pa
from jaxtyping import Int64, Shaped

from embedscope._hashing import HASH_BYTES

# numpy compares "S16" as bytes padded with zeros; all hashes are 16 long, so equal means equal.
HASH_DTYPE = np.dtype(f"S{HASH_BYTES}")


def as_hashes(hashes: Iterable[bytes]) -> Shaped[np.ndarray, " items"]:
    """Put hashes into one array.

    Parameters
    ----------
    hashes : iterable of bytes
        16 bytes each.

    Returns
    -------
    ndarray of S16, shape (items,)
        The same hashes.

    Examples
    --------
    >>> as_hashes([b"a" * 16, b"b" * 16]).dtype
    dtype('S16')
    """
    return np.frombuffer(b"".join(hashes), dtype=HASH_DTYPE)


def hashes_of(column: pa.Array) -> Shaped[np.ndarray, " rows"]:
    """View a fixed-size binary column as numpy hashes, without a copy.

    Parameters
    ----------
    column : pyarrow.FixedSizeBinaryArray
        Hashes, none missing.

    Returns
    -------
    ndarray of S16, shape (rows,)
        The column's values.

    Examples
    --------
    >>> hashes_of(pa.array([b"a" * 16], pa.binary(16)))
    array([b'aaaaaaaaaaaaaaaa'], dtype='|S16')
    """
    values = np.frombuffer(column.buffers()[1], dtype=HASH_DTYPE, count=column.offset + len(column))
    return values[column.offset :]


class HashIndex:
    """Finds rows by content hash; of equal hashes the first row wins.

    Parameters
    ----------
    parts : sequence of ndarray of S16
        Hashes in the order of the rows.

    Notes
    -----
    O(rows · log rows) once, O(log rows) a look-up; 24 bytes a row.

    Examples
    --------
    >>> index = HashIndex([as_hashes([b"b" * 16, b"a" * 16]), as_hashes([b"b" * 16])])
    >>> index.find(as_hashes([b"a" * 16, b"b" * 16, b"c" * 16])).tolist()
    [1, 0, -1]
    """

    def __init__(self, parts: Sequence[Shaped[np.ndarray, " _"]]) -> None:
        hashes = np.concatenate(parts) if parts else np.empty(0, HASH_DTYPE)
        self._rows = np.argsort(hashes, kind="stable")
        self._sorted = hashes[self._rows]

    def __len__(self) -> int:
        return len(self._sorted)

    def find(self, hashes: Shaped[np.ndarray, " items"]) -> Int64[np.ndarray, " items"]:
        """Find the first row of each hash.

        Parameters
        ----------
        hashes : ndarray of S16, shape (items,)
            What is looked for.

        Returns
        -------
        ndarray of int64, shape (items,)
            Rows from 0; -1 where there is none.
        """
        if not len(self):
            return np.full(len(hashes), -1, dtype=np.int64)
        place = np.minimum(np.searchsorted(self._sorted, hashes, side="left"), len(self) - 1)
        return np.where(self._sorted[place] == hashes, self._rows[place], -1).astype(np.int64)
