"""Reranker: an item's neighbours by the first dims of the vectors, again and again, for a slider."""

from __future__ import annotations

from collections import OrderedDict
from threading import RLock

import numpy as np
from jaxtyping import Float32, Int64

from embedscope.comparison.look import Look
from embedscope.comparison.matched import checked_vectors
from embedscope.comparison.prefixes import check_dims, key_error, prefix_keys, prefix_points
from embedscope.items.problems import ItemId
from embedscope.neighbors.distances import Points, candidate_distances
from embedscope.neighbors.exact import check_k
from embedscope.spaces.search_result import SearchResult
from embedscope.spaces.space import Space

# Prefixes that are kept a query: a step then reads at most 1/24 of the vectors.
_EDGES = 24
_SMALLEST_BLOCK = 16
_QUERIES_KEPT = 4
_ROWS = 1024


class Reranker:
    """Neighbours of single items by their first dims, fast enough for a slider.

    The first look at an item costs a product over all vectors, which is kept in parts for prefixes of
    growing length; each step after that reads only the dims from the last such prefix to where the slider
    stands.

    Parameters
    ----------
    space : Space
        Its full vectors.

    Raises
    ------
    InputError
        If vectors are zero under cosine or not finite (the ids are named).

    Notes
    -----
    A first look O(items · dims); a step O(items · dims/24) and the choice of the k nearest. Memory 4 bytes ·
    24 · items a kept query, of which there are four, and once more for the lengths.

    Examples
    --------
    >>> reranker = Reranker(Space.from_arrays({"a": [1, 0, 0], "b": [1, 0, 9], "c": [1, 1, 0]}))
    >>> reranker.neighbors_of("a", dims=2).ids, reranker.neighbors_of("a", dims=3).ids
    (('b', 'c'), ('c', 'b'))
    """

    def __init__(self, space: Space) -> None:
        self.space = space
        self._points = Points.of(checked_vectors(space), space.metric)
        block = max(_SMALLEST_BLOCK, -(-space.dims // _EDGES))
        self._edges = np.arange(0, space.dims + 1, block)
        self._squares: Float32[np.ndarray, "edges items"] | None = None
        self._products: OrderedDict[int, Float32[np.ndarray, "edges items"]] = OrderedDict()
        self._lock = RLock()

    def __repr__(self) -> str:
        return f"Reranker({len(self._points):,} items × {self.space.dims:,} dims, {self.space.metric})"

    def neighbors_of(self, id: ItemId, dims: int, k: int = 10) -> SearchResult:  # noqa: A002 - the word for it
        """Find the items nearest to one of them by the first dims.

        Parameters
        ----------
        id : str or int
            The item.
        dims : int
            Numbers of each vector that count, from 1 to all.
        k : int
            How many; all others where there are not more.

        Returns
        -------
        SearchResult
            As ``space.truncate(dims).neighbors_of(id, k)`` under cosine; under Euclidean of the prefixes as
            they are, not scaled again.

        Raises
        ------
        MissingError
            If there is no such item.
        InputError
            If dims or k is out of range, or the item's own prefix is all zeros under cosine.
        """
        row = int(self.space.items.rows_of([id])[0])
        rows, distances = self.nearest(row, dims, min(k, len(self._points) - 1))
        return SearchResult(
            f"{id!r} by {dims:,} of {self.space.dims:,} dims",
            self.space.items.take(rows),
            distances,
            self.space.metric,
        )

    def nearest(
        self, row: int, dims: int, k: int = 10
    ) -> tuple[Int64[np.ndarray, " k"], Float32[np.ndarray, " k"]]:
        """Find the rows nearest to a row by the first dims.

        Parameters
        ----------
        row : int
            The item.
        dims : int
            Numbers of each vector that count.
        k : int
            How many.

        Returns
        -------
        rows : ndarray of int64, shape (k,)
            Nearest first, ties by index; fewer where other prefixes are all zeros under cosine.
        distances : ndarray of float32, shape (k,)
            Their distances, computed in float64.

        Raises
        ------
        InputError
            If dims or k are out of range, or the row's own prefix is all zeros under cosine.
        """
        n = len(self._points)
        check_dims(dims, self.space.dims)
        check_k(k, n - 1, f"{n:,} items: each has {n - 1:,} others")
        return self.look(row, dims).nearest(k)

    def look(self, row: int, dims: int) -> Look:
        """Look from a row at all others by the first dims.

        Parameters
        ----------
        row : int
            The item.
        dims : int
            Numbers of each vector that count.

        Returns
        -------
        Look
            Its nearest ones, and ranks among all.

        Raises
        ------
        InputError
            If dims are out of range, or the row's own prefix is all zeros under cosine.
        """
        check_dims(dims, self.space.dims)
        metric = self.space.metric
        own = prefix_points(
            self._points,
            np.array([row]),
            dims,
            metric,
            name=f"the first {dims} dims of {self.space.ids[row]!r}",
        )
        products, squares = self._sums(row, dims)
        keys = -prefix_keys(products, squares, metric).astype(np.float64)
        error = key_error(squares, float(own.norms[0]), dims, metric)

        def measure(rows: Int64[np.ndarray, " rows"]) -> Float32[np.ndarray, " rows"]:
            cut = prefix_points(self._points, rows, dims, metric)
            found: np.ndarray = candidate_distances(cut, own, np.arange(len(rows))[None], metric)[0]
            return found

        return Look(row, keys, error, measure)

    def _sums(
        self, row: int, dims: int
    ) -> tuple[Float32[np.ndarray, " items"], Float32[np.ndarray, " items"]]:
        """Give the products with the row's prefix, and the squared lengths."""
        products, squares = self._look(row)
        edge = int(np.searchsorted(self._edges, dims, "right")) - 1
        start = int(self._edges[edge])
        if start == dims:
            return products[edge], squares[edge]
        rest = self._points.vectors[:, start:dims]
        return (
            products[edge] + rest @ self._points.vectors[row, start:dims],
            squares[edge] + np.einsum("ij,ij->i", rest, rest),
        )

    def _look(
        self, row: int
    ) -> tuple[Float32[np.ndarray, "edges items"], Float32[np.ndarray, "edges items"]]:
        """Give the products and squares of all kept prefixes, computed at the first look."""
        with self._lock:
            if self._squares is None:
                self._squares = self._prefix_sums("nbd,nbd->bn", None)
            if row not in self._products:
                self._products[row] = self._prefix_sums("nbd,bd->bn", self._points.vectors[row])
                if len(self._products) > _QUERIES_KEPT:
                    self._products.popitem(last=False)
            self._products.move_to_end(row)
            return self._products[row], self._squares

    def _prefix_sums(
        self, products: str, query: Float32[np.ndarray, " dims"] | None
    ) -> Float32[np.ndarray, "edges items"]:
        """Multiply each block of dims with the query's (or with itself), and add up the blocks."""
        vectors, width, blocks = self._points.vectors, int(self._edges[-1]), len(self._edges) - 1
        sums = np.zeros((blocks + 1, len(vectors)), np.float32)
        if not blocks:
            return sums
        other = None if query is None else query[:width].reshape(blocks, -1)
        for start in range(0, len(vectors), _ROWS):
            rows = vectors[start : start + _ROWS, :width]
            rows = rows.reshape(len(rows), blocks, -1)
            sums[1:, start : start + _ROWS] = np.einsum(products, rows, rows if other is None else other)
        return np.cumsum(sums, axis=0, out=sums)
