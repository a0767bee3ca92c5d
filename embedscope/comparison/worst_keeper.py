"""Worst keeper: finds each cell's worst anchors while the blocks go by.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

import torch
from jaxtyping import Float32, Float64, Int64

from embedscope.comparison.worst import WorstAnchors, kept_a_cell


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
