from __future__ import annotations

import numpy as np
import pytest

from embedscope._errors import InputError, MissingError
from embedscope.comparison.matched import checked_vectors, match
from embedscope.spaces.sources import NpyVectors
from embedscope.spaces.space import Space


def test_equal_ids_keep_the_spaces_themselves(pair):
    both = match(*pair)
    assert both.teacher is pair[0]
    assert both.student is pair[1]
    assert both.left_out == ""


def test_rows_are_matched_by_id_whatever_the_order(pair):
    teacher, student = pair
    order = np.random.default_rng(0).permutation(len(student))
    shuffled = student.subset([student.ids[row] for row in order])
    both = match(teacher, shuffled)
    assert both.student.ids == teacher.ids
    np.testing.assert_array_equal(both.vectors("student"), student.vectors)


def test_ids_of_one_side_are_left_out_counted_and_named(pair):
    teacher, student = pair
    both = match(teacher.subset(teacher.ids[:-7]), student.subset(student.ids[2:]))
    assert len(both) == len(teacher) - 9
    assert both.only_teacher == ("i0", "i1")
    assert len(both.only_student) == 7
    assert both.left_out == (
        "2 items are only in the teacher and left out ('i0', 'i1'); "
        "7 items are only in the student and left out ('i113', 'i114', 'i115', 'i116', 'i117', …)"
    )
    assert both.missing().to_frame().num_rows == 9
    np.testing.assert_array_equal(both.vectors("teacher"), teacher.vectors[2:-7])
    np.testing.assert_array_equal(both.vectors("student"), student.vectors[2:-7])


def test_spaces_without_shared_ids_are_refused():
    one = Space.from_arrays({"a": [1.0], "b": [2.0]})
    with pytest.raises(
        InputError, match=r"share no id: the teacher has 'a', 'b' \(2\), the student 'c' \(1\)"
    ):
        match(one, Space.from_arrays({"c": [1.0]}))
    with pytest.raises(InputError, match="share one id only"):
        match(one, Space.from_arrays({"b": [1.0], "c": [1.0]}))


def test_numbers_beside_the_same_numbers_as_text_are_pointed_out():
    with pytest.raises(InputError, match="equal as text: make both str"):
        match(Space.from_arrays([[1.0], [2.0]]), Space.from_arrays({"0": [1.0], "1": [2.0]}))


def test_groups_come_from_the_label_a_column_or_values(pair):
    both = match(*pair, domain="source")
    assert both.groups().by == "label"
    assert both.groups("source").names == both.groups("domain").names == ("s0", "s1")
    assert both.groups(range(len(both))).by == "values"
    named = match(*pair, label="source")
    assert named.groups().by == "source"
    assert match(*pair, label=["x", "y"] * 60).groups("label").names == ("x", "y")


def test_clusters_are_the_teachers(pair):
    found = match(*pair).groups("cluster")
    assert found.by == "cluster"
    assert len(found.codes) == len(pair[0])


def test_a_label_for_every_item_is_none(pair):
    teacher, _ = pair
    each = teacher.items.with_column("label", [str(row) for row in range(len(teacher))])
    both = match(*2 * [Space.from_arrays(teacher.vectors, ids=teacher.ids, items=each)])
    assert not both.has_groups()
    with pytest.raises(MissingError, match="by= one of: 'label', 'source', 'cluster', a value an item"):
        both.groups()


def test_a_label_for_every_item_gives_way_to_a_category(pair):
    teacher, student = pair
    items = teacher.items.with_column("label", [str(row) for row in range(len(teacher))])
    items = items.with_column("category", ["x", "y"] * 60)
    assert (
        match(Space.from_arrays(teacher.vectors, ids=teacher.ids, items=items), student).groups().by
        == "category"
    )


def test_columns_of_the_student_serve_too(make_spaces):
    bare, _ = make_spaces(columns=False)
    _, student = make_spaces()
    assert match(bare, student).groups("source").names == ("s0", "s1")
    assert match(bare, student).groups().by == "label"


def test_a_label_that_is_a_list_is_none(pair):
    teacher, student = pair
    tagged = teacher.items.with_column("label", [["a"]] * len(teacher))
    assert not match(Space.from_arrays(teacher.vectors, ids=teacher.ids, items=tagged), student).has_groups()


def test_a_wrong_column_or_too_few_values_are_refused(pair):
    both = match(*pair)
    with pytest.raises(MissingError, match="No column is called 'kind'"):
        both.groups("kind")
    with pytest.raises(InputError, match="3 values came for 120 shared items"):
        both.groups(["a", "b", "a"])


def test_zero_rows_under_cosine_and_nan_are_named():
    zero = Space.from_arrays({"a": [0.0, 0.0], "b": [1.0, 0.0]})
    with pytest.raises(InputError, match=r"1 of the teacher's 2 vectors are all zeros.*'a'.*euclidean"):
        _ = match(zero, zero).vectors("teacher")
    flat = Space.from_arrays({"a": [0.0, 0.0], "b": [1.0, 0.0]}, metric="euclidean")
    assert match(flat, flat).vectors("teacher").shape == (2, 2)


def test_nan_rows_are_named(tmp_path):
    rows = np.ones((3, 2), np.float32)
    rows[1, 0] = np.nan
    np.save(tmp_path / "v.npy", rows)
    space = Space.from_arrays({"a": [1.0, 0.0], "b": [1.0, 0.0], "c": [0.0, 1.0]})
    source = NpyVectors(tmp_path / "v.npy", (3, 2), "x")
    with pytest.raises(InputError, match="1 of the student's 3 vectors hold NaN or infinity: 'b'"):
        checked_vectors(Space(space.items, source), "student")
