"""Neighborhoods: the softmax around each item of one space."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Float64

from embedscope._arrays import as_vectors
from embedscope._errors import InputError
from embedscope.comparison.bandwidth import Bandwidth, Widths
from embedscope.neighbors.distances import Points
from embedscope.neighbors.neighbors import Metric, Neighbors, check_metric

_ROWS_AT_ONCE = 1 << 13


@dataclass(frozen=True, eq=False)
class Neighborhoods:
    """A space seen as probabilities: p(j | i) = softmax over j ≠ i of -d(i, j)²/2σ(i)².

    Parameters
    ----------
    points : Points
        The vectors with their lengths.
    metric : {"cosine", "euclidean"}
        Under cosine d is the length |a - b| of the unit vectors: d² = 2 - 2cos.
    widths : Widths
        σ of each row.
    """

    points: Points
    metric: Metric
    widths: Widths

    @classmethod
    def of(
        cls,
        vectors: object,
        bandwidth: Bandwidth | None = None,
        metric: Metric = "cosine",
        *,
        neighbors: Neighbors | None = None,
        name: str = "vectors",
    ) -> Neighborhoods:
        """See vectors as neighbourhoods.

        Parameters
        ----------
        vectors : array_like of shape (items, dims)
            Finite, at least two; under cosine no row of zeros.
        bandwidth : Bandwidth, optional
            Perplexity 30 if not given.
        metric : {"cosine", "euclidean"}
            The metric.
        neighbors : Neighbors, optional
            Those of these vectors, where they are known and the bandwidth is a perplexity.
        name : str
            What an error calls the vectors.

        Returns
        -------
        Neighborhoods
            The vectors themselves are not copied where they are float32 already.

        Raises
        ------
        InputError
            If there are fewer than two vectors, or they are not finite, or zero under cosine (the rows are
            named).
        MissingError
            If the metric is not known.

        Examples
        --------
        >>> Neighborhoods.of(np.eye(3), Bandwidth.fixed(1.0)).log_probabilities(0).round(3).tolist()
        [-inf, -0.693, -0.693]
        """
        check_metric(metric)
        checked = as_vectors(vectors, name=name)
        if len(checked) < 2:
            raise InputError(
                f"{name}: {len(checked)} item came; a neighbourhood needs another item, so give 2 or more."
            )
        points = Points.of(checked, metric, name=name)
        widths = (bandwidth or Bandwidth.perplexity()).widths(checked, metric, neighbors)
        return cls(points, metric, widths)

    def __len__(self) -> int:
        return len(self.points)

    def __repr__(self) -> str:
        return f"Neighborhoods({len(self):,} items, {self.metric}, {self.widths.said})"

    @property
    def vectors(self) -> Float32[np.ndarray, "items dims"]:
        """The vectors as they came."""
        return self.points.vectors

    @property
    def sigma(self) -> Float64[np.ndarray, " items"]:
        """The bandwidth of each row."""
        return self.widths.sigma

    def log_probabilities(self, row: int) -> Float64[np.ndarray, " items"]:
        """Compute one item's log p(j | i), in float64.

        Parameters
        ----------
        row : int
            The item i.

        Returns
        -------
        ndarray of float64, shape (items,)
            -inf for the item itself. Costs one product of the vectors with this one.

        Examples
        --------
        >>> Neighborhoods.of([[0.0], [1.0]], Bandwidth.fixed(1), "euclidean").log_probabilities(1).tolist()
        [0.0, -inf]
        """
        scores = -self.squared_distances(row) / (2 * self.sigma[row] ** 2)
        scores[row] = -np.inf
        scores -= scores.max()
        logs: np.ndarray = scores - np.log(np.exp(scores).sum())
        return logs

    def squared_distances(self, row: int) -> Float64[np.ndarray, " items"]:
        """Compute one item's squared distances to all, in float64.

        Parameters
        ----------
        row : int
            The item.

        Returns
        -------
        ndarray of float64, shape (items,)
            By differences, so that no digits cancel.
        """
        own = self._direction(slice(row, row + 1))
        out = np.empty(len(self))
        for start in range(0, len(self), _ROWS_AT_ONCE):
            part = slice(start, start + _ROWS_AT_ONCE)
            gaps = self._direction(part)
            gaps -= own
            out[part] = np.einsum("ij,ij->i", gaps, gaps)
        return out

    def _direction(self, part: slice) -> Float64[np.ndarray, "rows dims"]:
        rows: np.ndarray = self.vectors[part].astype(np.float64)
        if self.metric == "cosine":
            rows /= self.points.norms[part, None]
        return rows
