"""Exact distances from queries to their candidates, and the order of the nearest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Float64, Int64

from embedscope._arrays import check_no_zero_rows, row_norms
from embedscope.neighbors.neighbors import Metric

# Below this a cosine distance is rounding: float32 numbers cannot tell angles under 1e-7 rad apart.
_COSINE_ZERO = 1e-14


@dataclass(frozen=True, eq=False)
class Points:
    """Vectors with what the metric needs of each of them.

    Parameters
    ----------
    vectors : ndarray of float32, shape (items, dims)
        Finite vectors, as they came.
    norms : ndarray of float64, shape (items,)
        Their lengths.
    """

    vectors: Float32[np.ndarray, "items dims"]
    norms: Float64[np.ndarray, " items"]

    @classmethod
    def of(
        cls, vectors: Float32[np.ndarray, "items dims"], metric: Metric, *, name: str = "vectors"
    ) -> Points:
        """Measure the lengths, and refuse zero rows where the metric is cosine.

        Parameters
        ----------
        vectors : ndarray of float32, shape (items, dims)
            Finite vectors.
        metric : {"cosine", "euclidean"}
            The metric.
        name : str
            What an error calls them.

        Returns
        -------
        Points
            The same vectors with their lengths.
        """
        norms = row_norms(vectors)
        if metric == "cosine":
            check_no_zero_rows(norms, name=name)
        return cls(vectors, norms)

    def __len__(self) -> int:
        return len(self.vectors)

    def take(self, rows: Int64[np.ndarray, " rows"]) -> Points:
        """Keep some rows.

        Parameters
        ----------
        rows : ndarray of int64, shape (rows,)
            Which.

        Returns
        -------
        Points
            Copies of these rows.
        """
        return Points(self.vectors[rows], self.norms[rows])


def candidate_distances(
    points: Points, queries: Points, candidates: Int64[np.ndarray, "queries c"], metric: Metric
) -> Float32[np.ndarray, "queries c"]:
    """Distances from each query to its own candidates, computed in float64 and rounded once.

    Parameters
    ----------
    points : Points
        What is searched.
    queries : Points
        The queries.
    candidates : ndarray of int64, shape (queries, c)
        Rows of ``points``.
    metric : {"cosine", "euclidean"}
        The metric.

    Returns
    -------
    ndarray of float32, shape (queries, c)
        Distances. Equal vectors are at equal distances to the bit, whatever their rows, and duplicates at 0.

    Notes
    -----
    Cosine: 1 - a·b/(|a||b|), set to 0 under 1e-14. Euclidean: √Σ(a-b)², by differences, so that no
    digits cancel. Time O(queries · c · dims), memory 8 bytes a number of the gathered candidates.
    """
    gathered = points.vectors[candidates].astype(np.float64)
    own = queries.vectors.astype(np.float64)
    if metric == "euclidean":
        gathered -= own[:, None, :]
        squares: np.ndarray = np.einsum("qcd,qcd->qc", gathered, gathered)
        roots: np.ndarray = np.sqrt(squares)
        return roots.astype(np.float32)
    cosine: np.ndarray = np.einsum("qcd,qd->qc", gathered, own) / (
        points.norms[candidates] * queries.norms[:, None]
    )
    distances: np.ndarray = 1.0 - cosine
    distances[distances < _COSINE_ZERO] = 0.0
    return distances.astype(np.float32)


def nearest_first(
    candidates: Int64[np.ndarray, "queries c"], distances: Float32[np.ndarray, "queries c"], k: int
) -> tuple[Int64[np.ndarray, "queries k"], Float32[np.ndarray, "queries k"]]:
    """Sort candidates by distance, then by index, and keep k.

    Parameters
    ----------
    candidates : ndarray of int64, shape (queries, c)
        Rows, in any order.
    distances : ndarray of float32, shape (queries, c)
        Their distances; infinity leaves a candidate to the last.
    k : int
        How many to keep.

    Returns
    -------
    indices : ndarray of int64, shape (queries, k)
        The nearest.
    distances : ndarray of float32, shape (queries, k)
        Their distances.

    Examples
    --------
    >>> nearest_first(np.array([[7, 2, 5]]), np.array([[0.5, 0.5, 0.1]], np.float32), 2)[0]
    array([[5, 2]])
    """
    order = np.lexsort((candidates, distances), axis=1)[:, :k]
    return np.take_along_axis(candidates, order, axis=1), np.take_along_axis(distances, order, axis=1)
