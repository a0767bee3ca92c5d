"""Groups: which items belong together, by a code each and a name a code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from jaxtyping import Int64

from embedscope._arrays import name_rows
from embedscope._errors import InputError, unknown_name
from embedscope._hashing import hash_bytes
from embedscope.clusters.cluster import UNCLUSTERED, Clusters
from embedscope.items.columns import as_array

MOST_GROUPS = 4096
_MISSING = "(missing)"


Group: TypeAlias = str | int | np.integer
"""A group's name or code; argmax and argsort of a heatmap give numpy's integers."""


@dataclass(frozen=True, eq=False)
class Groups:
    """Classes, domains or clusters of items: one code an item.

    Parameters
    ----------
    codes : ndarray of int64, shape (items,)
        Group of each item, from 0.
    names : sequence of str
        Name of each code, unique.
    by : str
        What the items were grouped by, for titles.
    missing : int, optional
        The group of the items that have no value; None where each has one.

    Raises
    ------
    InputError
        If a code has no name, a name comes twice, or there are more than 4,096 groups.

    Examples
    --------
    >>> Groups(np.array([0, 1, 1]), ("oak", "elm")).counts.tolist()
    [1, 2]
    """

    codes: Int64[np.ndarray, " items"]
    names: Sequence[str]
    by: str = "labels"
    missing: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", tuple(self.names))
        outside = np.flatnonzero((self.codes < 0) | (self.codes >= len(self.names)))
        if len(outside):
            raise InputError(
                f"Group codes of {name_rows(outside)} are not from 0 to {len(self.names) - 1}: every item "
                "needs a group. Leave these items out, or give them a group of their own."
            )
        if len(set(self.names)) < len(self.names):
            raise InputError("Group names must be unique.")
        if len(self.names) > MOST_GROUPS:
            raise InputError(
                f"{len(self.names):,} groups by {self.by} make a table of {len(self.names) ** 2:,} cells; "
                f"wanted at most {MOST_GROUPS:,}. Name a column with fewer values, or write by='cluster'."
            )

    @classmethod
    def of(cls, labels: Any, name: str = "labels") -> Groups:
        """Make groups of one label an item.

        Parameters
        ----------
        labels : Clusters, or sequence of str, numbers, booleans or None
            One an item. None and NaN are missing, and so is an item that is in no cluster.
        name : str
            What the labels are, for titles and errors.

        Returns
        -------
        Groups
            In the order of the labels, numbers by size. Missing ones are a group of their own, the last, so
            that sums over groups are sums over all items.

        Raises
        ------
        InputError
            If the labels are not of one type, or every one is missing.

        Examples
        --------
        >>> Groups.of([10, 9, 10]).names
        ('9', '10')
        >>> Groups.of(["b", "a", None], "label")
        Groups(2 by label, and 1 item without one)
        """
        if isinstance(labels, Clusters):
            codes = labels.labels.astype(np.int64)
            codes[codes < 0] = len(labels.names)
            return _with_rest(name, labels.names, codes, UNCLUSTERED)
        column = _flat(as_array(name, labels), name)
        known = column.drop_null().unique()
        if not len(known):
            raise InputError(f"Every value of {name!r} is missing: there is nothing to group by.")
        ordered = known.take(pc.sort_indices(known))
        found = pc.index_in(column, value_set=ordered).fill_null(len(ordered))
        codes = np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.int64)
        return _with_rest(name, [_name(value) for value in ordered.to_pylist()], codes, _MISSING)

    @classmethod
    def one(cls, n: int, name: str = "all") -> Groups:
        """Put all items into one group.

        Parameters
        ----------
        n : int
            Items there are.
        name : str
            Name of the group.

        Returns
        -------
        Groups
            One group.

        Examples
        --------
        >>> len(Groups.one(5))
        1
        """
        return cls(np.zeros(n, np.int64), (name,))

    def __len__(self) -> int:
        return len(self.names)

    def __repr__(self) -> str:
        if self.missing is None:
            return f"Groups({len(self):,} by {self.by})"
        n = int(self.counts[self.missing])
        return f"Groups({len(self) - 1:,} by {self.by}, and {n:,} item{'s' * (n > 1)} without one)"

    @property
    def counts(self) -> Int64[np.ndarray, " groups"]:
        """Items of each group."""
        return np.bincount(self.codes, minlength=len(self)).astype(np.int64)

    @property
    def key(self) -> tuple[str, Sequence[str], bytes]:
        """What the groups are, in a form that can be looked up: equal for equal groups."""
        return self.by, self.names, hash_bytes(self.codes.tobytes())

    @property
    def pair_up(self) -> bool:
        """Whether there are pairs of one group and pairs of two, those without a value left out."""
        counts = self.counts
        if self.missing is not None:
            counts[self.missing] = 0
        return bool((counts > 0).sum() > 1 and counts.max() > 1)

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

    def code(self, group: Group) -> int:
        """Find a group by its name or its code.

        Parameters
        ----------
        group : str or int
            The group.

        Returns
        -------
        int
            Its code.

        Raises
        ------
        MissingError
            If there is no such group; the nearest names are said.

        Examples
        --------
        >>> Groups.of(["oak", "elm"]).code("oak")
        1
        """
        if not isinstance(group, str) and 0 <= group < len(self):
            return int(group)
        if group not in self.names:
            raise unknown_name("group", str(group), self.names)
        return list(self.names).index(str(group))


def _with_rest(by: str, names: Sequence[str], codes: Int64[np.ndarray, " items"], rest: str) -> Groups:
    """Make groups whose last one, if it has items at all, is of those in none of the named ones."""
    last = len(names)
    if not (codes == last).any():
        return Groups(codes, tuple(names), by)
    return Groups(codes, (*names, rest if rest not in names else f"{rest} 2"), by, last)


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
