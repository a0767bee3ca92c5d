"""Groups of items: by a column, by clusters, or by values that were handed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from jaxtyping import Int64

from embedscope._errors import InputError
from embedscope.clusters.cluster import UNCLUSTERED, Clusters
from embedscope.items.columns import as_array

_MISSING = "(missing)"


@dataclass(frozen=True, eq=False)
class Groups:
    """A partition of the items: each is in one group.

    Parameters
    ----------
    by : str
        What they were grouped by, for titles.
    names : tuple of str
        One a group, no two equal; in the order of the values, numbers by size.
    codes : ndarray of int64, shape (items,)
        Group of each item, from 0.
    missing : int or None
        The group of the items that have no value, always the last; None where each has one.

    Examples
    --------
    >>> Groups.of(["b", "a", None, "b"], by="label")
    Groups(2 by label and 1 item without one)
    """

    by: str
    names: tuple[str, ...]
    codes: Int64[np.ndarray, " items"]
    missing: int | None = None

    @classmethod
    def of(cls, values: Any, *, by: str = "values") -> Groups:
        """Group items by a value each.

        Parameters
        ----------
        values : Clusters, or sequence of str, numbers, booleans or None
            One an item. None and NaN are missing, and so is an item that is in no cluster.
        by : str
            What the values are, for titles and errors.

        Returns
        -------
        Groups
            Missing ones are a group of their own, so that sums over groups are sums over all items.

        Raises
        ------
        InputError
            If the values are not of one type, or every one is missing.
        """
        if isinstance(values, Clusters):
            return _of_clusters(values, by)
        column = _flat(as_array(by, values), by)
        known = column.drop_null().unique()
        if not len(known):
            raise InputError(f"Every value of {by!r} is missing: there is nothing to group by.")
        ordered = known.take(pc.sort_indices(known))
        found = pc.index_in(column, value_set=ordered)
        codes = np.asarray(found.fill_null(len(ordered)).to_numpy(zero_copy_only=False), dtype=np.int64)
        return _named(by, [_name(value) for value in ordered.to_pylist()], codes, _MISSING)

    def __len__(self) -> int:
        return len(self.names)

    def __repr__(self) -> str:
        if self.missing is None:
            return f"Groups({len(self)} by {self.by})"
        n = int(self.sizes[self.missing])
        return f"Groups({len(self) - 1} by {self.by} and {n:,} item{'s' * (n > 1)} without one)"

    @property
    def sizes(self) -> Int64[np.ndarray, " groups"]:
        """Items of each group."""
        return np.bincount(self.codes, minlength=len(self.names)).astype(np.int64)

    def values(self) -> list[str]:
        """Give the name of each item's group.

        Returns
        -------
        list of str
            One an item.

        Examples
        --------
        >>> Groups.of([2, 10, 2]).values()
        ['2', '10', '2']
        """
        return [self.names[code] for code in self.codes]

    def rows(self, name: str) -> Int64[np.ndarray, " rows"]:
        """Find the items of a group.

        Parameters
        ----------
        name : str
            The group.

        Returns
        -------
        ndarray of int64, shape (rows,)
            Ascending.

        Raises
        ------
        InputError
            If there is no such group.

        Examples
        --------
        >>> Groups.of(["b", "a", "b"]).rows("b")
        array([0, 2])
        """
        if name not in self.names:
            raise InputError(
                f"No group of {self.by!r} is called {name!r}. There are: {', '.join(self.names)}."
            )
        return np.flatnonzero(self.codes == self.names.index(name))


def _named(by: str, names: Sequence[str], codes: Int64[np.ndarray, " items"], rest: str) -> Groups:
    """Make groups whose last one, if it has items at all, is of those in none of the named ones."""
    last = len(names)
    if not (codes == last).any():
        return Groups(by, tuple(names), codes)
    return Groups(by, (*names, rest if rest not in names else f"{rest} 2"), codes, last)


def _of_clusters(clusters: Clusters, by: str) -> Groups:
    codes = clusters.labels.astype(np.int64)
    codes[codes < 0] = len(clusters.names)
    return _named(by, clusters.names, codes, UNCLUSTERED)


def _flat(values: pa.Array | pa.ChunkedArray, by: str) -> pa.Array:
    """Give one array of a type that can be sorted, NaN as missing."""
    array = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if pa.types.is_nested(array.type):
        raise InputError(f"{by!r} holds lists or mappings; one word or number an item is wanted.")
    if pa.types.is_floating(array.type):
        array = pc.if_else(pc.is_nan(array), None, array)
    if pa.types.is_boolean(array.type):
        array = array.cast(pa.string())
    return array


def _name(value: Any) -> str:
    short = f"{value:g}" if isinstance(value, float) else str(value)
    # Two fractions that differ in the eighth digit are two groups and need two names.
    return repr(value) if isinstance(value, float) and float(short) != value else short
