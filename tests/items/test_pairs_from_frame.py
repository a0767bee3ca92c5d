"""A frame of pairs: equal texts are one item, and rows that cannot be used are reported."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest

from embedscope._errors import EmbedscopeWarning, InputError, MissingError
from embedscope.items.pairs import Pairs


def test_equal_texts_are_one_item_with_the_id_of_its_first_row() -> None:
    pairs = Pairs.from_frame(pd.DataFrame({"query": ["a", "b", "a"], "document": ["x", "x", "y"]}))
    assert (pairs.queries.ids, pairs.documents.ids) == (("q0", "q1"), ("d0", "d2"))
    assert pairs.matches.tolist() == [[0, 0], [1, 0], [0, 1]]


def test_rows_without_a_text_are_reported_and_their_columns_go_too() -> None:
    frame = pa.table({"query": ["a", None, "c"], "document": ["x", "y", " "], "n": [0, 1, 2]})
    with pytest.warns(EmbedscopeWarning, match="2 of 3 pairs cannot be used"):
        pairs = Pairs.from_frame(frame)
    assert [(problem.row, problem.reason) for problem in pairs.problems] == [
        (1, "query: the text is missing"),
        (2, "document: the text is empty"),
    ]
    assert pairs.columns["n"].to_pylist() == [0]
    with pytest.raises(InputError, match="on_error='skip'"):
        Pairs.from_frame(frame, on_error="raise")


def test_pairs_cannot_be_marked() -> None:
    with pytest.raises(MissingError, match="on_error of pairs"):
        Pairs.from_frame(pa.table({"query": ["a"], "document": ["b"]}), on_error="mark")


def test_negatives_by_text_by_list_and_none() -> None:
    frame = pa.table({"query": ["a", "b"], "document": ["x", "y"], "bad": ["z", None]})
    assert Pairs.from_frame(frame, negative="bad").negatives.tolist() == [[0, 2]]
    frame = pa.table({"query": ["a"], "document": ["x"], "bad": [["z", "w", ""]]})
    pairs = Pairs.from_frame(frame, negative="bad")
    assert pairs.documents.payloads == ("x", "z", "w")
    assert len(set(pairs.documents.ids)) == 3


def test_a_column_that_is_not_there() -> None:
    with pytest.raises(MissingError, match="'question'"):
        Pairs.from_frame(pa.table({"query": ["a"], "document": ["b"]}), query="question")
