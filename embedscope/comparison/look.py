"""Look: how one item sees all others in one space, so that nearest ones and ranks need no further product."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from jaxtyping import Float32, Float64, Int64

from embedscope.neighbors.distances import nearest_first

_GATHERED = 4096


@dataclass(frozen=True, eq=False)
class Look:
    """What orders all items for one of them, and how far off that can be.

    Parameters
    ----------
    row : int
        The item that looks; it has no rank itself.
    keys : ndarray of float64, shape (items,)
        Smaller for nearer; infinity for what has no distance.
    error : ndarray of float64, shape (items,)
        How far off each key can be.
    measure : callable
        Gives the exact distances of some rows, which decide where keys cannot.
    """

    row: int
    keys: Float64[np.ndarray, " items"] = field(repr=False)
    error: Float64[np.ndarray, " items"] = field(repr=False)
    measure: Callable[[Int64[np.ndarray, " rows"]], Float32[np.ndarray, " rows"]] = field(repr=False)

    def nearest(self, k: int) -> tuple[Int64[np.ndarray, " k"], Float32[np.ndarray, " k"]]:
        """Find the nearest items.

        Parameters
        ----------
        k : int
            How many.

        Returns
        -------
        rows : ndarray of int64, shape (k,)
            Nearest first, ties by index; fewer where others have no distance.
        distances : ndarray of float32, shape (k,)
            Their distances.
        """
        others = np.flatnonzero(np.isfinite(self.keys))
        others = others[others != self.row]
        keys, error = self.keys[others], self.error[others]
        if k < len(others):
            found = np.argpartition(keys, k - 1)[:k]
            others = others[keys - error <= float((keys[found] + error[found]).max())]
        distances = self.distances(others)
        rows, near = nearest_first(others[None], distances[None], k)
        return rows[0], near[0]

    def ranks(
        self, wanted: Int64[np.ndarray, " wanted"]
    ) -> tuple[Int64[np.ndarray, " wanted"], Float32[np.ndarray, " wanted"]]:
        """Rank some items among all others.

        Parameters
        ----------
        wanted : ndarray of int64, shape (wanted,)
            Whose ranks are wanted.

        Returns
        -------
        ranks : ndarray of int64, shape (wanted,)
            1 is the nearest; equal distances in the order of the index. 0 for what has no distance.
        distances : ndarray of float32, shape (wanted,)
            Their distances; NaN for what has none.
        """
        ranks = np.zeros(len(wanted), np.int64)
        distances = np.full(len(wanted), np.nan, np.float32)
        known = np.flatnonzero(np.isfinite(self.keys[wanted]))
        distances[known] = self.distances(wanted[known])
        lower, upper = self._bounds
        sure, unclear = [], []
        for item in wanted[known].tolist():
            sure.append(int(np.count_nonzero(upper < lower[item])))
            unclear.append(np.flatnonzero((upper >= lower[item]) & (lower <= upper[item])))
        # Measured together: each alone would be a small gather of its own.
        close = np.unique(np.concatenate(unclear)) if unclear else np.empty(0, np.int64)
        at = self.distances(close)
        for place, surely, others in zip(known.tolist(), sure, unclear, strict=True):
            near, own, item = at[np.searchsorted(close, others)], distances[place], int(wanted[place])
            before = (near < own) | ((near == own) & (others < item))
            ranks[place] = 1 + surely + np.count_nonzero(before)
        return ranks, distances

    @cached_property
    def _bounds(self) -> tuple[Float64[np.ndarray, " items"], Float64[np.ndarray, " items"]]:
        """Between what each key can be; the item that looks is before nobody."""
        lower, upper = self.keys - self.error, self.keys + self.error
        lower[self.row] = upper[self.row] = np.inf
        return lower, upper

    def distances(self, rows: Int64[np.ndarray, " rows"]) -> Float32[np.ndarray, " rows"]:
        """Measure some items exactly.

        Parameters
        ----------
        rows : ndarray of int64, shape (rows,)
            Which; they must have a distance.

        Returns
        -------
        ndarray of float32, shape (rows,)
            Their distances.
        """
        missing = np.unique(rows[np.isnan(self._measured[rows])])
        for start in range(0, len(missing), _GATHERED):
            part = missing[start : start + _GATHERED]
            self._measured[part] = self.measure(part)
        found: np.ndarray = self._measured[rows]
        return found

    @cached_property
    def _measured(self) -> Float32[np.ndarray, " items"]:
        """What was measured, kept: a slider asks for much of it again. NaN where nothing was."""
        return np.full(len(self.keys), np.nan, np.float32)
