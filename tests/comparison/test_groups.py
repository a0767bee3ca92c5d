from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedscope._errors import InputError, MissingError
from embedscope.clusters import Clusters
from embedscope.comparison.groups import Groups


@given(st.lists(st.one_of(st.none(), st.sampled_from(["x", "y", "zebra"])), min_size=1))
def test_each_item_is_in_the_group_of_its_value(values):
    if not any(values):
        with pytest.raises(InputError, match="Every value of 'label' is missing"):
            Groups.of(values, name="label")
        return
    found = Groups.of(values, name="label")
    assert [None if v == "(missing)" else v for v in found.values()] == values
    assert found.counts.sum() == len(values)
    known = sorted({v for v in values if v})
    assert list(found.names[: len(known)]) == known
    assert found.missing == (len(known) if None in values else None)


def test_numbers_are_in_their_order_and_nan_is_missing():
    found = Groups.of(np.array([10.0, 2.0, np.nan, 2.5]))
    assert found.names == ("2", "2.5", "10", "(missing)")
    assert found.codes.tolist() == [2, 0, 3, 1]
    assert Groups.of([1.00000001, 1.0]).names == ("1", "1.00000001")


@pytest.mark.parametrize(
    "values",
    [
        ["b", "a", "b"],
        np.array(["b", "a", "b"]),
        np.array(["b", "a", "b"], dtype=object),
        pd.Series(["b", "a", "b"], dtype="category"),
        pa.chunked_array([["b"], ["a", "b"]]),
        pa.array(["b", "a", "b"]).dictionary_encode(),
    ],
)
def test_values_come_in_many_forms(values):
    assert Groups.of(values).values() == ["b", "a", "b"]


def test_booleans_are_words():
    assert Groups.of([True, False]).names == ("false", "true")


def test_items_in_no_cluster_are_a_group_of_their_own():
    labels = np.array([1, -1, 0, 0], np.int32)
    clusters = Clusters(labels, np.ones(4, np.float32), ("cats", "dogs"), "map", {})
    found = Groups.of(clusters, name="cluster")
    assert (found.names, found.missing) == (("cats", "dogs", "unclustered"), 2)
    assert found.values() == ["dogs", "unclustered", "cats", "cats"]


def test_a_value_that_is_called_missing_stays_apart():
    assert Groups.of(["(missing)", None]).names == ("(missing)", "(missing) 2")


def test_a_group_is_found_by_name_or_code():
    found = Groups.of(["b", "a", "b"], name="label")
    assert (found.code("b"), found.code(0)) == (1, 0)
    with pytest.raises(MissingError, match="No group is called 'c'"):
        found.code("c")


def test_codes_without_a_name_names_twice_and_too_many_groups_are_refused():
    with pytest.raises(InputError, match="codes of row 1 are not from 0 to 0"):
        Groups(np.array([0, 1]), ("a",))
    with pytest.raises(InputError, match="unique"):
        Groups(np.array([0, 1]), ("a", "a"))
    with pytest.raises(InputError, match="5,000 groups by id make a table of 25,000,000 cells"):
        Groups.of(range(5000), name="id")


def test_lists_and_a_single_text_are_refused():
    with pytest.raises(InputError, match="lists or mappings"):
        Groups.of([[1], [2]], name="tags")
    with pytest.raises(InputError, match="single text"):
        Groups.of("abc")


@pytest.mark.parametrize(
    ("values", "both"),
    [
        ("aab", True),
        ("aaa", False),
        ("abc", False),
        ("aa", False),
        (["a", "a", None], False),
        (["a", "b", None, None], False),
    ],
)
def test_pairs_of_one_group_and_of_two(values, both):
    assert Groups.of(list(values)).pair_up == both


def test_equal_groups_have_equal_keys():
    one, two, other = Groups.of(["a", "b"]), Groups.of(["a", "b"]), Groups.of(["b", "a"])
    assert one.key == two.key
    assert len({one.key, two.key, other.key, Groups.of(["a", "b"], name="label").key}) == 3


def test_a_group_is_found_by_numpys_integers_too() -> None:
    groups = Groups.of(["oak", "elm", "oak"])
    assert groups.code(np.int64(1)) == groups.code(1) == 1
