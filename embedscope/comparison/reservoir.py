"""Reservoir: a few example pairs of each cell of a histogram, drawn while the pairs go by."""

from __future__ import annotations

import numpy as np
from jaxtyping import Int32, Int64, UInt64

EXAMPLES = 8
_LAST = np.uint64(0xFFFFFFFFFFFFFFFF)


class Reservoir:
    """Keeps the pairs of smallest hash in each cell: a uniform sample, whatever the order they come in.

    Parameters
    ----------
    cells : int
        Cells there are.
    seed : int
        Another seed keeps other pairs.

    Notes
    -----
    The pairs of smallest hash among several cells are a uniform sample of all their pairs, so a row of a
    joint histogram needs no reservoir of its own.

    References
    ----------
    Steele, Lea, Flood 2014, doi 10.1145/2660193.2660195 (the hash, splitmix64); Efraimidis, Spirakis 2006
    (the smallest keys).
    """

    def __init__(self, cells: int, seed: int = 0) -> None:
        self._salt = _mix(np.array([seed], np.uint64))[0]
        self._keys = np.full((cells, EXAMPLES), _LAST)
        self._pairs = np.full((cells, EXAMPLES, 2), -1, np.int32)

    def add(
        self,
        cells: Int64[np.ndarray, " pairs"],
        first: Int64[np.ndarray, " pairs"],
        second: Int64[np.ndarray, " pairs"],
    ) -> None:
        """Take in pairs.

        Parameters
        ----------
        cells : ndarray of int64, shape (pairs,)
            Cell of each pair.
        first, second : ndarray of int64, shape (pairs,)
            Rows of its items.
        """
        keys = _mix((first.astype(np.uint64) << np.uint64(32) | second.astype(np.uint64)) ^ self._salt)
        new = np.flatnonzero(keys < self._keys[cells, -1])
        if not len(new):
            return
        touched = np.unique(cells[new])
        kept = self._keys[touched] != _LAST
        all_cells = np.concatenate([np.repeat(touched, kept.sum(axis=1)), cells[new]])
        all_keys = np.concatenate([self._keys[touched][kept], keys[new]])
        drawn = np.stack([first[new], second[new]], axis=1).astype(np.int32)
        all_pairs = np.concatenate([self._pairs[touched][kept], drawn])
        order = np.lexsort((all_keys, all_cells))
        cell, key = all_cells[order], all_keys[order]
        # One hash, one pair: a pair that was drawn twice counts once.
        fresh = np.concatenate([[True], (cell[1:] != cell[:-1]) | (key[1:] != key[:-1])])
        order, cell, key = order[fresh], cell[fresh], key[fresh]
        rank = np.arange(len(cell)) - np.searchsorted(cell, cell)
        order, cell, key, rank = (part[rank < EXAMPLES] for part in (order, cell, key, rank))
        self._keys[cell, rank] = key
        self._pairs[cell, rank] = all_pairs[order]

    def finish(self) -> tuple[Int32[np.ndarray, "cells examples 2"], UInt64[np.ndarray, "cells examples"]]:
        """Give what was kept.

        Returns
        -------
        pairs : ndarray of int32, shape (cells, 8, 2)
            Rows of the pairs, -1 where a cell has fewer.
        keys : ndarray of uint64, shape (cells, 8)
            Their hashes, ascending.
        """
        return self._pairs, self._keys


def smallest(
    pairs: Int32[np.ndarray, "cells examples 2"], keys: UInt64[np.ndarray, "cells examples"]
) -> Int64[np.ndarray, "drawn 2"]:
    """Draw the example pairs of several cells together.

    Parameters
    ----------
    pairs : ndarray of int32, shape (cells, examples, 2)
        Those of each cell.
    keys : ndarray of uint64, shape (cells, examples)
        Their hashes.

    Returns
    -------
    ndarray of int64, shape (drawn, 2)
        At most 8 pairs.

    Examples
    --------
    >>> reservoir = Reservoir(2)
    >>> reservoir.add(np.array([0, 1]), np.array([5, 6]), np.array([1, 2]))
    >>> sorted(smallest(*reservoir.finish()).tolist())
    [[5, 1], [6, 2]]
    """
    flat, order = pairs.reshape(-1, 2), np.argsort(keys.ravel(), kind="stable")
    chosen = flat[order[:EXAMPLES]]
    return chosen[chosen[:, 0] >= 0].astype(np.int64)


def _mix(values: UInt64[np.ndarray, " n"]) -> UInt64[np.ndarray, " n"]:
    mixed = values + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    result: np.ndarray = mixed ^ (mixed >> np.uint64(31))
    return result
