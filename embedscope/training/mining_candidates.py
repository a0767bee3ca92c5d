"""What a first model finds for each query, and what is known to belong to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float32, Float64, Int64

from embedscope._arrays import as_vectors, row_norms
from embedscope._errors import InputError
from embedscope._progress import progress_bar
from embedscope.items.items import Items
from embedscope.items.pairs import Pairs
from embedscope.neighbors import query_neighbors
from embedscope.spaces.encode import encode

_SEARCHED_AT_ONCE = 4096


@dataclass(frozen=True, eq=False)
class Candidates:
    """The documents nearest to each query, nearest first, ties by row.

    Parameters
    ----------
    queries : ndarray of int64, shape (queries,)
        Rows of the queries that have a match.
    documents : ndarray of int64, shape (queries, k)
        Rows of the documents.
    similarities : ndarray of float32, shape (queries, k)
        Cosine similarities.
    weakest : ndarray of float64, shape (queries,)
        Cosine similarity of the query's farthest positive.
    """

    queries: Int64[np.ndarray, " queries"]
    documents: Int64[np.ndarray, "queries k"]
    similarities: Float32[np.ndarray, "queries k"]
    weakest: Float64[np.ndarray, " queries"]


def known_positives(pairs: Pairs) -> dict[int, Int64[np.ndarray, " positives"]]:
    """List the documents that belong to each query, or to a query of the same content.

    Parameters
    ----------
    pairs : Pairs
        Any.

    Returns
    -------
    dict of int to ndarray of int64
        Row of the query to rows of its documents, ascending; queries with a match alone.

    Examples
    --------
    >>> same = Items.from_texts(["q", "q"]), Items.from_texts(["a", "b"])
    >>> known_positives(Pairs(*same, np.array([[0, 0], [1, 1]])))[0].tolist()
    [0, 1]
    """
    by_content: dict[bytes, set[int]] = {}
    asked = np.unique(pairs.matches[:, 0]).tolist()
    content = {query: pairs.queries.content_hash(query) for query in asked}
    for query, document in pairs.matches.tolist():
        by_content.setdefault(content[query], set()).add(document)
    return {query: np.array(sorted(by_content[content[query]]), np.int64) for query in asked}


def find_candidates(
    pairs: Pairs, first_model: Any, top_k: int, positives: dict[int, Int64[np.ndarray, " positives"]]
) -> Candidates:
    """Find the documents nearest to each query that has a match, exactly.

    Parameters
    ----------
    pairs : Pairs
        Queries and documents.
    first_model : encoder, name of one, or (query vectors, document vectors)
        Vectors, or what makes them; spaces will do as vectors.
    top_k : int
        Documents a query; all, where there are not more.
    positives : dict of int to ndarray of int64
        From `known_positives`.

    Returns
    -------
    Candidates
        With the positives among them.

    Raises
    ------
    InputError
        If vectors are not as many as items or of different dims, or not finite, or ``top_k`` is less than 1.

    Notes
    -----
    Time O(queries · documents · dims); beside the vectors and the result, memory does not grow
    with the queries.
    """
    if top_k < 1:
        raise InputError(f"top_k must be 1 or more; got {top_k}.")
    asking, given = _vectors(pairs, first_model)
    queries = np.array(list(positives), np.int64)
    k = min(top_k, len(given))
    documents, similarities = np.empty((len(queries), k), np.int64), np.empty((len(queries), k), np.float32)
    with progress_bar(len(queries), "searching", "query") as bar:
        for start in range(0, len(queries), _SEARCHED_AT_ONCE):
            part = slice(start, start + _SEARCHED_AT_ONCE)
            found = query_neighbors(given, asking[queries[part]], k)
            documents[part], similarities[part] = found.indices, 1.0 - found.distances
            bar.update(len(found))
    return Candidates(queries, documents, similarities, _weakest(asking, given, positives))


def _vectors(
    pairs: Pairs, first_model: Any
) -> tuple[Float32[np.ndarray, "queries dims"], Float32[np.ndarray, "documents dims"]]:
    if isinstance(first_model, tuple | list):
        if len(first_model) != 2:
            raise InputError(
                f"{len(first_model)} sets of vectors came; wanted (query vectors, document vectors)."
            )
        made: Sequence[Any] = [getattr(given, "vectors", given) for given in first_model]
    else:
        made = [
            encode(pairs.queries, first_model, role="query").vectors,
            encode(pairs.documents, first_model, role="document").vectors,
        ]
    queries = _checked(made[0], pairs.queries, "query vectors")
    documents = _checked(made[1], pairs.documents, "document vectors")
    if queries.shape[1] != documents.shape[1]:
        raise InputError(
            f"The queries have {queries.shape[1]:,} dims and the documents {documents.shape[1]:,}: both must "
            "come from the same encoder, with the same dims."
        )
    return queries, documents


def _checked(vectors: Any, items: Items, name: str) -> Float32[np.ndarray, "items dims"]:
    checked = as_vectors(vectors, name=name)
    if len(checked) != len(items):
        raise InputError(
            f"{len(checked):,} {name} came for {len(items):,} items of {items.name!r}; wanted one an item, "
            "in their order."
        )
    return checked


def _weakest(
    asking: Float32[np.ndarray, "queries dims"],
    given: Float32[np.ndarray, "documents dims"],
    positives: dict[int, Int64[np.ndarray, " positives"]],
) -> Float64[np.ndarray, " asked"]:
    weakest = np.empty(len(positives), np.float64)
    for place, (query, documents) in enumerate(positives.items()):
        vectors = given[documents]
        products = vectors.astype(np.float64) @ asking[query].astype(np.float64)
        lengths = row_norms(vectors) * row_norms(asking[query][None])[0]
        weakest[place] = (products / lengths).min()
    return weakest
