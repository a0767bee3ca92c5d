"""The items beyond each row's nearest, by a sample that all rows share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Float64, Int64

from embedscope.comparison.sampling import draw_rows
from embedscope.neighbors.distances import Points
from embedscope.neighbors.neighbors import Metric, Neighbors

DRAWN = 512


@dataclass(frozen=True, eq=False)
class FarItems:
    """Squared distances to a sample of the items that are not among a row's nearest.

    Parameters
    ----------
    points : Points
        The vectors.
    metric : {"cosine", "euclidean"}
        The metric.
    neighbors : Neighbors
        The nearest of each row, which are left out.
    k : int
        How many of them.
    drawn : ndarray of int64, shape (drawn,)
        Rows of the sample, ascending; all where it is no sample.
    """

    points: Points
    metric: Metric
    neighbors: Neighbors
    k: int
    drawn: Int64[np.ndarray, " drawn"]

    @classmethod
    def of(
        cls, vectors: Float32[np.ndarray, "items dims"], metric: Metric, neighbors: Neighbors, k: int
    ) -> FarItems:
        """Draw 512 items with a fixed seed, or take all where the nearest and these are nearly all.

        Parameters
        ----------
        vectors : ndarray of float32, shape (items, dims)
            The space.
        metric : {"cosine", "euclidean"}
            The metric.
        neighbors : Neighbors
            Of these vectors, k or more a row.
        k : int
            Nearest that are known.

        Returns
        -------
        FarItems
            Nothing is computed yet.

        Examples
        --------
        >>> from embedscope.neighbors.search import find_neighbors
        >>> x = np.arange(4, dtype=np.float32)[:, None]
        >>> far = FarItems.of(x, "euclidean", find_neighbors(x, 1, "euclidean"), 1)
        >>> [part.tolist() for part in far.squares(slice(0, 1))]
        [[[0.0, 1.0, 4.0, 9.0]], [[0.0, 0.0, 1.0, 1.0]]]
        """
        n = len(vectors)
        drawn = draw_rows(n, None if n <= DRAWN + k + 1 else DRAWN)
        return cls(Points.of(vectors, metric), metric, neighbors, k, drawn)

    @property
    def exact(self) -> bool:
        """Whether it is all of them."""
        return len(self.drawn) == len(self.points)

    def squares(
        self, part: slice
    ) -> tuple[Float64[np.ndarray, "rows drawn"], Float64[np.ndarray, "rows drawn"]]:
        """Measure some rows.

        Parameters
        ----------
        part : slice
            Of the rows.

        Returns
        -------
        squares : ndarray of float64, shape (rows, drawn)
            Squared distances; of unit vectors under cosine.
        weights : ndarray of float64, shape (rows, drawn)
            How many items each stands for: 0 where it is the row's own or among its nearest.

        Notes
        -----
        One product of the rows with the sample in float64.
        """
        rows = np.arange(len(self.points))[part]
        there = np.ones((len(rows), len(self.drawn)))
        place = np.full(len(self.points), -1)
        place[self.drawn] = np.arange(len(self.drawn))
        near = place[np.column_stack([rows, self.neighbors.indices[part, : self.k]])]
        row, column = np.nonzero(near >= 0)
        there[row, near[row, column]] = 0
        stands_for = (len(self.points) - 1 - self.k) / there.sum(axis=1).clip(1)
        return self._distances(part), there * stands_for[:, None]

    def _distances(self, part: slice) -> Float64[np.ndarray, "rows drawn"]:
        sample = self.points.vectors[self.drawn].astype(np.float64)
        own = self.points.vectors[part].astype(np.float64)
        if self.metric == "cosine":
            cosine = own @ sample.T / (self.points.norms[part, None] * self.points.norms[self.drawn])
            squares: np.ndarray = 2 - 2 * cosine
        else:
            # Far from the origin the squares would hide the differences.
            middle = sample.mean(axis=0)
            own, sample = own - middle, sample - middle
            squares = (own**2).sum(axis=1)[:, None] + (sample**2).sum(axis=1) - 2 * (own @ sample.T)
        return squares.clip(0)
