from __future__ import annotations

import pytest

from embedscope._errors import InputError, MissingError
from embedscope.comparison.condition import Condition


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("recall@10 < 0.95", ("recall", 10, None, "<", 0.95)),
        ("recall<95%", ("recall", 10, None, "<", 0.95)),
        (" RBO @ 5  by news group <= 1e-1 ", ("rbo", 5, "news group", "<=", 0.1)),
        ("kl by label > .5", ("kl", None, "label", ">", 0.5)),
        ("cka<0.8", ("cka", None, None, "<", 0.8)),
        ("mutual_knn@3 >= 1", ("mutual_knn", 3, None, ">=", 1.0)),
    ],
)
def test_conditions_are_read(text, wanted):
    found = Condition.parse(text)
    assert (found.measure, found.k, found.by, found.sign, found.threshold) == wanted


@pytest.mark.parametrize(
    "text", ["", "recall@10", "recall@10 = 0.9", "0.95 > recall@10", "recall@x < 1", "recall@10 < high"]
)
def test_what_is_no_condition_is_refused_with_an_example(text):
    with pytest.raises(InputError, match=r"is no condition.*'recall@10 < 0.95'"):
        Condition.parse(text)


def test_unknown_measures_and_wrong_parts_are_refused():
    with pytest.raises(MissingError, match="Did you mean 'recall'"):
        Condition.parse("recal@10 < 0.9")
    with pytest.raises(InputError, match="cka has no groups"):
        Condition.parse("cka by label < 0.9")
    with pytest.raises(InputError, match="kl has no neighbours"):
        Condition.parse("kl@3 > 0.9")


@pytest.mark.parametrize(
    ("sign", "below", "equal", "above"), [("<", 1, 0, 0), ("<=", 1, 1, 0), (">", 0, 0, 1), (">=", 0, 1, 1)]
)
def test_a_condition_holds_by_its_sign(sign, below, equal, above):
    condition = Condition.parse(f"cka {sign} 0.5")
    assert [condition.holds(value) for value in (0.4, 0.5, 0.6)] == [below, equal, above]
