"""Texts of every sort come in whole; what is no text is reported."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedscope._errors import EmbedscopeWarning, InputError
from embedscope.items.items import Items

BAD = ["", " \n\t ", None, float("nan"), pd.NA, 7, b"bytes", ["list"]]


@settings(deadline=None)
@given(st.lists(st.text(min_size=1).filter(lambda text: not text.isspace())))
def test_any_unicode_text_is_kept_as_it_is(texts: list[str]) -> None:
    assert Items.from_texts(texts, on_error="raise").payloads == tuple(texts)


def test_bidi_surrogates_and_a_megabyte() -> None:
    texts = ["\u202e\u05e9\u05dc\u05d5\u05dd", "\ud800", "x" * 1_000_000, "👩‍👩‍👧"]
    items = Items.from_texts(texts)
    assert items.payloads == tuple(texts)
    assert len({items.content_hash(row) for row in range(4)}) == 4


@pytest.mark.parametrize(
    "texts", [("a", "b"), np.array(["a", "b"]), pd.Series(["a", "b"]), pl.Series(["a", "b"])]
)
def test_any_sequence_of_texts(texts: object) -> None:
    items = Items.from_texts(texts)
    assert items.payloads == ("a", "b")
    assert {type(text) for text in items.payloads} == {str}


def test_each_bad_value_is_reported_with_its_id_and_reason() -> None:
    ids = [f"i{row}" for row in range(len(BAD))]
    with pytest.warns(EmbedscopeWarning, match=f"{len(BAD)} of {len(BAD) + 1} items"):
        items = Items.from_texts([*BAD, "good"], ids=[*ids, "good"])
    assert items.ids == ("good",)
    assert [problem.id for problem in items.problems] == ids
    assert [problem.reason for problem in items.problems] == [
        *["the text is empty"] * 2,
        *["the text is missing"] * 3,
        "a text was wanted and int came",
        "a text was wanted and bytes came",
        "a text was wanted and list came",
    ]


def test_row_numbers_stay_the_ids_of_what_is_left() -> None:
    with pytest.warns(EmbedscopeWarning):
        assert Items.from_texts(["a", "", "c"]).ids == (0, 2)


def test_a_single_text_is_a_mistake() -> None:
    with pytest.raises(InputError, match=r"Put it in a list"):
        Items.from_texts("one text")


def test_no_texts_are_no_items() -> None:
    assert len(Items.from_texts([])) == 0
