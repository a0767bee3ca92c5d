"""Tiles: items sorted by group, cut so that each tile holds whole small groups or a part of a large one.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from collections.abc import Iterator
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
        Which groups.
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
            One a row and group.
        """
        if len(self.cuts) == 2:
            return values.amax(dim=1, keepdim=True)
        parts = [values[:, a:b].amax(dim=1) for a, b in zip(self.cuts[:-1], self.cuts[1:], strict=True)]
        return torch.stack(parts, dim=1)

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
        In order; empty groups are in none.

    Examples
    --------
    >>> tiles = plan_tiles(np.array([5, 1, 2]), 4, torch.device("cpu"), torch.float32)
    >>> [(tile.items.start, tile.items.stop, tile.cuts) for tile in tiles]
    [(0, 2, (0, 2)), (2, 5, (0, 3)), (5, 8, (0, 1, 3))]
    """
    return [_tile(start, first, sizes, device, dtype) for start, first, sizes in _runs(counts, width)]


def _runs(counts: Int64[np.ndarray, " groups"], width: int) -> Iterator[tuple[int, int, list[int]]]:
    """Yield the first item, the first group and the size of each group, tile by tile."""
    start, first, open_sizes = 0, 0, list[int]()
    for group, size in enumerate(counts.tolist()):
        if open_sizes and (size == 0 or sum(open_sizes) + size > width):
            yield start, first, open_sizes
            start, open_sizes = start + sum(open_sizes), []
        if size > width:
            parts = -(-size // width)
            for part in range(parts):
                length = size * (part + 1) // parts - size * part // parts
                yield start, group, [length]
                start += length
        elif size:
            first = first if open_sizes else group
            open_sizes.append(size)
    if open_sizes:
        yield start, first, open_sizes


def _tile(start: int, first: int, sizes: list[int], device: torch.device, dtype: torch.dtype) -> Tile:
    cuts = (0, *np.cumsum(sizes).tolist())
    place = torch.repeat_interleave(torch.arange(len(sizes)), torch.tensor(sizes)).to(device)
    member = torch.nn.functional.one_hot(place, len(sizes)).to(dtype)
    return Tile(slice(start, start + cuts[-1]), slice(first, first + len(sizes)), cuts, place, member)
