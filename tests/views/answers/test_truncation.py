"""The curve of a side's dims is the comparison's own."""

from __future__ import annotations

import pytest

from embedscope._errors import MissingError
from embedscope.comparison.comparison import compare
from embedscope.views.answers.truncation import Truncations
from embedscope.views.channel import Request


@pytest.mark.parametrize("side", ["teacher", "student"])
def test_the_curve_is_the_comparisons(side, comparison, work) -> None:
    result = Truncations(lambda: comparison, work)(Request("truncation", {"side": side})).result
    curve = comparison.truncation(side)
    assert result == {
        "dims": curve.dims.tolist(),
        "recall": curve.recall.tolist(),
        "k": 10,
        "sampling": repr(curve.sampling),
    }
    assert result["recall"][-1] == 1


def test_few_items_have_fewer_neighbours(comparison, work) -> None:
    few = compare(*(space.subset(["i0", "i1", "i2"]) for space in (comparison.teacher, comparison.student)))
    assert Truncations(lambda: few, work)(Request("truncation", {"side": "student"})).result["k"] == 2


@pytest.mark.parametrize("side", ["pupil", None])
def test_there_are_two_sides(side, comparison, work) -> None:
    with pytest.raises(MissingError, match="side"):
        Truncations(lambda: comparison, work)(Request("truncation", {"side": side}))
