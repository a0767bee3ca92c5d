"""What a map can be coloured by: its clusters, its columns, its trust, its density."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from embedscope._errors import InputError, unknown_name
from embedscope.clusters.cluster import Clusters
from embedscope.items.columns import as_array
from embedscope.items.items import Items
from embedscope.layouts.layout import Layout
from embedscope.views.categories import cluster_coloring
from embedscope.views.coloring import Coloring, no_coloring
from embedscope.views.colors import column_coloring, number_coloring, values_kind
from embedscope.views.density import point_density

_OWN = ("cluster", "trust", "density", "none")
_MANY = 256


@dataclass(frozen=True, eq=False)
class ColorChoices:
    """All colourings of a map, made when they are asked for.

    A column that is called like one of the map's own choices (cluster, trust, density, none) has the key
    ``"column:<name>"``.

    Parameters
    ----------
    items : Items
        Their columns can be coloured by.
    layout : Layout
        For trust and density.
    clusters : Clusters
        For clusters.
    given : mapping of str to pyarrow.Array
        Values that were handed in, by title.
    """

    items: Items
    layout: Layout
    clusters: Clusters
    given: dict[str, pa.Array] = field(default_factory=dict)

    def listing(self) -> list[dict[str, str]]:
        """List what is worth choosing, as the widget's ``color_choices``.

        Returns
        -------
        list of dict
            ``key``, ``title`` and ``kind`` of each. Columns of free text (more than 256 different values,
            and more than half as many as items) can be named but are not listed.
        """
        columns = {
            **{_key(name): name for name in self._columns()},
            **{key: key.removeprefix("given:") for key in self.given},
        }
        listed = [("cluster", "cluster", "category")]
        for key, title in columns.items():
            kind = values_kind(self._values(key))
            if kind is not None and not _is_free_text(self._values(key), kind):
                listed.append((key, title, kind))
        listed += [("trust", "trust in the map", "number"), ("density", "density", "number")]
        listed.append(("none", "one colour", "none"))
        return [{"key": key, "title": title, "kind": kind} for key, title, kind in listed]

    def keys(self) -> list[str]:
        """Name everything that `make` takes.

        Returns
        -------
        list of str
            The map's own choices, then the columns.
        """
        return [*color_keys(self.items), *self.given]

    def add(self, title: str, values: Any) -> str:
        """Take in values to colour by.

        Parameters
        ----------
        title : str
            Names the choice.
        values : sequence
            One an item.

        Returns
        -------
        str
            The key of the new choice.

        Raises
        ------
        InputError
            If there are more or fewer values than items.
        """
        array = as_array(title, values)
        if len(array) != len(self.items):
            raise InputError(f"{len(array)} values came to colour {len(self.items)} items; give one each.")
        key = f"given:{title}" if title in self.keys() and title not in self.given else title
        self.given[key] = array
        return key

    def make(self, key: str) -> Coloring:
        """Make one colouring.

        Parameters
        ----------
        key : str
            One of `keys`.

        Returns
        -------
        Coloring
            Codes or values of all items, with the legend.

        Raises
        ------
        MissingError
            If there is no such choice.
        InputError
            If the column holds what has no colour.
        """
        check_color(key, self.keys())
        if key == "cluster":
            return cluster_coloring(self.clusters.labels, self.clusters.name_of)
        if key == "trust":
            return number_coloring(self.layout.point_trust, key, "trust in the map")
        if key == "density":
            return number_coloring(point_density(self.layout.coords), key, key)
        if key == "none":
            return no_coloring()
        return column_coloring(self._values(key), key, key.removeprefix("column:").removeprefix("given:"))

    def _columns(self) -> Sequence[str]:
        return [str(name) for name in self.items.columns.column_names]

    def _values(self, key: str) -> pa.Array | pa.ChunkedArray:
        if key in self.given:
            return self.given[key]
        return self.items.columns.column(key.removeprefix("column:").removeprefix("given:"))


def color_keys(items: Items) -> list[str]:
    """Name what a map of some items can be coloured by, before there is a map.

    Parameters
    ----------
    items : Items
        What is mapped.

    Returns
    -------
    list of str
        The map's own choices, then the columns.
    """
    return [*_OWN, *(_key(str(name)) for name in items.columns.column_names)]


def check_color(key: str, keys: Sequence[str]) -> None:
    """Raise if a colouring is not there.

    Parameters
    ----------
    key : str
        What was typed.
    keys : sequence of str
        What there is.

    Raises
    ------
    MissingError
        With the choices that there are.
    """
    if key not in keys:
        raise unknown_name("column or colouring", key, keys)


def _key(column: str) -> str:
    return f"column:{column}" if column in _OWN else column


def _is_free_text(values: pa.Array | pa.ChunkedArray, kind: str) -> bool:
    if kind != "category" or pa.types.is_null(values.type):
        return False
    plain = values.cast(values.type.value_type) if pa.types.is_dictionary(values.type) else values
    distinct = pc.count_distinct(plain).as_py()
    return bool(distinct > _MANY and distinct > len(values) / 2)
