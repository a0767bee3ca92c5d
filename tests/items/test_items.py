"""Items keep ids, payloads, columns and hashes together through every selection."""

from __future__ import annotations

import pickle

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedscope._errors import EmbedscopeWarning, InputError, MissingError
from embedscope.items.items import Items


@pytest.fixture
def items() -> Items:
    return Items.from_texts(["A", "B", "C", "D"], ids=["a", "b", "c", "d"], columns={"n": [0, 1, 2, 3]})


@pytest.mark.parametrize("rows", [[2, 0], np.array([2, 0]), np.array([2, 0], np.uint8), np.array([-2, 0])])
def test_take_keeps_the_order_asked_for(items: Items, rows: object) -> None:
    taken = items.take(rows)
    assert (taken.ids, taken.payloads, taken.column("n").tolist()) == (("c", "a"), ("C", "A"), [2, 0])


def test_take_by_mask(items: Items) -> None:
    assert items.take(items.column("n") > 1).ids == ("c", "d")
    with pytest.raises(InputError, match="3 values for 4 items"):
        items.take(np.ones(3, np.bool_))


def test_take_refuses_what_is_not_there(items: Items) -> None:
    with pytest.raises(InputError, match="Rows run from 0 to 3"):
        items.take([4])
    with pytest.raises(InputError, match="An id comes twice"):
        items.take([1, 1])
    assert len(items.take([])) == 0


def test_subset_and_rows_of(items: Items) -> None:
    assert items.subset(["d", "a"]).payloads == ("D", "A")
    assert items.rows_of(["d", "a"]).tolist() == [3, 0]
    with pytest.raises(MissingError, match=r"2 of 3 ids .*'x', 'y'.*look like 'a', 'b', 'c'"):
        items.subset(["a", "x", "y"])


@settings(deadline=None)
@given(st.lists(st.integers(), unique=True), st.integers(0, 20), st.integers(0, 5))
def test_a_sample_is_a_part_in_order(ids: list[int], n: int, seed: int) -> None:
    whole = Items.from_texts([str(one) for one in ids], ids=ids)
    drawn = whole.sample(n, seed)
    rows = whole.rows_of(drawn.ids)
    assert len(drawn) == min(n, len(ids))
    assert np.all(np.diff(rows) > 0)
    assert drawn.ids == whole.sample(n, seed).ids
    assert drawn.payloads == tuple(str(one) for one in drawn.ids)


def test_samples_of_other_seeds_differ() -> None:
    whole = Items.from_texts([str(n) for n in range(1000)])
    assert whole.sample(10, 0).ids != whole.sample(10, 1).ids
    with pytest.raises(InputError, match="0 or more"):
        whole.sample(-1)


def test_columns_can_be_added_and_replaced(items: Items) -> None:
    more = items.with_column("m", list("wxyz")).with_column("n", np.zeros(4))
    assert (more.columns.column_names, more.column("n").tolist()) == (["n", "m"], [0.0] * 4)
    assert items.columns.column_names == ["n"]
    with pytest.raises(InputError, match="3 values came for 4 items"):
        items.with_column("m", [1, 2, 3])


def test_a_column_on_items_without_columns() -> None:
    assert Items.from_texts(["A"]).with_column("x", [1]).column("x").tolist() == [1]


def test_hashes_are_of_the_content_and_are_kept(items: Items) -> None:
    other = Items.from_texts(["B", "A"])
    assert items.content_hash(0) == other.content_hash(1)
    assert items.content_hash(0) != items.content_hash(1)
    taken = items.take([1, 0])
    assert taken._hashes == {0: items.content_hash(1), 1: items.content_hash(0)}
    assert len(items.content_hash(0)) == 16


def test_valid_leaves_out_what_is_marked_and_keeps_the_list() -> None:
    with pytest.warns(EmbedscopeWarning):
        items = Items.from_texts(["A", "", "C"], on_error="mark")
    assert (len(items), items.valid.ids, len(items.valid.problems)) == (3, (0, 2), 1)
    assert items.take([0]).problems == ()
    with pytest.raises(InputError, match="marked as a problem"):
        items.content_hash(1)


def test_parts_that_do_not_fit_are_refused() -> None:
    with pytest.raises(InputError, match="2 ids came for 1 payloads"):
        Items(("a", "b"), ("A",), "text", pa.table({}))
    with pytest.raises(InputError, match="2 rows for 1 items"):
        Items(("a",), ("A",), "text", pa.table({"x": [1, 2]}))
    with pytest.raises(InputError, match="An id comes twice"):
        Items(("a", "a"), ("A", "B"), "text", pa.table({}))


def test_items_travel_between_processes(items: Items) -> None:
    copy = pickle.loads(pickle.dumps(items))
    assert (copy.ids, copy.payloads, copy.columns) == (items.ids, items.payloads, items.columns)
