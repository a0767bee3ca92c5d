"""Several spaces, compared pair by pair."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from embedscope._errors import InputError, unknown_name
from embedscope._table import Table
from embedscope.comparison.comparisons_figure import comparisons_figure
from embedscope.spaces.space import Space

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

    from embedscope.comparison.comparison import Comparison


@dataclass(frozen=True, eq=False)
class Comparisons:
    """Every pair of several spaces; in each the one that comes first is the teacher.

    Made by `compare`. A pair is compared when it is first asked for, by two names or numbers:
    ``comparisons["minilm", "wordllama"]``, ``comparisons[0, 2]``.

    Parameters
    ----------
    names : tuple of str
        What the spaces are called.
    spaces : tuple of Space
        All of them.
    make : callable
        Compares the spaces of two numbers.
    """

    names: tuple[str, ...]
    spaces: tuple[Space, ...]
    make: Callable[[int, int], Any] = field(repr=False)
    _kept: dict[tuple[int, int], Any] = field(default_factory=dict, init=False, repr=False)

    def __len__(self) -> int:
        return len(self.spaces) * (len(self.spaces) - 1) // 2

    def __iter__(self) -> Iterator[Comparison]:
        return (self[pair] for pair in combinations(range(len(self.spaces)), 2))

    def __getitem__(self, pair: Any) -> Comparison:
        if not isinstance(pair, tuple) or len(pair) != 2:
            example = f"[{self.names[0]!r}, {self.names[1]!r}]"
            raise InputError(f"[{pair!r}]: wanted two spaces, for example {example}.")
        first, second = (self._place(space) for space in pair)
        if first == second:
            raise InputError(f"{self.names[first]!r} beside itself: wanted two different spaces.")
        if (first, second) not in self._kept:
            self._kept[first, second] = self.make(first, second)
        comparison: Comparison = self._kept[first, second]
        return comparison

    def _place(self, space: str | int) -> int:
        if isinstance(space, int) and 0 <= space < len(self.names):
            return space
        if space not in self.names:
            raise unknown_name("space of this comparison", str(space), self.names)
        return self.names.index(str(space))

    def table(self, k: int = 10) -> Table:
        """Compare every pair in a line.

        Parameters
        ----------
        k : int
            Neighbours for the recall.

        Returns
        -------
        Table
            Teacher, student, shared items, recall at k with its chance level, debiased CKA, RSA, Procrustes.
        """
        rows = []
        for comparison in self:
            neighbors, aligned = comparison.neighbors(k), comparison.alignment(k)
            rows.append(
                (
                    *comparison.names,
                    len(comparison),
                    float(neighbors.recall.mean()),
                    neighbors.chance(),
                    *(_known(value) for value in (aligned.cka, aligned.rsa, aligned.procrustes)),
                )
            )
        columns = ("teacher", "student", "items", f"recall@{k}", "chance", "CKA", "RSA", "Procrustes")
        return Table(columns, rows, f"{len(self.spaces)} spaces, pair by pair")

    def figure(self, k: int = 10) -> Figure:
        """Draw every pair's recall: ``.figure()`` of a result gives an ordinary plotly figure to restyle.

        Parameters
        ----------
        k : int
            Neighbours.

        Returns
        -------
        plotly.graph_objects.Figure
            A square a pair; each pair is compared where it was not yet.
        """
        return comparisons_figure(self, k)

    def to_table(self) -> Table:
        """List the spaces.

        Returns
        -------
        Table
            Name, items, dims and metric.
        """
        rows = [
            (name, len(space), space.dims, space.metric)
            for name, space in zip(self.names, self.spaces, strict=True)
        ]
        return Table(("space", "items", "dims", "metric"), rows, f"{len(self)} comparisons")

    def to_frame(self) -> pa.Table:
        """Give the comparison of every pair as an Arrow table.

        Returns
        -------
        pyarrow.Table
            As `table`.
        """
        return self.table().to_frame()

    def __repr__(self) -> str:
        return repr(self.to_table())

    def _repr_html_(self) -> str:
        return self.to_table()._repr_html_()


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
