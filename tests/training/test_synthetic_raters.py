"""Raters: every prompt holds what is judged, and only a plain number is a verdict."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedscope._errors import InputError
from embedscope.training.synthetic_answers import Asker
from embedscope.training.synthetic_prompts import Example
from embedscope.training.synthetic_raters import (
    Rater,
    likelihood_rater,
    quality_rater,
    read_whole_number,
    relevance_rater,
)


@pytest.mark.parametrize(
    "answer", ["", "two", "2.0", "-1", "+2", "2 2", "Grade: 2", "4", "2.", "²", "٢", "1_0"]
)
def test_anything_but_a_plain_number_is_no_verdict(answer) -> None:
    assert read_whole_number(answer, 0, 3) is None


@given(st.integers(0, 200), st.sampled_from(["", " ", "\n"]))
def test_a_plain_number_in_range_is_one(number, space) -> None:
    read = read_whole_number(f"{space}{number}{space}", 0, 100)
    assert read == (number if number <= 100 else None)


def test_prompts_hold_what_is_judged() -> None:
    seen: list[str] = []

    def listen(prompts):
        seen.extend(prompts)
        return ["1"] * len(prompts)

    # Braces are a text's own: nothing is filled in.
    pair = ("what is {query}?", "f'{passage}' {0}")
    for rater in (relevance_rater(listen), likelihood_rater(listen), quality_rater(listen)):
        [verdict] = rater.rate([pair], Asker())
        assert (verdict.answer, verdict.score) == ("1", 1)
        assert verdict.prompt == seen[-1]
        assert all(text in verdict.prompt for text in pair)
    assert len(set(seen)) == 3


def test_examples_are_shown_with_their_verdicts() -> None:
    def silent(prompts):
        return [""] * len(prompts)

    examples = [Example("good query", "good text", True), Example("bad query", "bad text", False)]
    [verdict] = quality_rater(silent, examples).rate([("mine", "own")], Asker())
    blocks = [block for block in verdict.prompt.split("\n\n") if block.startswith("Query: ")]
    assert blocks == [
        "Query: good query\nDocument: good text\nVerdict: 1",
        "Query: bad query\nDocument: bad text\nVerdict: 0",
        "Query: mine\nDocument: own\nVerdict:",
    ]
    assert verdict.score is None


def test_raters_that_cannot_be_are_refused() -> None:
    def write(query, document):
        return query + document

    for name, low, high, said in [
        ("two words", 0, 1, "one word"),
        ("a", 1, 1, "low < high"),
        ("a", -1, 1, "0 <="),
    ]:
        with pytest.raises(InputError, match=said):
            Rater(name, print, write, low, high)
    with pytest.raises(InputError, match="has no name"):
        Rater("a", lambda prompts: prompts, write, 0, 1)
