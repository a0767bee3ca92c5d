"""What the items of a comparison can be grouped by: columns, the map's clusters, values of one's own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from embedscope._errors import InputError, unknown_name
from embedscope.clusters.cluster import Clusters
from embedscope.comparison.comparison import Comparison
from embedscope.comparison.groups import Groups

CLUSTER = "cluster"
_MOST_GROUPS = 200
_MOST_CHOICES = 12
_GIVEN = "values"


@dataclass(frozen=True, eq=False)
class GroupChoices:
    """Ways to group the items of a comparison, by key.

    A column that is called like one of the view's own ways (cluster) has the key ``"column:<name>"``, as in
    the colours.

    Parameters
    ----------
    comparison : Comparison
        Its columns can be grouped by: the teacher's, and those that only the student has.
    clusters : Clusters
        The map's.
    first : object, optional
        What is shown first: a key, clusters, or a value an item; the comparison's label if not given.
    """

    comparison: Comparison
    clusters: Clusters
    first: Any = None
    _found: dict[str, Groups] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        if self.first is not None:
            self.groups(self.first_key)

    @property
    def first_key(self) -> str:
        """Key of what is shown first; empty where nothing groups the items."""
        if isinstance(self.first, str):
            return self.first
        if self.first is not None:
            return _GIVEN
        listed = self.listing()
        return str(listed[0]["key"]) if listed else ""

    def groups(self, key: str) -> Groups:
        """Group the items.

        Parameters
        ----------
        key : str
            One of the listing, any other column, or ``""``: all items are one group.

        Returns
        -------
        Groups
            One group an item.

        Raises
        ------
        MissingError
            If there is no such way.
        InputError
            If the values cannot group the items.
        """
        if key not in self._found:
            self._found[key] = self._make(key)
        return self._found[key]

    def listing(self) -> list[dict[str, Any]]:
        """List what is worth choosing, as the ``groups`` of the widget's ``comparison``.

        Returns
        -------
        list of dict
            ``key``, ``title`` and ``n`` groups of each, what is shown first at the front, the clusters last;
            at most 12, each with 2 to 200 groups (but for what was asked for to be first).
        """
        label = self._label_key()
        front = [_GIVEN] if self.first is not None and not isinstance(self.first, str) else []
        front += [self.first] if isinstance(self.first, str) and self.first else []
        rest = [*([label] if label else []), *self._columns()]
        last = [CLUSTER] if CLUSTER not in front and len(self.clusters) > 1 else []
        keys = [*dict.fromkeys([*front, *(key for key in rest if self._worth(key))])]
        return [self._choice(key) for key in [*keys[: _MOST_CHOICES - len(last)], *last]]

    def _choice(self, key: str) -> dict[str, Any]:
        return {"key": key, "title": self.title(key), "n": len(self.groups(key))}

    def title(self, key: str) -> str:
        """Say what a key groups by.

        Parameters
        ----------
        key : str
            As `groups` takes it.

        Returns
        -------
        str
            A column's name, ``"cluster"``, or ``"all items"``.
        """
        return key.removeprefix("column:") if key else "all items"

    def _make(self, key: str) -> Groups:
        matched = self.comparison.matched
        if not key:
            return Groups.one(len(matched))
        if key == _GIVEN and self.first is not None and not isinstance(self.first, str):
            return matched.groups(self.first)
        if key == CLUSTER:
            return matched.groups(self.clusters)
        if {"label": matched.label, "domain": matched.domain}.get(key) is not None:
            return matched.groups(key)
        name = key.removeprefix("column:")
        if name not in self._names():
            raise unknown_name("column or way to group", key, [*self._columns(), CLUSTER])
        return Groups.of(self._values(name), name)

    def _label_key(self) -> str:
        matched = self.comparison.matched
        if not matched.has_groups():
            return ""
        if matched.label is not None and not isinstance(matched.label, str):
            return "label"
        return _key(matched.groups().by)

    def _names(self) -> list[str]:
        spaces = self.comparison.teacher, self.comparison.student
        return list(dict.fromkeys(str(name) for space in spaces for name in space.items.columns.column_names))

    def _columns(self) -> list[str]:
        return [_key(name) for name in self._names()]

    def _values(self, name: str) -> pa.ChunkedArray:
        teacher, student = self.comparison.teacher.items.columns, self.comparison.student.items.columns
        return (teacher if name in teacher.column_names else student).column(name)

    def _worth(self, key: str) -> bool:
        name = key.removeprefix("column:")
        if name in self._names() and not _may_group(self._values(name)):
            return False
        try:
            return 2 <= len(self.groups(key)) <= _MOST_GROUPS
        except InputError:
            # Every value is missing: there is nothing to group by, and nothing to offer.
            return False


def _key(column: str) -> str:
    return f"column:{column}" if column in (CLUSTER, _GIVEN) else column


def _may_group(values: pa.ChunkedArray) -> bool:
    """Tell at little cost whether a column may have 2 to 200 values."""
    kind = values.type.value_type if pa.types.is_dictionary(values.type) else values.type
    if pa.types.is_nested(kind) or pa.types.is_null(kind):
        return False
    plain = values.cast(kind) if pa.types.is_dictionary(values.type) else values
    distinct: int = pc.count_distinct(plain, mode="all").as_py()
    return 2 <= distinct <= _MOST_GROUPS + 1
