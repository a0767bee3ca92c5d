"""Which contents are encoded together: fixed chunks, the same whenever the same work is left."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Int64, Shaped

from embedscope.items.items import Items
from embedscope.spaces.hash_index import as_hashes


def content_hashes(items: Items) -> Shaped[np.ndarray, " items"]:
    """Hash every item's content.

    Parameters
    ----------
    items : Items
        Items with payloads.

    Returns
    -------
    ndarray of S16, shape (items,)
        One hash an item; reads every image once.

    Examples
    --------
    >>> len(set(content_hashes(Items.from_texts(["a", "a", "b"])).tolist()))
    2
    """
    return as_hashes(items.content_hash(row) for row in range(len(items)))


def plan_chunks(
    items: Items, rows: Int64[np.ndarray, " rows"], missing: Bool[np.ndarray, " rows"], size: int
) -> list[Int64[np.ndarray, " _"]]:
    """Cut the contents that are missing into chunks, longest texts first.

    Parameters
    ----------
    items : Items
        All items.
    rows : ndarray of int64, shape (rows,)
        One row for each distinct content, in the order of the content hashes.
    missing : ndarray of bool, shape (rows,)
        Which of them have no vector yet.
    size : int
        Contents a chunk.

    Returns
    -------
    list of ndarray of int64
        Rows of each chunk.

    Notes
    -----
    The order (length, then hash) and the cuts depend on nothing but the set of missing contents. Chunks are
    finished in this order, so what a killed run leaves over is cut as it would have been cut. Longest first:
    memory that does not suffice shows at once, and the remaining time is not promised too short.

    Examples
    --------
    >>> items = Items.from_texts(["a", "bbb", "cc"])
    >>> plan_chunks(items, np.arange(3), np.array([True, True, True]), 2)
    [array([1, 2]), array([0])]
    """
    left = rows[missing]
    lengths = np.array([_length(items, int(row)) for row in left], dtype=np.int64)
    ordered = left[np.argsort(-lengths, kind="stable")]
    return [ordered[start : start + size] for start in range(0, len(ordered), size)]


def _length(items: Items, row: int) -> int:
    payload = items.payloads[row]
    return len(payload) if isinstance(payload, str) else 0
