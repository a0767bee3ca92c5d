"""PairRows: pairs as rows of texts that are tokenised once, with the keys that tell equal ones.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from jaxtyping import Bool, Int64
from sentence_transformers import SentenceTransformer

from embedscope.training.pair_data import text_keys
from embedscope.training.pair_validation import HeldOut
from embedscope.training.text_student import Texts


@dataclass(frozen=True, eq=False)
class Drawn:
    """A batch of pairs as places among its own different texts.

    Parameters
    ----------
    texts : ndarray of int64, shape (texts,)
        Rows of `PairRows.texts`, each text once, short ones first.
    queries, documents : ndarray of int64, shape (pairs,)
        Places in ``texts``.
    negatives : ndarray of int64, shape (pairs, negatives)
        Places in ``texts``; a query with fewer has its own document in their place.
    present : ndarray of bool, shape (pairs, negatives)
        Where there is one.
    query_keys, document_keys : ndarray of int64, shape (pairs,)
        Equal where the texts are, or count as one.
    negative_keys : ndarray of int64, shape (pairs, negatives)
        The same.
    """

    texts: Int64[np.ndarray, " texts"]
    queries: Int64[np.ndarray, " pairs"]
    documents: Int64[np.ndarray, " pairs"]
    negatives: Int64[np.ndarray, "pairs negatives"]
    present: Bool[np.ndarray, "pairs negatives"]
    query_keys: Int64[np.ndarray, " pairs"]
    document_keys: Int64[np.ndarray, " pairs"]
    negative_keys: Int64[np.ndarray, "pairs negatives"]


class PairRows:
    """Pairs whose texts are tokens.

    Parameters
    ----------
    table : pyarrow.Table
        A part of `PairData`.
    prompts : sequence of str
        What goes before the queries of each source.
    model : SentenceTransformer
        Whose tokenizer cuts them.

    Attributes
    ----------
    texts : Texts
        All queries, documents and negatives.
    sources : ndarray of int64, shape (pairs,)
        Numbers of the sources.
    """

    def __init__(self, table: pa.Table, prompts: Sequence[str], model: SentenceTransformer) -> None:
        columns = table.to_pydict()
        self.sources = np.array(columns["source"], dtype=np.int64)
        queries = [
            prompts[source] + text for source, text in zip(columns["source"], columns["query"], strict=True)
        ]
        documents: list[str] = columns["document"]
        keys = [
            text if key is None else f"label {key}"
            for text, key in zip(documents, columns["key"], strict=True)
        ]
        self._query_keys, self._document_keys = text_keys(queries), text_keys(keys)
        key_of = dict(zip(documents, self._document_keys.tolist(), strict=True))
        right: dict[int, set[int]] = {}
        for query, document in zip(self._query_keys.tolist(), self._document_keys.tolist(), strict=True):
            right.setdefault(query, set()).add(document)
        named = [_keyed(texts, key_of) for texts in columns["negatives"]]
        # What answers the query elsewhere is no negative of it.
        self._negatives = [
            [(text, key) for text, key in row if key not in right[query]]
            for row, query in zip(named, self._query_keys.tolist(), strict=True)
        ]
        count = len(queries)
        self.texts = Texts(
            model, [*queries, *documents, *(text for row in self._negatives for text, _ in row)]
        )
        ends = np.cumsum([len(row) for row in self._negatives], dtype=np.int64)
        self._first = 2 * count + np.concatenate([np.zeros(1, np.int64), ends[:-1]]) if count else ends

    def __len__(self) -> int:
        return len(self.sources)

    @property
    def held_out(self) -> HeldOut:
        """What a validation needs of them."""
        return HeldOut(self.sources, self._query_keys, self._document_keys)

    def draw(self, rows: Int64[np.ndarray, " pairs"], negatives: int) -> Drawn:
        """Give a batch.

        Parameters
        ----------
        rows : ndarray of int64, shape (pairs,)
            Which pairs.
        negatives : int
            Most hard negatives of a query.

        Returns
        -------
        Drawn
            With as many columns of negatives as the query with most of them fills.
        """
        count = len(self)
        most = min(negatives, max((len(self._negatives[row]) for row in rows.tolist()), default=0))
        named = np.empty((len(rows), most), dtype=np.int64)
        keys = np.empty((len(rows), most), dtype=np.int64)
        present = np.zeros((len(rows), most), dtype=bool)
        for place, row in enumerate(rows.tolist()):
            own = self._negatives[row][:most]
            named[place], keys[place] = count + row, self._document_keys[row]
            named[place, : len(own)] = self._first[row] + np.arange(len(own))
            present[place, : len(own)] = True
            keys[place, : len(own)] = [key for _, key in own]
        wanted = self.texts.rows[np.concatenate([rows, count + rows, named.ravel()])]
        _, first, places = np.unique(wanted, return_index=True, return_inverse=True)
        texts = np.concatenate([rows, count + rows, named.ravel()])[first]
        order = np.argsort(self.texts.lengths(texts), kind="stable")
        rank = np.empty_like(order)
        rank[order] = np.arange(len(order))
        query, document, negative = np.split(rank[places], [len(rows), 2 * len(rows)])
        return Drawn(
            texts[order],
            query,
            document,
            negative.reshape(named.shape),
            present,
            self._query_keys[rows],
            self._document_keys[rows],
            keys,
        )


def _keyed(texts: Sequence[str], key_of: dict[str, int]) -> list[tuple[str, int]]:
    own = text_keys(list(texts)).tolist()
    return [(text, key_of.get(text, key)) for text, key in zip(texts, own, strict=True)]
