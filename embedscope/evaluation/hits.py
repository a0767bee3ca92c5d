"""Where a query's relevant items stand among its nearest, without keeping the rankings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float64, Int64

from embedscope.evaluation.deep_ranks import deep_ranks
from embedscope.neighbors.distances import Points
from embedscope.neighbors.exact import search_exactly
from embedscope.neighbors.neighbors import Metric

MEAN_PRECISION_DEPTH = 5
# Past this, gathering each query's candidates costs more than ranking all points by tiles.
_DEEP = 128
_KEPT_AT_ONCE = 1 << 22


@dataclass(frozen=True, eq=False)
class Hits:
    """What retrieval measures need of each query.

    Parameters
    ----------
    relevant : ndarray of int64, shape (queries,)
        Items of its class in the index, itself left out.
    first : ndarray of int64, shape (queries,)
        Rank of the first of them, from 1; 0: none up to the depth looked at.
    average_precision : ndarray of float64, shape (queries,)
        Average precision at R, R = ``relevant``; NaN where R is 0.
    mean_precision : ndarray of float64, shape (queries,)
        Share of relevant items in the top min(5, R); 0 where R is 0.
    nearest : ndarray of int64, shape (queries,)
        Row of the nearest item in the index; -1 where there is none.
    """

    relevant: Int64[np.ndarray, " queries"]
    first: Int64[np.ndarray, " queries"]
    average_precision: Float64[np.ndarray, " queries"]
    mean_precision: Float64[np.ndarray, " queries"]
    nearest: Int64[np.ndarray, " queries"]

    @classmethod
    def empty(cls, relevant: Int64[np.ndarray, " queries"]) -> Hits:
        """Make the hits of queries that have not been asked.

        Parameters
        ----------
        relevant : ndarray of int64, shape (queries,)
            Items of its class in the index.

        Returns
        -------
        Hits
            To be filled.
        """
        n = len(relevant)
        precision = np.where(relevant > 0, 0.0, np.nan)
        return cls(relevant, np.zeros(n, np.int64), precision, np.zeros(n), np.full(n, -1, np.int64))

    def put(self, rows: Int64[np.ndarray, " rows"], part: Hits) -> None:
        """Fill in some queries.

        Parameters
        ----------
        rows : ndarray of int64, shape (rows,)
            Which.
        part : Hits
            Theirs.
        """
        for name in ("relevant", "first", "average_precision", "mean_precision", "nearest"):
            getattr(self, name)[rows] = getattr(part, name)


@dataclass(frozen=True, eq=False)
class Search:
    """Queries, what they are asked of, and which items of it are relevant.

    Parameters
    ----------
    points : Points
        The index.
    classes : ndarray of int64, shape (items,)
        Class of each of its items; -1: not known, relevant to nobody.
    queries : Points
        The queries.
    wanted : ndarray of int64, shape (queries,)
        Class of each query, from 0.
    own : ndarray of int64, shape (queries,)
        The row of the index that each query is, and that is left out; -1: none.
    metric : {"cosine", "euclidean"}
        The metric.
    """

    points: Points
    classes: Int64[np.ndarray, " items"]
    queries: Points
    wanted: Int64[np.ndarray, " queries"]
    own: Int64[np.ndarray, " queries"]
    metric: Metric

    def relevant(self) -> Int64[np.ndarray, " queries"]:
        """Count the items of each query's class in the index, itself left out.

        Returns
        -------
        ndarray of int64, shape (queries,)
            From 0.
        """
        most = max(self.classes.max(initial=-1), self.wanted.max(initial=-1)) + 1
        counts = np.bincount(self.classes[self.classes >= 0], minlength=most)
        known = self.own >= 0
        itself = np.zeros(len(self.own), np.int64)
        itself[known] = self.classes[self.own[known]] == self.wanted[known]
        others: np.ndarray = counts[self.wanted] - itself
        return others

    def find(self, depth: int) -> Hits:
        """Ask all queries.

        Parameters
        ----------
        depth : int
            Rank up to which the first relevant item is looked for.

        Returns
        -------
        Hits
            Exact.

        Notes
        -----
        A query is ranked as deep as its class is large. Queries of like depth go together, so that one large
        class does not deepen all.
        """
        hits = Hits.empty(self.relevant())
        wanted = np.maximum(hits.relevant, max(depth, MEAN_PRECISION_DEPTH))
        for rows, k in self._blocks(wanted):
            ranked = self._ranked(rows, k)
            hits.put(
                rows,
                _count(self.classes[ranked] == self.wanted[rows, None], hits.relevant[rows], ranked, depth),
            )
        return hits

    def _blocks(
        self, depth: Int64[np.ndarray, " queries"]
    ) -> Iterator[tuple[Int64[np.ndarray, " rows"], int]]:
        """Give queries whose depths have the same power of two, and which are or are not in the index."""
        available = len(self.points) - (self.own >= 0)
        powers = np.ceil(np.log2(np.maximum(depth, 1))).astype(np.int64)
        for power, most in sorted(set(zip(powers.tolist(), available.tolist(), strict=True))):
            rows = np.flatnonzero((powers == power) & (available == most))
            k = min(int(depth[rows].max()), most)
            step = max(1, _KEPT_AT_ONCE // max(k, 1))
            if k:
                yield from ((rows[start : start + step], k) for start in range(0, len(rows), step))

    def _ranked(self, rows: Int64[np.ndarray, " rows"], k: int) -> Int64[np.ndarray, "rows k"]:
        queries, own = self.queries.take(rows), self.own[rows]
        if k > _DEEP:
            return deep_ranks(self.points, queries, k, self.metric, own=own)
        left_out = own if (own >= 0).any() else None
        return search_exactly(self.points, queries, k, self.metric, own=left_out).indices.astype(np.int64)


def _count(
    hit: Bool[np.ndarray, "rows k"],
    relevant: Int64[np.ndarray, " rows"],
    ranked: Int64[np.ndarray, "rows k"],
    depth: int,
) -> Hits:
    rank = np.arange(1, hit.shape[1] + 1)
    early = hit[:, :depth]
    first = np.where(early.any(axis=1), early.argmax(axis=1) + 1, 0)
    counted = hit & (rank <= relevant[:, None])
    precision = (np.cumsum(counted, axis=1) / rank * counted).sum(axis=1)
    top = np.minimum(MEAN_PRECISION_DEPTH, relevant)
    found = (hit & (rank <= top[:, None])).sum(axis=1)
    some = relevant > 0
    average = np.divide(precision, relevant, out=np.full(len(hit), np.nan), where=some)
    mean = np.divide(found, top, out=np.zeros(len(hit)), where=some)
    return Hits(relevant, first.astype(np.int64), average, mean, ranked[:, 0])
