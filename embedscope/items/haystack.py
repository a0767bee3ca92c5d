"""Find the items that hold some words: in their texts, ids and columns of texts."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from jaxtyping import Bool, UInt32

from embedscope.items.frame import as_utf8, is_bare
from embedscope.items.items import Items

_ROWS = 65_536
_KEPT_BYTES = 512 << 20
_SHOWN_COLUMNS = 3


class Haystack:
    """The items' texts without regard to case, made at the first search and kept while they fit.

    Texts are searched where the items are texts, else their ids; columns of texts are searched always.

    Parameters
    ----------
    items : Items
        What is searched.
    kept_bytes : int
        Most memory to keep between searches; what is beyond is made again for each.

    Notes
    -----
    Case is folded as Unicode says ("Straße" holds "STRASSE"). Memory: one copy of the texts, up to
    ``kept_bytes``. Safe to use from several threads.

    Examples
    --------
    >>> items = Items.from_texts(["Straße", "a cat"], columns={"label": ["road", "Catkin"]})
    >>> Haystack(items).rows_with("cat").tolist(), Haystack(items).rows_with("STRASSE").tolist()
    ([1], [0])
    """

    def __init__(self, items: Items, kept_bytes: int = _KEPT_BYTES) -> None:
        self._items = items
        self._bare = is_bare(items) or items.modality == "image"
        self._columns = [str(f.name) for f in items.columns.schema if is_text(f.type)]
        self._room = kept_bytes
        self._kept: dict[int, list[pa.Array]] = {}
        self._lock = threading.Lock()

    @property
    def where(self) -> str:
        """What is searched, in words."""
        shown = ["ids" if self._bare else "texts", *self._columns[:_SHOWN_COLUMNS]]
        more = len(self._columns) - _SHOWN_COLUMNS
        return ", ".join(shown) + (f" and {more} more columns" if more > 0 else "")

    def rows_with(self, words: str) -> UInt32[np.ndarray, " found"]:
        """Find the items that hold some words.

        Parameters
        ----------
        words : str
            One phrase, as typed; none of its characters means anything special.

        Returns
        -------
        ndarray of uint32, shape (found,)
            Rows in order; none for no words.
        """
        needle = (as_utf8(words) or "").casefold()
        if not needle.strip():
            return np.empty(0, np.uint32)
        found = [np.flatnonzero(mask) + start for start, mask in self._masks(needle)]
        return np.concatenate([np.empty(0, np.int64), *found]).astype(np.uint32)

    def _masks(self, needle: str) -> Iterator[tuple[int, Bool[np.ndarray, " rows"]]]:
        for start in range(0, len(self._items), _ROWS):
            parts = [holds(part, needle) for part in self._parts(start)]
            yield start, np.logical_or.reduce(parts)

    def _parts(self, start: int) -> list[pa.Array]:
        """Give the folded texts of some rows: one array for the content and one for each column."""
        kept = self._kept.get(start)
        if kept is not None:
            return kept
        stop = min(start + _ROWS, len(self._items))
        columns = [self._items.columns.column(name).slice(start, stop - start) for name in self._columns]
        parts = [self._contents(start, stop), *(fold(plain_texts(column)) for column in columns)]
        size = sum(part.nbytes for part in parts)
        with self._lock:
            if size <= self._room and start not in self._kept:
                self._room -= size
                self._kept[start] = parts
        return parts

    def _contents(self, start: int, stop: int) -> pa.Array:
        source: Any = self._items.ids if self._bare else self._items.payloads
        return fold(texts_array(source[start:stop]))


def holds(texts: pa.Array, needle: str) -> Bool[np.ndarray, " rows"]:
    """Tell which folded texts hold a folded phrase.

    Parameters
    ----------
    texts : pyarrow.Array of large_string
        As `fold` gives them.
    needle : str
        A folded phrase.

    Returns
    -------
    ndarray of bool, shape (rows,)
        False where a text is missing.

    Examples
    --------
    >>> holds(fold(pa.array(["A cat", None])), "cat").tolist()
    [True, False]
    """
    found = pc.fill_null(pc.match_substring(texts, needle), False)
    return np.asarray(found.to_numpy(zero_copy_only=False), np.bool_)


def is_text(kind: pa.DataType) -> bool:
    """Tell whether a column holds texts.

    Parameters
    ----------
    kind : pyarrow.DataType
        The column's type.

    Returns
    -------
    bool
        True for texts of every Arrow type, and for categories that are texts.

    Examples
    --------
    >>> is_text(pa.string()), is_text(pa.int8())
    (True, False)
    """
    inner = kind.value_type if pa.types.is_dictionary(kind) else kind
    kinds = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
    return any(is_kind(inner) for is_kind in kinds)


def texts_array(values: Any) -> pa.Array:
    """Make an Arrow array of texts or ids.

    Parameters
    ----------
    values : sequence of str, of int, or None
        What the items hold.

    Returns
    -------
    pyarrow.Array of large_string
        The same; a lone surrogate becomes a question mark.

    Examples
    --------
    >>> texts_array(["a", 3, None]).to_pylist()
    ['a', '3', None]
    """
    texts = [value if value is None or isinstance(value, str) else str(value) for value in values]
    try:
        return pa.array(texts, pa.large_string())
    except UnicodeEncodeError:
        return pa.array([as_utf8(text) for text in texts], pa.large_string())


def plain_texts(column: pa.ChunkedArray) -> pa.Array:
    """Make one array of a column of texts, whatever Arrow keeps it as.

    Parameters
    ----------
    column : pyarrow.ChunkedArray
        Texts or categories.

    Returns
    -------
    pyarrow.Array of large_string
        The same.
    """
    whole = column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
    return pa.concat_arrays(whole.cast(pa.large_string()).chunks or [pa.array([], pa.large_string())])


def fold(texts: pa.Array) -> pa.Array:
    """Fold the case of texts.

    Parameters
    ----------
    texts : pyarrow.Array of texts
        Any.

    Returns
    -------
    pyarrow.Array of large_string
        As ``str.casefold`` makes each.

    Examples
    --------
    >>> fold(pa.array(["Straße", None])).to_pylist()
    ['strasse', None]
    """
    large = texts.cast(pa.large_string())
    # ASCII folds at the speed of C; only where there is more does Python look at each text.
    if pc.all(pc.string_is_ascii(large)).as_py() is not False:
        return pc.ascii_lower(large)
    folded = [None if text is None else text.casefold() for text in large.to_pylist()]
    return pa.array(folded, pa.large_string())
