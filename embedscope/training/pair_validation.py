"""What a text embedder is measured by while it trains: each query's document among all of its source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float32, Int64

from embedscope._errors import InputError

_ROWS = 1024


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Pairs to validate on, a row each.

    Parameters
    ----------
    sources : ndarray of int64, shape (pairs,)
        Numbers of their sources.
    queries, documents : ndarray of int64, shape (pairs,)
        Keys: equal texts, or documents that count as one, have equal keys.
    """

    sources: Int64[np.ndarray, " pairs"]
    queries: Int64[np.ndarray, " pairs"]
    documents: Int64[np.ndarray, " pairs"]


def score_pairs(
    queries: Float32[np.ndarray, "pairs dims"],
    documents: Float32[np.ndarray, "pairs dims"],
    held: HeldOut,
    names: Sequence[str],
) -> dict[str, float]:
    """Find each query's document among the documents of its source.

    Parameters
    ----------
    queries, documents : ndarray of float32, shape (pairs, dims)
        Vectors; cosine similarity counts.
    held : HeldOut
        What they are of.
    names : sequence of str
        Of the sources.

    Returns
    -------
    dict of str to float
        ``recall_at_1`` and ``mrr`` (means of the sources), ``recall_at_1/<source>`` and ``mrr/<source>``.
        A document as near as the right one counts as nearer: equal vectors find nothing.

    Raises
    ------
    InputError
        If a vector is not finite.

    Notes
    -----
    Time grows with the square of a source's pairs, in blocks of 1,024 queries.

    Examples
    --------
    >>> held = HeldOut(np.array([0, 0]), np.array([1, 2]), np.array([3, 4]))
    >>> score_pairs(np.eye(2, dtype="f"), np.eye(2, dtype="f"), held, ["qa"])["recall_at_1/qa"]
    1.0
    """
    if not (np.isfinite(queries).all() and np.isfinite(documents).all()):
        raise InputError("The model gives vectors that are not finite: lower the learning rate.")
    found: dict[str, dict[str, float]] = {"recall_at_1": {}, "mrr": {}}
    for number in np.unique(held.sources).tolist():
        rows = np.flatnonzero(held.sources == number)
        ranks = _ranks(
            unit_rows(queries[rows]), unit_rows(documents[rows]), held.queries[rows], held.documents[rows]
        )
        found["recall_at_1"][names[number]] = float((ranks == 1).mean())
        found["mrr"][names[number]] = float((1 / ranks).mean())
    means = {name: float(np.mean(list(values.values()))) if values else 0.0 for name, values in found.items()}
    return means | {f"{name}/{source}": value for name, by in found.items() for source, value in by.items()}


def unit_rows(vectors: Float32[np.ndarray, "items dims"]) -> Float32[np.ndarray, "items dims"]:
    """Give vectors the length one; zeros stay zeros.

    Parameters
    ----------
    vectors : ndarray of float32, shape (items, dims)
        Any.

    Returns
    -------
    ndarray of float32, shape (items, dims)
        In the same directions.
    """
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = np.zeros_like(vectors)
    np.divide(vectors, lengths, out=unit, where=lengths > 0)
    return unit


def _ranks(
    queries: Float32[np.ndarray, "pairs dims"],
    documents: Float32[np.ndarray, "pairs dims"],
    asked: Int64[np.ndarray, " pairs"],
    given: Int64[np.ndarray, " pairs"],
) -> Int64[np.ndarray, " queries"]:
    """Rank of each different query's best right document, from 1."""
    keys, first = np.unique(given, return_index=True)
    candidates = documents[first]
    _, rows, numbers = np.unique(asked, return_index=True, return_inverse=True)
    is_right = np.zeros((len(rows), len(keys)), dtype=bool)
    is_right[numbers, np.searchsorted(keys, given)] = True
    blocks = range(0, len(rows), _ROWS)
    return np.concatenate(
        [_block(queries[rows[at : at + _ROWS]] @ candidates.T, is_right[at : at + _ROWS]) for at in blocks]
    )


def _block(
    similarity: Float32[np.ndarray, "block documents"], is_right: Bool[np.ndarray, "block documents"]
) -> Int64[np.ndarray, " block"]:
    best = np.where(is_right, similarity, -np.inf).max(axis=1, keepdims=True)
    ranks: Int64[np.ndarray, " block"] = 1 + (~is_right & (similarity >= best)).sum(axis=1)
    return ranks
