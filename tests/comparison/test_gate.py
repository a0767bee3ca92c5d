from __future__ import annotations

import numpy as np
import pytest

from embedscope._errors import InputError, MissingError
from embedscope.comparison.comparison import compare
from embedscope.comparison.condition import MEASURES, read_conditions
from embedscope.comparison.gate import check
from embedscope.spaces.space import Space


@pytest.fixture(scope="module")
def comparison(pair):
    return compare(*pair, domain="source")


def test_an_unknown_column_is_refused(comparison):
    with pytest.raises(MissingError, match="No column is called 'kind'"):
        check(comparison, "recall@5 by kind < 0.9")


def test_the_whole_decides_and_the_offending_groups_are_named(comparison, pair):
    recall, labels = comparison.neighbors(5).recall, pair[0].items.column("label")
    means = sorted((recall[labels == label].mean(), label) for label in set(labels))
    between = (means[0][0] + means[1][0]) / 2
    gate = check(comparison, f"recall@5 < {between}")
    (verdict,) = gate.verdicts
    assert verdict.value == pytest.approx(recall.mean())
    assert verdict.failed == gate.failed == (recall.mean() < between)
    assert verdict.offenders == (
        (means[0][1], int((labels == means[0][1]).sum()), pytest.approx(means[0][0])),
    )
    all_four = check(comparison, "recall@5 < 0.999").verdicts[0]
    assert [group for group, *_ in all_four.offenders] == [label for _, label in means]
    assert all_four.failed


def test_by_asks_every_group(comparison, pair):
    recall, labels = comparison.neighbors(5).recall, pair[0].items.column("label")
    lowest = min(recall[labels == label].mean() for label in set(labels))
    limit = (lowest + recall.mean()) / 2
    assert not check(comparison, f"recall@5 < {limit}").failed
    assert check(comparison, f"recall@5 by label < {limit}").failed
    assert not check(comparison, f"recall@5 by label < {limit}", min_items=100).failed
    assert check(comparison, "recall@5 < 0.999", by="domain").verdicts[0].by == "source"


def test_large_values_offend_where_the_sign_says_so(comparison):
    (verdict,) = check(comparison, "kl > 0").verdicts
    values = [value for *_, value in verdict.offenders]
    assert verdict.failed
    assert len(values) == 4
    assert values == sorted(values, reverse=True)
    assert np.average(values, weights=[items for _, items, _ in verdict.offenders]) == pytest.approx(
        verdict.value
    )


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_can_pass_and_fail(comparison, measure):
    assert check(comparison, f"{measure} > -9").failed
    assert not check(comparison, f"{measure} > 99").failed


def test_several_conditions_fail_where_one_does(comparison):
    gate = check(comparison, ["cka < -5 or recall@5 < 2", "rsa < -5"])
    assert [verdict.failed for verdict in gate.verdicts] == [False, True, False]
    assert gate.failed
    assert "1 of 3 conditions hold: failed" in repr(gate)
    assert "FAILED" in gate._repr_html_()
    (offenders,) = gate.offenders()
    assert len(offenders) == 4
    assert repr(offenders) in repr(gate)
    frame = gate.to_frame()
    assert frame.num_rows == 3 + 4
    assert not check(comparison, "cka < -5").failed
    assert "passed" in repr(check(comparison, "cka < -5"))


def test_without_labels_there_are_no_offenders(make_spaces):
    bare = compare(*make_spaces(columns=False))
    for condition in ("recall@5 < 2", "kl > 0"):
        (verdict,) = check(bare, condition).verdicts
        assert verdict.failed
        assert verdict.offenders == ()


def test_a_measure_that_is_not_defined_is_no_pass():
    one = Space.from_arrays({"a": [1.0, 0.0], "b": [0.5, 0.5]})
    with pytest.raises(InputError, match="cka of 2 items is not defined"):
        check(compare(one, one), "cka < 0.9")


def test_k_stands_where_a_condition_says_none_and_the_seed_goes_to_the_samples(comparison):
    by_five, by_itself = check(comparison, ["recall < 0.5", "recall@3 < 0.5"], k=5).verdicts
    assert by_five.value == pytest.approx(comparison.neighbors(5).recall.mean())
    assert by_itself.value == pytest.approx(comparison.neighbors(3).recall.mean())
    assert [one.k for one in read_conditions("recall < 1 or rbo@7 < 1 or cka < 1", 5)] == [5, 7, None]
    check(comparison, "recall@4 < 0.5", seed=9)
    assert ("neighbors", 4, None, 9) in comparison._kept._results
