"""``cell``: the anchors that make a cell of the heatmap what it is, from what was kept."""

from __future__ import annotations

from embedscope.views.answers.heatmap import Heatmaps
from embedscope.views.answers.whole_numbers import whole_number
from embedscope.views.channel import Answer, Request


class Cells:
    """Answers a cell's worst anchors without a new pass.

    Parameters
    ----------
    heatmaps : Heatmaps
        Has kept the heatmap.
    """

    def __init__(self, heatmaps: Heatmaps) -> None:
        self._heatmaps = heatmaps

    def __call__(self, request: Request) -> Answer:
        """Answer a request.

        Parameters
        ----------
        request : Request
            ``by``, ``bandwidth``, ``row`` and ``column``.

        Returns
        -------
        Answer
            ``rows`` and ``contributions``, the most telling first, at most 20.

        Raises
        ------
        InputError
            If the heatmap was not kept, or has no such cell.
        """
        found = self._heatmaps.kept(request)
        row, column = (whole_number(request, name, len(found.groups)) for name in ("row", "column"))
        anchors = found.worst_anchors(row, column)
        return Answer({"rows": anchors.rows.tolist(), "contributions": anchors.contributions.tolist()})
