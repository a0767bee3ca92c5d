"""Spaces of one or more domains laid end to end, with a class and a domain each item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from jaxtyping import Int64

from embedscope._errors import InputError, MissingError
from embedscope.items.columns import as_array
from embedscope.items.items import Items
from embedscope.items.problems import ItemId
from embedscope.neighbors.distances import Points
from embedscope.neighbors.neighbors import Metric
from embedscope.spaces.space import Space

Spaces: TypeAlias = Space | Mapping[str, Space]

ONE_DOMAIN = "all"
UNLABELLED = -1


@dataclass(frozen=True, eq=False)
class Labelled:
    """Items of all domains, end to end.

    Parameters
    ----------
    spaces : tuple of Space
        Where they come from, in order.
    domains : ndarray of int64, shape (items,)
        Domain of each item.
    classes : ndarray of int64, shape (items,)
        Class of each item, never shared by two domains; -1: without a label.
    label : str
        The column that the classes come from.
    """

    spaces: tuple[Space, ...]
    domains: Int64[np.ndarray, " items"]
    classes: Int64[np.ndarray, " items"]
    label: str

    def __len__(self) -> int:
        return len(self.classes)

    @property
    def metric(self) -> Metric:
        """How near is measured."""
        return self.spaces[0].metric

    @cached_property
    def _starts(self) -> Int64[np.ndarray, " spaces"]:
        return np.cumsum([0, *(len(space) for space in self.spaces)])[:-1].astype(np.int64)

    @cached_property
    def keys(self) -> tuple[tuple[int, ItemId], ...]:
        """Domain and id of each item: what it is known by."""
        ids = [item for space in self.spaces for item in space.ids]
        return tuple(zip(self.domains.tolist(), ids, strict=True))

    def points(self, rows: Int64[np.ndarray, " rows"]) -> Points:
        """Give the vectors of some items, which must be of one length.

        Parameters
        ----------
        rows : ndarray of int64, shape (rows,)
            Ascending.

        Returns
        -------
        Points
            In the same order.
        """
        parts = []
        for start, space in zip(self._starts, self.spaces, strict=True):
            here = rows[(rows >= start) & (rows < start + len(space))] - start
            if len(here):
                parts.append(space.vectors if len(here) == len(space) else space.vectors[here])
        return Points.of(np.concatenate(parts) if len(parts) > 1 else parts[0], self.metric)

    def place(self, row: int) -> tuple[Items, int]:
        """Find an item.

        Parameters
        ----------
        row : int
            Its row among all.

        Returns
        -------
        items : Items
            Those of its space.
        row : int
            Its row in them.
        """
        place = int(np.searchsorted(self._starts, row, side="right")) - 1
        return self.spaces[place].items, row - int(self._starts[place])

    def split(self, rows: Int64[np.ndarray, " rows"]) -> list[tuple[Items, Int64[np.ndarray, " inside"]]]:
        """Give some items space by space.

        Parameters
        ----------
        rows : ndarray of int64, shape (rows,)
            Ascending.

        Returns
        -------
        list of (Items, ndarray of int64)
            Each space's items, and the rows in them.
        """
        return [
            (space.items, rows[(rows >= start) & (rows < start + len(space))] - start)
            for start, space in zip(self._starts, self.spaces, strict=True)
        ]

    def value(self, row: int, column: str) -> Any:
        """Give what a column says of an item.

        Parameters
        ----------
        row : int
            Its row among all.
        column : str
            The column.

        Returns
        -------
        object
            None where the item has no such value.
        """
        items, place = self.place(row)
        if column not in items.columns.column_names:
            return None
        return items.columns.column(column)[place].as_py()


@dataclass(frozen=True, eq=False)
class Coding:
    """Numbers for domains and classes, the same for queries and index.

    Parameters
    ----------
    label : str
        Column of the classes.
    domain : str
        Column of the domains, where one space holds several.
    """

    label: str = "label"
    domain: str = "domain"
    names: dict[str, int] = field(default_factory=dict)
    _classes: dict[tuple[int, Any], int] = field(default_factory=dict)

    def gather(self, spaces: Spaces) -> Labelled:
        """Lay spaces end to end.

        Parameters
        ----------
        spaces : Space, or mapping of domain to Space
            A single one is split by its column of domains, where it has it.

        Returns
        -------
        Labelled
            Coded.

        Raises
        ------
        InputError
            If no space came, or their metrics differ.
        MissingError
            If a space has no column of labels.
        """
        parts: dict[str | None, Space] = {None: spaces} if isinstance(spaces, Space) else dict(spaces.items())
        if not parts:
            raise InputError("No space came: give one, or a mapping of domain to space.")
        metrics = {space.metric for space in parts.values()}
        if len(metrics) > 1:
            raise InputError("Some of the spaces are cosine and some Euclidean; give spaces of one metric.")
        domains = [self._domains(name, space) for name, space in parts.items()]
        classes = [self._codes(space, codes) for space, codes in zip(parts.values(), domains, strict=True)]
        return Labelled(tuple(parts.values()), np.concatenate(domains), np.concatenate(classes), self.label)

    def _domains(self, name: str | None, space: Space) -> Int64[np.ndarray, " items"]:
        if name is None and self.domain in space.items.columns.column_names:
            values = [str(value) for value in space.items.columns.column(self.domain).to_pylist()]
        else:
            values = [ONE_DOMAIN if name is None else name] * len(space)
        return np.array([self.names.setdefault(value, len(self.names)) for value in values], np.int64)

    def _codes(self, space: Space, domains: Int64[np.ndarray, " items"]) -> Int64[np.ndarray, " items"]:
        columns = space.items.columns
        if self.label not in columns.column_names:
            known = ", ".join(columns.column_names) or "none"
            raise MissingError(
                f"The items {space.items.name!r} have no column {self.label!r}; their columns: {known}. "
                "Name the one that holds the classes: label='...'."
            )
        labels = as_array(self.label, columns.column(self.label)).to_pylist()
        return np.array(
            [
                UNLABELLED
                if value is None or value != value  # NaN
                else self._classes.setdefault((domain, _key(value)), len(self._classes))
                for domain, value in zip(domains.tolist(), labels, strict=True)
            ],
            np.int64,
        )


def _key(value: Any) -> Any:
    """Make a label a key: True is not 1, and lists and mappings cannot be looked up."""
    if isinstance(value, bool):
        return ("bool", value)
    return repr(value) if isinstance(value, list | dict) else value
