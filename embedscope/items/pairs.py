"""Pairs: queries, documents, and which belong together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from jaxtyping import Int64

from embedscope._errors import InputError
from embedscope._table import Table
from embedscope.items.columns import take_rows
from embedscope.items.items import ItemId, Items, Problem
from embedscope.items.leakage import split_matches
from embedscope.items.pairs_from_frame import gather_pairs

_SHOWN = 5


def _no_matches() -> Int64[np.ndarray, "negatives 2"]:
    return np.empty((0, 2), np.int64)


@dataclass(frozen=True, eq=False)
class Pairs:
    """Queries and documents, and which belong together: retrieval, bitext, similarity, training pairs.

    Parameters
    ----------
    queries, documents : Items
        Each with ids of its own.
    matches : ndarray of int64, shape (matches, 2)
        Row of the query, row of the document.
    negatives : ndarray of int64, shape (negatives, 2)
        Hard negatives in the same form: near, and yet not an answer.
    columns : pyarrow.Table
        One row a match (``score``, ``language`` and so on), or no columns.
    problems : tuple of Problem
        Rows of the source that were left out, with the reason.
    name : str
        For titles.

    Raises
    ------
    InputError
        If a row is out of range, or the columns have another length than ``matches``.

    Examples
    --------
    >>> pairs = Pairs.from_frame(pa.table({"query": ["2 + 2?"], "document": ["4"]}))
    >>> len(pairs), pairs.queries.payloads, pairs.documents.payloads
    (1, ('2 + 2?',), ('4',))
    """

    queries: Items
    documents: Items
    matches: Int64[np.ndarray, "matches 2"]
    negatives: Int64[np.ndarray, "negatives 2"] = field(default_factory=_no_matches)
    columns: pa.Table = field(default_factory=lambda: pa.table({}))
    problems: tuple[Problem, ...] = ()
    name: str = "pairs"

    def __post_init__(self) -> None:
        for kind, rows in (("match", self.matches), ("negative", self.negatives)):
            for side, items, place in (("query", self.queries, 0), ("document", self.documents, 1)):
                column = rows[:, place]
                if column.size and (column.min() < 0 or column.max() >= len(items)):
                    raise InputError(f"A {kind} names {side} row {column.max()}; there are {len(items)}.")
        if self.columns.num_columns and self.columns.num_rows != len(self.matches):
            raise InputError(f"{self.columns.num_rows} rows of columns came for {len(self.matches)} matches.")

    @classmethod
    def from_ids(
        cls,
        queries: Items,
        documents: Items,
        matches: Iterable[tuple[ItemId, ItemId]],
        *,
        negatives: Iterable[tuple[ItemId, ItemId]] = (),
        name: str = "pairs",
    ) -> Pairs:
        """Make pairs of two sets of items by their ids.

        Parameters
        ----------
        queries, documents : Items
            The two sides.
        matches : iterable of (query id, document id)
            What belongs together.
        negatives : iterable of (query id, document id)
            Hard negatives.
        name : str
            For titles.

        Returns
        -------
        Pairs
            The matches in the order given.

        Raises
        ------
        MissingError
            If an id is not there.

        Examples
        --------
        >>> sides = Items.from_texts(["a"], ids=["q"]), Items.from_texts(["b"], ids=["d"])
        >>> Pairs.from_ids(*sides, [("q", "d")]).matches.tolist()
        [[0, 0]]
        """

        def rows(pairs: Iterable[tuple[ItemId, ItemId]]) -> Int64[np.ndarray, "rows 2"]:
            listed = list(pairs)
            left, right = [one for one, _ in listed], [other for _, other in listed]
            return np.stack([queries.rows_of(left), documents.rows_of(right)], axis=1)

        return cls(queries, documents, rows(matches), rows(negatives), name=name)

    @classmethod
    def from_frame(
        cls,
        frame: Any,
        *,
        query: str = "query",
        document: str = "document",
        negative: str | None = None,
        name: str = "pairs",
        on_error: str = "skip",
    ) -> Pairs:
        """Make pairs of a frame with a query and a document a row.

        Parameters
        ----------
        frame : data frame
            Whatever narwhals reads.
        query, document : str
            The columns of the two texts. Equal texts of a column become one item.
        negative : str, optional
            The column of a hard negative: a text, a list of texts, or nothing.
        name : str
            For titles.
        on_error : {"raise", "skip"}
            What happens to a row whose query or document cannot be used.

        Returns
        -------
        Pairs
            Ids ``q0``, ``d0`` and so on, by the row in which the text comes first; the other columns are
            kept, one row a match.

        Raises
        ------
        MissingError
            If a column is not there.
        InputError
            If a row cannot be used and ``on_error`` is "raise".

        Examples
        --------
        >>> frame = pa.table({"q": ["one", "one"], "d": ["1", "eins"]})
        >>> Pairs.from_frame(frame, query="q", document="d").matches.tolist()
        [[0, 0], [0, 1]]
        """
        found = gather_pairs(frame, query, document, negative, on_error)
        return cls(
            found.queries,
            found.documents,
            found.matches,
            found.negatives,
            found.columns,
            found.problems,
            name,
        )

    def __len__(self) -> int:
        return len(self.matches)

    def take(self, rows: Any) -> Pairs:
        """Take matches by row, with the queries and documents that they need.

        Parameters
        ----------
        rows : ndarray of int, shape (taken,)
            Rows of ``matches``.

        Returns
        -------
        Pairs
            A document that only hard negatives name stays with their queries; one that nothing names goes.

        Examples
        --------
        >>> frame = pa.table({"query": ["a", "b"], "document": ["1", "2"]})
        >>> Pairs.from_frame(frame).take([1]).documents.payloads
        ('2',)
        """
        chosen = np.asarray(rows, np.int64)
        negatives = self.negatives[np.isin(self.negatives[:, 0], self.matches[chosen, 0])]
        return self._cut(chosen, negatives, np.empty(0, np.int64))

    def sample(self, n: int, seed: int = 0) -> Pairs:
        """Draw matches at random, without repetition, and keep their order.

        Parameters
        ----------
        n : int
            How many; all of them if there are not more.
        seed : int
            The same seed draws the same matches.

        Returns
        -------
        Pairs
            ``min(n, len(self))`` matches.

        Examples
        --------
        >>> frame = pa.table({"query": ["a", "b"], "document": ["1", "2"]})
        >>> len(Pairs.from_frame(frame).sample(1))
        1
        """
        if n < 0:
            raise InputError(f"n must be 0 or more; got {n}.")
        if n >= len(self):
            return self
        return self.take(np.sort(np.random.default_rng(seed).choice(len(self), n, replace=False)))

    def split(self, fraction: float = 0.8, seed: int = 0) -> tuple[Pairs, Pairs]:
        """Split into two parts that share no query and no document, by content.

        Parameters
        ----------
        fraction : float
            Share of the matches that the first part gets, between 0 and 1; it gets more where many matches
            hang together.
        seed : int
            The same seed splits the same way.

        Returns
        -------
        first, second : Pairs
            For example to train and to test. Documents without a match go to the second; a hard negative
            whose document belongs to the other part is left out.

        Raises
        ------
        InputError
            If ``fraction`` is not between 0 and 1, or all matches hang together.

        Notes
        -----
        Matches that share a query or a document, directly or through others, form a group; equal content
        counts as the same, on either side. Groups are drawn at random. Time is linear in the matches.

        Examples
        --------
        >>> frame = pa.table({"query": list("abcd"), "document": list("1234")})
        >>> [len(part) for part in Pairs.from_frame(frame).split(0.5)]
        [2, 2]
        """
        if not 0 < fraction < 1:
            raise InputError(f"fraction must lie between 0 and 1; got {fraction}.")
        codes = self._content_codes()
        nodes = np.stack([codes[0][self.matches[:, 0]], codes[1][self.matches[:, 1]]], axis=1)
        in_first = split_matches(nodes, fraction, seed)
        owned = [np.unique(nodes[side]) for side in (in_first, ~in_first)]
        spare = np.setdiff1d(np.arange(len(self.documents)), self.matches[:, 1])
        spare = spare[~np.isin(codes[1][spare], owned[0])]
        parts = []
        for mine, theirs, extra in ((in_first, owned[1], spare[:0]), (~in_first, owned[0], spare)):
            rows = np.flatnonzero(mine)
            asked = np.isin(self.negatives[:, 0], self.matches[rows, 0])
            clean = ~np.isin(codes[1][self.negatives[:, 1]], theirs)
            parts.append(self._cut(rows, self.negatives[asked & clean], extra))
        return parts[0], parts[1]

    def _content_codes(self) -> tuple[Int64[np.ndarray, " queries"], Int64[np.ndarray, " documents"]]:
        """Give both sides' contents numbers: equal content has one number."""
        known: dict[bytes, int] = {}

        def number(items: Items) -> Int64[np.ndarray, " items"]:
            hashes = (items.content_hash(row) for row in range(len(items)))
            return np.fromiter((known.setdefault(one, len(known)) for one in hashes), np.int64, len(items))

        return number(self.queries), number(self.documents)

    def _cut(
        self,
        rows: Int64[np.ndarray, " rows"],
        negatives: Int64[np.ndarray, "negatives 2"],
        spare: Int64[np.ndarray, " spare"],
    ) -> Pairs:
        matches = self.matches[rows]
        asked = np.unique(matches[:, 0])
        given = np.unique(np.concatenate([matches[:, 1], negatives[:, 1], spare]))

        def renumber(pairs: Int64[np.ndarray, "rows 2"]) -> Int64[np.ndarray, "rows 2"]:
            return np.stack(
                [np.searchsorted(asked, pairs[:, 0]), np.searchsorted(given, pairs[:, 1])], axis=1
            ).astype(np.int64)

        return Pairs(
            self.queries.take(asked),
            self.documents.take(given),
            renumber(matches),
            renumber(negatives),
            take_rows(self.columns, rows),
            self.problems,
            self.name,
        )

    def _table(self) -> Table:
        names = self.columns.column_names
        rows = [
            (
                self.queries.snippet(int(query), 50),
                self.documents.snippet(int(document), 50),
                *(self.columns[name][place].as_py() for name in names),
            )
            for place, (query, document) in enumerate(self.matches[:_SHOWN])
        ]
        counts = f"{len(self.queries):,} queries · {len(self.documents):,} documents"
        heads = [head if head not in names else f"{head} " for head in ("query", "document")]
        return Table((*heads, *names), rows, f"{self.name}: {len(self):,} matches · {counts}")

    def __repr__(self) -> str:
        return repr(self._table())

    def _repr_html_(self) -> str:
        return self._table()._repr_html_()
