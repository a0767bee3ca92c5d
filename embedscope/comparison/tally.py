"""Tally: histograms of pair distances in two spaces, filled while the pairs go by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float64, Int32, Int64, UInt64

from embedscope.comparison.reservoir import Reservoir, smallest

# Numbers that are read off a histogram (quantiles, Wasserstein, AUC) come from bins too fine to show.
FINE_BINS = 1 << 16


@dataclass(frozen=True, eq=False)
class Scale:
    """Where distances are put into bins.

    Parameters
    ----------
    factors : tuple of float
        The teacher's and the student's distances are multiplied by these first.
    low, high : float
        Range of the shown bins; the first and the last also hold what lies beyond.
    bins : int
        Shown bins.
    bound : float
        No distance is above this one.
    """

    factors: tuple[float, float]
    low: float
    high: float
    bins: int
    bound: float

    @property
    def edges(self) -> Float64[np.ndarray, " edges"]:
        """Edges of the shown bins."""
        return np.linspace(self.low, self.high, self.bins + 1)

    def shown(self, distances: Float[np.ndarray, " pairs"]) -> Int64[np.ndarray, " pairs"]:
        """Find the shown bin of each distance.

        Parameters
        ----------
        distances : ndarray, shape (pairs,)
            Scaled distances.

        Returns
        -------
        ndarray of int64, shape (pairs,)
            From 0 to bins - 1.
        """
        places = (distances - self.low) * (self.bins / (self.high - self.low))
        return np.clip(places, 0, self.bins - 1).astype(np.int64)

    def fine(self, distances: Float[np.ndarray, " pairs"]) -> Int64[np.ndarray, " pairs"]:
        """Find the fine bin of each distance.

        Parameters
        ----------
        distances : ndarray, shape (pairs,)
            Scaled distances.

        Returns
        -------
        ndarray of int64, shape (pairs,)
            From 0 to 65,535.
        """
        return np.clip(distances * (FINE_BINS / self.bound), 0, FINE_BINS - 1).astype(np.int64)


@dataclass(frozen=True, eq=False)
class Counts:
    """What a tally found.

    Parameters
    ----------
    joint : ndarray of int64, shape (bins, bins)
        Pairs by teacher's (row) and student's (column) shown bin.
    fine : ndarray of int64, shape (2, 65536)
        Pairs by fine bin, teacher's and student's.
    means, variances : ndarray of float64, shape (2,)
        Of the scaled distances, teacher's and student's.
    pairs : ndarray of int32, shape (bins * bins, 8, 2)
        Example pairs of each joint bin.
    keys : ndarray of uint64, shape (bins * bins, 8)
        What ranks the examples.
    """

    joint: Int64[np.ndarray, "bins bins"]
    fine: Int64[np.ndarray, "2 fine"]
    means: Float64[np.ndarray, " 2"]
    variances: Float64[np.ndarray, " 2"]
    pairs: Int32[np.ndarray, "cells examples 2"]
    keys: UInt64[np.ndarray, "cells examples"]

    def examples(
        self, teacher_bin: int | None = None, student_bin: int | None = None
    ) -> Int64[np.ndarray, "drawn 2"]:
        """Draw example pairs of a shown bin.

        Parameters
        ----------
        teacher_bin, student_bin : int, optional
            Bins of both sides; any where one is not given.

        Returns
        -------
        ndarray of int64, shape (drawn, 2)
            Rows of at most 8 pairs, drawn uniformly.
        """
        bins = len(self.joint)
        cells = np.arange(bins * bins).reshape(bins, bins)
        rows = slice(None) if teacher_bin is None else slice(teacher_bin, teacher_bin + 1)
        columns = slice(None) if student_bin is None else slice(student_bin, student_bin + 1)
        chosen = cells[rows, columns].ravel()
        return smallest(self.pairs[chosen], self.keys[chosen])


class Tally:
    """Counts the pairs of one kind.

    Parameters
    ----------
    scale : Scale
        The bins.
    seed : int
        Of the example pairs.
    """

    def __init__(self, scale: Scale, seed: int = 0) -> None:
        self._scale = scale
        self._joint = np.zeros(scale.bins**2, np.int64)
        self._fine = np.zeros((2, FINE_BINS), np.int64)
        self._moments = np.zeros((2, 2))
        self._n = 0
        self._reservoir = Reservoir(scale.bins**2, seed)

    def add(
        self,
        first: Int64[np.ndarray, " pairs"],
        second: Int64[np.ndarray, " pairs"],
        distances: Float[np.ndarray, "2 pairs"],
    ) -> None:
        """Take in pairs.

        Parameters
        ----------
        first, second : ndarray of int64, shape (pairs,)
            Rows of their items.
        distances : ndarray, shape (2, pairs)
            The teacher's and the student's scaled distances.
        """
        if not len(first):
            return
        shown = [self._scale.shown(side) for side in distances]
        cells = shown[0] * self._scale.bins + shown[1]
        self._joint += np.bincount(cells, minlength=len(self._joint))
        for place, side in enumerate(distances):
            self._fine[place] += np.bincount(self._scale.fine(side), minlength=FINE_BINS)
            mean, total = float(side.mean(dtype=np.float64)), self._n + len(side)
            gap = mean - self._moments[0, place]
            spread = float(side.var(dtype=np.float64)) * len(side)
            self._moments[1, place] += spread + gap**2 * self._n * len(side) / total
            self._moments[0, place] += gap * len(side) / total
        self._n += len(first)
        self._reservoir.add(cells, first, second)

    def finish(self) -> Counts:
        """Give what was counted.

        Returns
        -------
        Counts
            Means and variances are NaN where there was no pair.
        """
        n = self._n or np.nan
        means, variances = self._moments / np.array([[1.0], [n]]) * (n / n)
        joint = self._joint.reshape(self._scale.bins, self._scale.bins)
        return Counts(joint, self._fine, means, variances, *self._reservoir.finish())
