"""``pairs``: examples of the pairs in a bin, with their distances."""

from __future__ import annotations

from embedscope._errors import InputError
from embedscope.comparison.chosen_pairs import measure_pairs
from embedscope.views.answers.distributions import PairDistributions
from embedscope.views.answers.whole_numbers import whole_number_or_none
from embedscope.views.channel import Answer, Request
from embedscope.views.json_numbers import number


class ExamplePairs:
    """Answers a bin's example pairs, which were kept when the pairs were counted.

    Parameters
    ----------
    distributions : PairDistributions
        Has counted them.
    """

    def __init__(self, distributions: PairDistributions) -> None:
        self._distributions = distributions

    def __call__(self, request: Request) -> Answer:
        """Answer a request.

        Parameters
        ----------
        request : Request
            ``by``, ``pairs`` (the kind), and the bins ``teacher`` and ``student``, or null for any.

        Returns
        -------
        Answer
            At most 8 of ``rows`` (two), ``teacher`` and ``student`` (distances in the distributions' unit).

        Raises
        ------
        InputError
            If there is no such bin, or no pairs of a selection were counted.
        MissingError
            If there are no pairs of the kind.
        """
        found = self._distributions.found(request)
        kind = str(request.content.get("pairs"))
        if kind == "selected":
            pairs = self._distributions.selected.get(str(request.content.get("by") or ""))
            if pairs is None:
                raise InputError("No pairs of a selection were counted: select 2 to 2,000 items.")
        else:
            pairs = found[kind]
        bins = pairs.scale.bins
        teacher, student = (whole_number_or_none(request, side, bins) for side in ("teacher", "student"))
        rows = pairs.examples(teacher, student)
        measured = measure_pairs(self._distributions.choices().comparison.matched, rows, pairs.scale)
        return Answer(
            [
                {"rows": both, "teacher": number(one), "student": number(other)}
                for both, (one, other) in zip(rows.tolist(), measured.tolist(), strict=True)
            ]
        )
