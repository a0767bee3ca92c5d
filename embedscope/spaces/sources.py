"""Where a space's vectors come from: memory, a file, the store, or another space's vectors."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float32, Int64, Shaped

from embedscope._arrays import normalise_rows
from embedscope._errors import StoreError
from embedscope._hashing import hash_bytes, hash_record
from embedscope.spaces.vector_table import VectorTable


@runtime_checkable
class VectorSource(Protocol):
    """Vectors that are read when they are needed."""

    @property
    def shape(self) -> tuple[int, int]:
        """Items and dims."""
        ...

    @property
    def fingerprint(self) -> str:
        """Hash of what the vectors are made of, row by row."""
        ...

    def read(self, rows: Int64[np.ndarray, " rows"]) -> Float32[np.ndarray, "rows dims"]:
        """Read some rows.

        Parameters
        ----------
        rows : ndarray of int64, shape (rows,)
            From 0, in the order wanted.

        Returns
        -------
        ndarray of float32, shape (rows, dims)
            Their vectors.
        """
        ...

    def read_all(self) -> Float32[np.ndarray, "items dims"]:
        """Read every row.

        Returns
        -------
        ndarray of float32, shape (items, dims)
            All vectors; not to be written to.
        """
        ...


@dataclass(frozen=True, eq=False)
class ArrayVectors:
    """Vectors in memory.

    Parameters
    ----------
    array : ndarray of float32, shape (items, dims)
        The vectors, not copied.

    Examples
    --------
    >>> ArrayVectors(np.ones((2, 3), np.float32)).shape
    (2, 3)
    """

    array: Float32[np.ndarray, "items dims"]

    @property
    def shape(self) -> tuple[int, int]:
        """Items and dims."""
        return self.array.shape[0], self.array.shape[1]

    @cached_property
    def fingerprint(self) -> str:
        """Hash of the numbers."""
        flat = np.ascontiguousarray(self.array).reshape(-1)
        content = hash_bytes(flat.view(np.uint8).data) if flat.size else b""
        return hash_record({"array": content.hex(), "shape": list(self.shape)})

    def read(self, rows: Int64[np.ndarray, " rows"]) -> Float32[np.ndarray, "rows dims"]:
        """Read some rows.

        Parameters
        ----------
        rows : ndarray of int64, shape (rows,)
            From 0.

        Returns
        -------
        ndarray of float32, shape (rows, dims)
            A copy.
        """
        return np.asarray(self.array[rows])

    def read_all(self) -> Float32[np.ndarray, "items dims"]:
        """Give the array.

        Returns
        -------
        ndarray of float32, shape (items, dims)
            The array itself.
        """
        return self.array


@dataclass(frozen=True, eq=False)
class NpyVectors:
    """Vectors in an ``.npy`` file, mapped into memory when they are read.

    Parameters
    ----------
    path : Path
        The file.
    shape : tuple of int
        Items and dims, as the file's owner says.
    fingerprint : str
        Of what the file holds.
    """

    path: Path
    shape: tuple[int, int]
    fingerprint: str

    @cached_property
    def _mapped(self) -> Float32[np.ndarray, "items dims"]:
        remedy = "Save the space again, or take a whole copy of the folder."
        try:
            mapped = np.load(self.path, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise StoreError(f"The vectors in {self.path} cannot be read: {error}. {remedy}") from error
        if mapped.shape != self.shape or mapped.dtype != np.float32:
            raise StoreError(
                f"{self.path} holds {mapped.dtype} of shape {mapped.shape}; "
                f"wanted float32 of {self.shape}. {remedy}"
            )
        return np.asarray(mapped)

    def read(self, rows: Int64[np.ndarray, " rows"]) -> Float32[np.ndarray, "rows dims"]:
        """Read some rows.

        Parameters
        ----------
        rows : ndarray of int64, shape (rows,)
            From 0.

        Returns
        -------
        ndarray of float32, shape (rows, dims)
            A copy.

        Raises
        ------
        StoreError
            If the file is not there, damaged, or not of this shape.
        """
        return np.asarray(self._mapped[rows])

    def read_all(self) -> Float32[np.ndarray, "items dims"]:
        """Map the file.

        Returns
        -------
        ndarray of float32, shape (items, dims)
            Pages are read when they are touched.
        """
        return self._mapped


@dataclass(frozen=True, eq=False)
class StoredVectors:
    """Vectors in the store, found by content hash.

    Parameters
    ----------
    table : VectorTable
        The key's table.
    key : str
        The key's name.
    hashes : ndarray of S16, shape (items,)
        Content hash of each item.
    """

    table: VectorTable
    key: str
    hashes: Shaped[np.ndarray, " items"]

    @property
    def shape(self) -> tuple[int, int]:
        """Items and dims."""
        return len(self.hashes), self.table.width

    @cached_property
    def fingerprint(self) -> str:
        """Hash of the key and of the items' contents, in their order."""
        contents = hash_bytes(np.ascontiguousarray(self.hashes).tobytes())
        return hash_record({"key": self.key, "contents": contents.hex()})

    def read(self, rows: Int64[np.ndarray, " rows"]) -> Float32[np.ndarray, "rows dims"]:
        """Read some rows.

        Parameters
        ----------
        rows : ndarray of int64, shape (rows,)
            From 0.

        Returns
        -------
        ndarray of float32, shape (rows, dims)
            As they were stored, bit for bit.
        """
        return self.table.read(self.hashes[rows])

    def read_all(self) -> Float32[np.ndarray, "items dims"]:
        """Read every row.

        Returns
        -------
        ndarray of float32, shape (items, dims)
            As they were stored, bit for bit.
        """
        return self.table.read(self.hashes)


@dataclass(frozen=True, eq=False)
class TakenVectors:
    """Some rows of other vectors.

    Parameters
    ----------
    base : VectorSource
        The other vectors.
    rows : ndarray of int64, shape (items,)
        Which rows, in the order wanted.
    """

    base: VectorSource
    rows: Int64[np.ndarray, " items"]

    @property
    def shape(self) -> tuple[int, int]:
        """Items and dims."""
        return len(self.rows), self.base.shape[1]

    @cached_property
    def fingerprint(self) -> str:
        """Hash of the other vectors' fingerprint and the rows."""
        return hash_record({"base": self.base.fingerprint, "rows": hash_bytes(self.rows.tobytes()).hex()})

    def read(self, rows: Int64[np.ndarray, " rows"]) -> Float32[np.ndarray, "rows dims"]:
        """Read some rows.

        Parameters
        ----------
        rows : ndarray of int64, shape (rows,)
            From 0.

        Returns
        -------
        ndarray of float32, shape (rows, dims)
            Their vectors.
        """
        return self.base.read(self.rows[rows])

    def read_all(self) -> Float32[np.ndarray, "items dims"]:
        """Read every row.

        Returns
        -------
        ndarray of float32, shape (items, dims)
            The vectors taken.
        """
        return self.base.read(self.rows)


@dataclass(frozen=True, eq=False)
class TruncatedVectors:
    """The first dims of other vectors, each row scaled to length 1.

    Parameters
    ----------
    base : VectorSource
        The other vectors.
    dims : int
        Numbers to keep.
    """

    base: VectorSource
    dims: int

    @property
    def shape(self) -> tuple[int, int]:
        """Items and dims."""
        return self.base.shape[0], self.dims

    @cached_property
    def fingerprint(self) -> str:
        """Hash of the other vectors' fingerprint and the number of dims."""
        return hash_record({"base": self.base.fingerprint, "truncated": self.dims})

    def read(self, rows: Int64[np.ndarray, " rows"]) -> Float32[np.ndarray, "rows dims"]:
        """Read some rows.

        Parameters
        ----------
        rows : ndarray of int64, shape (rows,)
            From 0.

        Returns
        -------
        ndarray of float32, shape (rows, dims)
            Rows of length 1.
        """
        return self._cut(self.base.read(rows))

    def read_all(self) -> Float32[np.ndarray, "items dims"]:
        """Read every row.

        Returns
        -------
        ndarray of float32, shape (items, dims)
            Rows of length 1.
        """
        return self._cut(self.base.read_all())

    def _cut(self, vectors: Float32[np.ndarray, "rows _"]) -> Float32[np.ndarray, "rows dims"]:
        prefix = np.ascontiguousarray(vectors[:, : self.dims])
        return normalise_rows(prefix, name=f"the first {self.dims} dims")
