"""Hubness: whether a few items are everybody's neighbours, and many are nobody's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64, Int, Int64


@dataclass(frozen=True, eq=False)
class Hubness:
    """How often each item is among the k nearest of another.

    Parameters
    ----------
    counts : ndarray of int64, shape (items,)
        The k-occurrence of each item; k on average.
    k : int
        Size of the neighbourhoods.
    """

    counts: Int64[np.ndarray, " items"]
    k: int

    @classmethod
    def of(cls, indices: Int[np.ndarray, "items k"]) -> Hubness:
        """Count the occurrences in neighbourhoods.

        Parameters
        ----------
        indices : ndarray of int, shape (items, k)
            Rows of the k nearest of every item.

        Returns
        -------
        Hubness
            Counts an item.

        Examples
        --------
        >>> Hubness.of(np.array([[1], [0], [1]])).counts
        array([1, 2, 0])
        """
        counts = np.bincount(indices.ravel(), minlength=len(indices)).astype(np.int64)
        return cls(counts, int(indices.shape[1]))

    @property
    def skewness(self) -> float:
        """Third standardised moment of the counts: 0 without hubs, above 1 with strong ones."""
        centred = self.counts - self.counts.mean()
        spread = float(centred.std())
        return 0.0 if spread == 0 else float((centred**3).mean()) / spread**3

    @property
    def gini(self) -> float:
        """Gini coefficient of the counts: 0 where all occur equally often, near 1 where few have them all."""
        n = len(self.counts)
        ordered = np.sort(self.counts)
        return float(2 * (np.arange(1, n + 1) @ ordered) / (n * ordered.sum()) - (n + 1) / n)

    @property
    def antihubs(self) -> float:
        """Share of the items that are in no other's neighbourhood."""
        return float((self.counts == 0).mean())

    def hubs(self, n: int = 10) -> Int64[np.ndarray, " hubs"]:
        """Find the items that occur most often.

        Parameters
        ----------
        n : int
            How many.

        Returns
        -------
        ndarray of int64, shape (hubs,)
            Their rows; equal ones by index.

        Examples
        --------
        >>> Hubness.of(np.array([[1], [0], [1]])).hubs(1)
        array([1])
        """
        return np.argsort(-self.counts, kind="stable")[:n]

    def shares(self) -> Float64[np.ndarray, " items"]:
        """Give the counts as multiples of their mean.

        Returns
        -------
        ndarray of float64, shape (items,)
            1 for an item that occurs as often as the average.

        Examples
        --------
        >>> Hubness.of(np.array([[1], [0], [1]])).shares()
        array([1., 2., 0.])
        """
        shares: np.ndarray = self.counts / self.k
        return shares
