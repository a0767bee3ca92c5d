"""``truncation``: how many neighbours a side's first dims keep."""

from __future__ import annotations

from collections.abc import Callable

from embedscope._errors import unknown_name
from embedscope.comparison.comparison import Comparison, K
from embedscope.comparison.matched import Side
from embedscope.views.channel import Answer, Request
from embedscope.views.long_work import LongWork

_SIDES: tuple[Side, Side] = ("teacher", "student")


class Truncations:
    """Answers a side's curve of recall over dims, computed once.

    Parameters
    ----------
    comparison : callable
        Gives the comparison as it is now.
    work : LongWork
        Runs the measurement.
    """

    def __init__(self, comparison: Callable[[], Comparison], work: LongWork) -> None:
        self._comparison, self._work = comparison, work

    def __call__(self, request: Request) -> Answer:
        """Answer a request.

        Parameters
        ----------
        request : Request
            ``side``.

        Returns
        -------
        Answer
            ``dims``, ``recall``, ``k`` and ``sampling``.

        Raises
        ------
        MissingError
            If there is no such side.
        """
        asked, comparison = request.content.get("side"), self._comparison()
        if asked not in _SIDES:
            raise unknown_name("side", str(asked), _SIDES)
        side, k = _SIDES[_SIDES.index(asked)], min(K, len(comparison) - 1)
        curve = self._work.run(request, "Measuring prefixes", lambda: comparison.truncation(side, k=k))
        return Answer(
            {
                "dims": curve.dims.tolist(),
                "recall": curve.recall.tolist(),
                "k": curve.k,
                "sampling": repr(curve.sampling),
            }
        )
