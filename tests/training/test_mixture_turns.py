from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedscope._errors import InputError
from embedscope.training.mixture_turns import Turns

RATES = st.lists(st.one_of(st.integers(1, 50), st.floats(1e-3, 1e3)), min_size=1, max_size=8)


@settings(max_examples=60, deadline=None)
@given(RATES)
def test_after_any_number_of_turns_each_has_had_its_share_within_one(rates):
    turns = Turns(rates)
    exact = [Fraction(rate) / sum(map(Fraction, rates)) for rate in rates]
    counts = [0] * len(rates)
    for step in range(1, 120):
        counts[turns.take()] += 1
        assert all(abs(count - share * step) < 1 for count, share in zip(counts, exact, strict=True))
    assert turns.given == counts


def test_equal_rates_go_round_and_a_whole_period_is_exact():
    assert [Turns([0.1] * 3).take() for _ in range(2)] == [0, 0]
    turns = Turns([1, 1, 1])
    assert [turns.take() for _ in range(6)] == [0, 1, 2, 0, 1, 2]
    turns = Turns([5, 3, 2])
    for _ in range(3):
        drawn = [turns.take() for _ in range(10)]
        assert [drawn.count(number) for number in range(3)] == [5, 3, 2]


def test_from_what_was_given_it_goes_on():
    whole, first, second = Turns([7, 2, 4]), Turns([7, 2, 4]), Turns([7, 2, 4])
    wanted = [whole.take() for _ in range(40)]
    drawn = [first.take() for _ in range(17)]
    second.given = first.given
    assert drawn + [second.take() for _ in range(23)] == wanted


@pytest.mark.parametrize(
    ("rates", "said"), [([], "No rate"), ([1, 0], "A rate of 0"), ([float("inf")], "A rate of inf")]
)
def test_what_is_no_rate_says_so(rates, said):
    with pytest.raises(InputError, match=said):
        Turns(rates)
