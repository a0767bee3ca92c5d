"""Worst anchors: the few that make a heatmap's cell what it is, kept while the blocks go by.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
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


class WorstKeeper:
    """Keeps the worst anchors of each cell.

    Parameters
    ----------
    groups : int
        Groups there are.
    """

    def __init__(self, groups: int) -> None:
        shape = (2, groups, kept_a_cell(groups), groups)
        self._rows = torch.full(shape, -1, dtype=torch.int32)
        self._values = torch.full(shape, -torch.inf)

    def add(
        self,
        codes: Int64[torch.Tensor, " rows"],
        rows: Int64[torch.Tensor, " rows"],
        contributions: Float64[torch.Tensor, "rows groups"],
    ) -> None:
        """Take in a block.

        Parameters
        ----------
        codes : Tensor of int64, shape (rows,)
            Group of each anchor, ascending.
        rows : Tensor of int64, shape (rows,)
            The anchors.
        contributions : Tensor of float64, shape (rows, groups)
            Their contributions.
        """
        present, counts = torch.unique_consecutive(codes, return_counts=True)
        start = 0
        for code, count in zip(present.tolist(), counts.tolist(), strict=True):
            part = slice(start, start + count)
            values = contributions[part].float()
            for end, signed in enumerate((values, -values)):
                self._merge(end, code, rows[part], signed)
            start += count

    def _merge(
        self, end: int, code: int, rows: Int64[torch.Tensor, " rows"], values: Float32[torch.Tensor, "rows b"]
    ) -> None:
        kept_rows, kept_values = self._rows[end, code], self._values[end, code]
        k = len(kept_rows)
        best, place = values.topk(min(k, len(values)), dim=0)
        merged, order = torch.cat([kept_values, best.cpu()]).sort(dim=0, descending=True, stable=True)
        named = torch.cat([kept_rows, rows[place].to(torch.int32).cpu()]).gather(0, order)
        self._rows[end, code], self._values[end, code] = named[:k], merged[:k]

    def finish(self) -> WorstAnchors:
        """Give what was kept.

        Returns
        -------
        WorstAnchors
            As numpy arrays.
        """
        sign = torch.tensor([1.0, -1.0])[:, None, None, None]
        return WorstAnchors(self._rows.numpy(), (self._values * sign).numpy())
