"""Every item that cannot be used is reported with its id and a reason, and nothing else is touched."""

from __future__ import annotations

import subprocess
import sys
import warnings

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedscope._errors import EmbedscopeWarning, InputError
from embedscope.items.problems import Problem, as_ids, settle

IDS = ["a", "b", "a", None]
REASONS = {1: "the text is empty"}


def settled(on_error: str):
    columns = pa.table({"label": [0, 1, 2, 3]})
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        return settle(["A", "", "B", "C"], REASONS, IDS, columns, on_error), caught


def test_skip_leaves_out_and_warns_once() -> None:
    parts, caught = settled("skip")
    assert (parts.ids, parts.payloads, parts.columns["label"].to_pylist()) == (("a",), ("A",), [0])
    assert parts.problems == (
        Problem("b", "the text is empty", 1),
        Problem("a", "the id was already used in row 0", 2),
        Problem("(row 3)", "the id is missing", 3),
    )
    assert [one.category for one in caught] == [EmbedscopeWarning]
    assert "3 of 4 items" in str(caught[0].message)
    assert "'b' (row 1): the text is empty" in str(caught[0].message)


def test_mark_keeps_what_has_an_id() -> None:
    parts, _ = settled("mark")
    assert (parts.ids, parts.payloads) == (("a", "b"), ("A", None))
    assert parts.columns["problem"].to_pylist() == [None, "the text is empty"]
    assert parts.columns["label"].to_pylist() == [0, 1]
    assert len(parts.problems) == 3


def test_raise_names_the_first_and_says_what_to_type() -> None:
    with pytest.raises(InputError, match=r"3 of 4 items.*'b' \(row 1\).*on_error='skip'"):
        settled("raise")


def test_without_problems_nothing_is_said() -> None:
    parts = settle(["A"], {}, ["a"], pa.table({}), "mark")
    assert (parts.problems, parts.columns.num_columns) == ((), 0)


def test_an_unknown_choice_is_refused_even_without_problems() -> None:
    # In a process of its own: here beartype would refuse it first.
    code = "import pyarrow as pa; from embedscope.items.problems import settle; "
    code += "settle(['A'], {}, ['a'], pa.table({}), 'ignore')"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "MissingError: No on_error is called 'ignore'" in run.stderr


def test_mark_does_not_write_over_a_column_called_problem() -> None:
    with pytest.raises(InputError, match="rename it"), pytest.warns(EmbedscopeWarning):
        settle([None], {0: "no"}, ["a"], pa.table({"problem": [1]}), "mark")


def test_many_problems_are_counted_and_a_few_are_shown() -> None:
    with pytest.warns(EmbedscopeWarning, match="and 95 more") as caught:
        settle([None] * 100, dict.fromkeys(range(100), "no"), list(range(100)), pa.table({}), "skip")
    assert len(str(caught[0].message)) < 400


@settings(deadline=None)
@given(st.lists(st.tuples(st.one_of(st.none(), st.integers(0, 5)), st.booleans()), max_size=12))
def test_no_item_is_lost_unsaid(rows: list[tuple[int | None, bool]]) -> None:
    ids = [one for one, _ in rows]
    reasons = {row: "no" for row, (_, bad) in enumerate(rows) if bad}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for on_error in ("skip", "mark"):
            parts = settle(["x"] * len(rows), reasons, ids, pa.table({}), on_error)
            usable = sum(payload is not None for payload in parts.payloads)
            assert usable + len(parts.problems) == len(rows)
            assert len(set(parts.ids)) == len(parts.ids)


def test_numpy_ids_become_plain() -> None:
    ids = as_ids(list(np.arange(2)), 2)
    assert ids == [0, 1]
    assert {type(one) for one in ids} == {int}
    assert type(as_ids([np.str_("a")], 1)[0]) is str


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        ([1], "1 ids came for 2 items"),
        ([1, "a"], "both int and str"),
        ([1.5, 2.0], "must be a str or an int"),
        ([True, False], "must be a str or an int"),
    ],
)
def test_ids_that_do_not_fit(ids: list[object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        as_ids(ids, 2)


def test_a_nan_is_a_missing_id() -> None:
    assert as_ids(["a", float("nan")], 2) == ["a", None]
