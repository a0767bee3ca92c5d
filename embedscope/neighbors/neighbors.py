"""Neighbors: the k nearest of each item, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, get_args

import numpy as np
from jaxtyping import Float32, Int32

from embedscope._errors import InputError, unknown_name

Metric: TypeAlias = Literal["cosine", "euclidean"]


@dataclass(frozen=True, eq=False)
class Neighbors:
    """The k nearest neighbours of each item, nearest first; equal distances in the order of the index.

    Parameters
    ----------
    indices : ndarray of int32, shape (items, k)
        Rows of the neighbours. An item is never its own neighbour; its duplicates are.
    distances : ndarray of float32, shape (items, k)
        Cosine distance (1 - cosine, from 0 to 2) or Euclidean distance; not decreasing along a row.
    metric : {"cosine", "euclidean"}
        What the distances are.
    recall : float or None
        Share of the true k nearest that were found, measured on ``sampled`` items; None: exact.
    sampled : int or None
        Number of items the recall was measured on.
    """

    indices: Int32[np.ndarray, "items k"]
    distances: Float32[np.ndarray, "items k"]
    metric: Metric
    recall: float | None = None
    sampled: int | None = None

    def __len__(self) -> int:
        return len(self.indices)

    def __repr__(self) -> str:
        how = "exact" if self.recall is None else f"recall {self.recall:.3f} on {self.sampled:,} items"
        return f"Neighbors({len(self):,} items, k={self.k}, {self.metric}, {how})"

    @property
    def k(self) -> int:
        """Neighbours an item."""
        return int(self.indices.shape[1])

    def take(self, k: int) -> Neighbors:
        """Keep the first k neighbours of each item.

        Parameters
        ----------
        k : int
            From 1 to the k there is.

        Returns
        -------
        Neighbors
            Views of the same arrays. The recall is the one measured with the larger k.

        Raises
        ------
        InputError
            If k is out of range.
        """
        if not 1 <= k <= self.k:
            raise InputError(
                f"take(k={k}) from neighbours with k={self.k}: k must lie between 1 and {self.k}."
            )
        return replace(self, indices=self.indices[:, :k], distances=self.distances[:, :k])


def check_metric(metric: str) -> None:
    """Refuse a metric that is not there.

    Parameters
    ----------
    metric : str
        The name that came.

    Raises
    ------
    MissingError
        If it is no metric's name; the choices are listed.
    """
    if metric not in get_args(Metric):
        raise unknown_name("metric", metric, get_args(Metric))
