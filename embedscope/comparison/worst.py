"""Worst anchors: the few that make a heatmap's cell what it is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Float64, Int32, Int64

KEPT = 20
_MEMORY = 64 << 20
_BYTES_A_KEPT = 16  # a row and a value, for both ends


@dataclass(frozen=True, eq=False)
class CellAnchors:
    """Anchors of one cell.

    Parameters
    ----------
    rows : ndarray of int64, shape (anchors,)
        The anchors, the most telling first.
    contributions : ndarray of float64, shape (anchors,)
        What each contributes to the cell, in nats.
    """

    rows: Int64[np.ndarray, " anchors"]
    contributions: Float64[np.ndarray, " anchors"]

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, eq=False)
class WorstAnchors:
    """The anchors of largest and of smallest contribution in every cell.

    Parameters
    ----------
    rows : ndarray of int32, shape (2, groups, k, groups)
        End (largest, smallest), anchors' group, place, items' group; -1 where a group has fewer anchors.
    values : ndarray of float32, shape (2, groups, k, groups)
        Their contributions in nats.
    """

    rows: Int32[np.ndarray, "2 groups k groups"]
    values: Float32[np.ndarray, "2 groups k groups"]

    @property
    def k(self) -> int:
        """Anchors that are kept of a cell, at either end."""
        return int(self.rows.shape[2])

    def of(self, a: int, b: int, k: int, *, smallest: bool = False) -> CellAnchors:
        """Give a cell's anchors.

        Parameters
        ----------
        a, b : int
            The anchors' and the items' group.
        k : int
            How many at most.
        smallest : bool
            Those of smallest contribution, instead of largest.

        Returns
        -------
        CellAnchors
            As many as were kept and are there.
        """
        rows, values = self.rows[int(smallest), a, :k, b], self.values[int(smallest), a, :k, b]
        return CellAnchors(rows[rows >= 0].astype(np.int64), values[rows >= 0].astype(np.float64))


def kept_a_cell(groups: int) -> int:
    """Say how many anchors a cell keeps: 20, fewer past 447 groups, so that all take at most 64 MB.

    Parameters
    ----------
    groups : int
        Groups there are.

    Returns
    -------
    int
        From 1 to 20.

    Examples
    --------
    >>> kept_a_cell(20), kept_a_cell(1000)
    (20, 4)
    """
    return max(1, min(KEPT, _MEMORY // (_BYTES_A_KEPT * groups * groups)))
