from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from embedscope.clusters.captions import names_from_values, naming_values


def named(values, labels):
    return names_from_values(values, np.array(labels, np.int32), np.ones(len(values), np.float32))


@pytest.mark.parametrize(
    ("columns", "values"),
    [
        ({"category": ["a"], "caption": ["b"]}, ["b"]),
        ({"id": ["x"], "maker": ["c"]}, ["c"]),
        ({"label": pa.array(["d"]).dictionary_encode()}, ["d"]),
        ({"label": [7], "folder": [None]}, None),
        ({"id": ["x"]}, None),
    ],
)
def test_the_column_that_says_what_is_shown_is_found(columns, values):
    assert naming_values(pa.table(columns)) == values


def test_the_commonest_value_names_the_cluster():
    assert named(["cat", "cat", "dog", "owl", "owl", None], [0, 0, 0, 1, 1, 1]) == ("cat", "owl")


def test_clusters_of_one_commonest_value_are_told_apart_by_the_next():
    values = ["face"] * 5 + ["hand"] * 2 + ["face"] * 5 + ["heart"] * 2
    assert named(values, [0] * 7 + [1] * 7) == ("face, hand", "face, heart")


def test_the_same_value_everywhere_still_gives_distinct_names():
    assert named(["face"] * 6, [0, 0, 0, 1, 1, 1]) == ("face", "face 2")


def test_captions_that_are_all_different_give_their_words():
    values = [f"photo of a red barn number {word}" for word in ("one", "two", "three", "four", "five", "six")]
    others = [f"old sailing ship {word}" for word in ("amber", "birch", "cedar", "daisy", "elder", "fern")]
    first, second = named([*values, *others], [0] * 6 + [1] * 6)
    assert "barn" in first
    assert "ship" in second


def test_folders_are_named_by_their_last_part():
    assert named(["animals/cats"] * 3, [0, 0, 0]) == ("cats",)
