"""Search keys: what one float32 matrix product gives, larger for nearer, and how far off it can be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Float64

from embedscope._arrays import normalise_rows, row_norms
from embedscope.neighbors.distances import Points
from embedscope.neighbors.neighbors import Metric

_UNIT_ROUNDOFF = 2.0**-24


@dataclass(frozen=True, eq=False)
class SearchForm:
    """Points and queries in the form whose products order them.

    Parameters
    ----------
    points : ndarray of float32, shape (items, dims)
        Rows of length 1 (cosine), or rows moved so that their mean is 0 (Euclidean).
    queries : ndarray of float32, shape (queries, dims)
        Likewise; moved by the points' mean.
    metric : {"cosine", "euclidean"}
        The metric.
    """

    points: Float32[np.ndarray, "items dims"]
    queries: Float32[np.ndarray, "queries dims"]
    metric: Metric

    def keys(self, queries: slice | np.ndarray) -> Float32[np.ndarray, "queries items"]:
        """Keys of all points for some queries.

        Parameters
        ----------
        queries : slice or ndarray of int64
            Which queries.

        Returns
        -------
        ndarray of float32, shape (queries, items)
            Cosines, or minus squared distances.
        """
        chosen = self.queries[queries]
        products: np.ndarray = chosen @ self.points.T
        if self.metric == "cosine":
            return products
        products *= 2
        products -= _squares(self.points)
        products -= _squares(chosen)[:, None]
        return products

    def margin(self, kth: Float64[np.ndarray, " queries"], rows: np.ndarray | None = None) -> np.ndarray:
        """Twice the rounding error that a key can have, so that a true neighbour's key is above kth - margin.

        Parameters
        ----------
        kth : ndarray of float64, shape (queries,)
            The k-th largest key of each query.
        rows : ndarray of int64, shape (queries,), optional
            Which queries these are; all if not given.

        Returns
        -------
        ndarray of float64, shape (queries,)
            The margin of each query.

        Notes
        -----
        A product of length d summed in any order is off by at most d·u·|a||b|, u = 2⁻²⁴. Only points no
        further from the origin than |a| + d_k can be among the k nearest, which bounds |b|.
        """
        error = 2 * (self.points.shape[1] + 8) * _UNIT_ROUNDOFF
        if self.metric == "cosine":
            return np.full(len(kth), error)
        own = row_norms(self.queries if rows is None else self.queries[rows])
        reach = own + np.sqrt(np.maximum(-kth, 0) + 4 * error * own**2)
        bound: np.ndarray = error * (own + reach) ** 2
        return bound


def _squares(rows: Float32[np.ndarray, "rows dims"]) -> Float32[np.ndarray, " rows"]:
    squares: np.ndarray = np.einsum("ij,ij->i", rows, rows)
    return squares


def search_form(points: Points, queries: Points, metric: Metric) -> SearchForm:
    """Put points and queries into the form whose products order them.

    Parameters
    ----------
    points : Points
        What is searched.
    queries : Points
        The queries.
    metric : {"cosine", "euclidean"}
        The metric.

    Returns
    -------
    SearchForm
        Copies.
    """
    if metric == "cosine":
        return SearchForm(normalise_rows(points.vectors), normalise_rows(queries.vectors), metric)
    centre = points.vectors.mean(axis=0, dtype=np.float64).astype(np.float32)
    return SearchForm(points.vectors - centre, queries.vectors - centre, metric)
