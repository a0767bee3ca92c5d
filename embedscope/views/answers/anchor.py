"""``anchor``: the items that one anchor's divergence comes from."""

from __future__ import annotations

from embedscope.views.answers.heatmap import Heatmaps
from embedscope.views.answers.whole_numbers import whole_number, whole_number_or_none
from embedscope.views.channel import Answer, Request


class Anchors:
    """Answers an anchor's terms, whole or of the items of one group.

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
            ``by``, ``bandwidth``, ``row`` of the anchor, and ``group`` or null.

        Returns
        -------
        Answer
            ``rows``, ``contributions``, ``teacher``, ``student`` (p and q) and ``kl``, at most 20 items.

        Raises
        ------
        InputError
            If the heatmap was not kept, or there is no such item or group.
        """
        found = self._heatmaps.kept(request)
        row = whole_number(request, "row", len(found.teacher))
        group = whole_number_or_none(request, "group", len(found.groups))
        pairs = found.pairs(row, group=group)
        return Answer(
            {
                "rows": pairs.rows.tolist(),
                "contributions": pairs.contributions.tolist(),
                "teacher": pairs.teacher_probability.tolist(),
                "student": pairs.student_probability.tolist(),
                "kl": pairs.kl,
            }
        )
