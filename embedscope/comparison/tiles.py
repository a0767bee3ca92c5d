"""Tiles: runs of items sorted by group, each with the groups that it holds or has a part of.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int64


@dataclass(frozen=True, eq=False)
class Tile:
    """A run of items and the groups that they are of.

    Parameters
    ----------
    items : slice
        Which items, in the order of the groups.
    groups : slice
        Which groups; those between the first and the last may be empty.
    cuts : tuple of int
        Where each group begins within the tile, and the tile's end.
    place : Tensor of int64, shape (tile,)
        For each item the place of its group among the tile's.
    member : Tensor, shape (tile, groups)
        1 where an item is of a group.
    """

    items: slice
    groups: slice
    cuts: tuple[int, ...]
    place: Int64[torch.Tensor, " tile"]
    member: Float[torch.Tensor, "tile groups"]

    @property
    def width(self) -> int:
        """Items of the tile."""
        return self.cuts[-1]

    def maxima(self, values: Float[torch.Tensor, "rows tile"]) -> Float[torch.Tensor, "rows groups"]:
        """Give each row's largest value in each group.

        Parameters
        ----------
        values : Tensor, shape (rows, tile)
            The values.

        Returns
        -------
        Tensor, shape (rows, groups)
            One a row and group; the lowest number there is for an empty group.
        """
        found = values.new_full((len(values), len(self.cuts) - 1), torch.finfo(values.dtype).min)
        for place, (begin, end) in enumerate(zip(self.cuts[:-1], self.cuts[1:], strict=True)):
            if begin < end:
                torch.amax(values[:, begin:end], dim=1, out=found[:, place])
        return found

    def sums(self, values: Float[torch.Tensor, "rows tile"]) -> Float[torch.Tensor, "rows groups"]:
        """Add up each row's values in each group.

        Parameters
        ----------
        values : Tensor, shape (rows, tile)
            The values, finite.

        Returns
        -------
        Tensor, shape (rows, groups)
            One a row and group.
        """
        if len(self.cuts) == 2:
            return values.sum(dim=1, keepdim=True)
        return values @ self.member

    def spread(self, values: Float[torch.Tensor, "rows groups"]) -> Float[torch.Tensor, "rows _"]:
        """Give each item its group's value, or one column that broadcasts to all.

        Parameters
        ----------
        values : Tensor, shape (rows, groups)
            One a row and group.

        Returns
        -------
        Tensor, shape (rows, tile) or (rows, 1)
            To be used against (rows, tile).
        """
        return values if values.shape[1] == 1 else values[:, self.place]


def plan_tiles(
    counts: Int64[np.ndarray, " groups"], width: int, device: torch.device, dtype: torch.dtype
) -> list[Tile]:
    """Cut the items, sorted by group, into tiles.

    Parameters
    ----------
    counts : ndarray of int64, shape (groups,)
        Items of each group.
    width : int
        Items a tile at most.
    device : torch.device
        Where the tiles' tables lie.
    dtype : torch.dtype
        Of the values that are summed.

    Returns
    -------
    list of Tile
        In order, all of the same width but the last.

    Examples
    --------
    >>> tiles = plan_tiles(np.array([5, 1, 2]), 4, torch.device("cpu"), torch.float32)
    >>> [(tile.items.start, tile.items.stop, tile.cuts) for tile in tiles]
    [(0, 4, (0, 4)), (4, 8, (0, 1, 2, 4))]
    """
    codes = np.repeat(np.arange(len(counts)), counts)
    return [
        _tile(start, codes[start : start + width], device, dtype) for start in range(0, len(codes), width)
    ]


def _tile(start: int, codes: Int64[np.ndarray, " tile"], device: torch.device, dtype: torch.dtype) -> Tile:
    """Make a tile of items from their ascending groups; empty groups between them stay empty."""
    first, last = int(codes[0]), int(codes[-1])
    cuts = tuple(np.searchsorted(codes, np.arange(first, last + 2)).tolist())
    place = torch.from_numpy(codes - first).to(device)
    member = torch.nn.functional.one_hot(place, last + 1 - first).to(dtype)
    return Tile(slice(start, start + len(codes)), slice(first, last + 1), cuts, place, member)
