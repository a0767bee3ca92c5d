"""What of a comparison is shown first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from embedscope._errors import InputError
from embedscope.comparison.bandwidth import Bandwidth
from embedscope.comparison.comparison import Comparison


@dataclass(frozen=True, eq=False)
class ComparisonView:
    """A comparison, and what a view of it shows first; `explore` takes it in place of the comparison.

    Parameters
    ----------
    comparison : Comparison
        What is explored.
    by : str, Clusters, or sequence of values, optional
        What groups the items at first: a column, ``"cluster"`` (the map's), clusters, or a value an item. The
        comparison's label if not given.
    bandwidth : Bandwidth, optional
        How distances become probabilities at first; perplexity 30 if not given.

    Raises
    ------
    InputError
        If it is no comparison, or no bandwidth.

    Examples
    --------
    >>> from embedscope.comparison.comparison import compare
    >>> from embedscope.spaces.space import Space
    >>> spaces = [Space.from_arrays(vectors) for vectors in ([[0, 1], [1, 0]], [[0, 1], [1, 1]])]
    >>> ComparisonView(compare(*spaces), bandwidth=Bandwidth.mean_distance(0.1)).bandwidth
    Bandwidth.mean_distance(0.1)
    """

    # Any: what came instead is told in words of what to type.
    comparison: Any
    by: Any = None
    bandwidth: Any = None

    def __post_init__(self) -> None:
        if not isinstance(self.comparison, Comparison):
            raise InputError(
                f"ComparisonView() takes a comparison; a {type(self.comparison).__name__} came. Make one "
                "with embedscope.compare(teacher, student)."
            )
        if self.bandwidth is not None and not isinstance(self.bandwidth, Bandwidth):
            raise InputError(
                f"bandwidth={self.bandwidth!r}: wanted for example Bandwidth.perplexity(30) or "
                "Bandwidth.mean_distance(0.25)."
            )
