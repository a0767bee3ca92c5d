"""What groups items is offered, the label first; what does not is not."""

from __future__ import annotations

import numpy as np
import pytest

from embedscope._errors import MissingError
from embedscope.clusters.cluster import Clusters
from embedscope.comparison.comparison import compare
from embedscope.spaces.space import Space
from embedscope.views.group_choices import GroupChoices


def clusters(n, groups=2):
    labels = (np.arange(n) % groups).astype(np.int32) if groups else np.full(n, -1, np.int32)
    names = tuple(f"c{place}" for place in range(groups))
    return Clusters(labels, np.ones(n, np.float32), names, "map", {})


def compared(n=60, only_student=None, **columns):
    rng = np.random.default_rng(0)
    teacher = Space.from_arrays(rng.normal(size=(n, 4)), columns=columns or None)
    student = Space.from_arrays(rng.normal(size=(n, 3)), columns=only_student)
    return compare(teacher, student)


def test_the_label_is_first_the_clusters_last_and_what_cannot_group_is_left_out():
    n = 600
    comparison = compared(
        n,
        only_student={"source": ["a", "b", "c"] * 200},
        even=[str(row % 2) for row in range(n)],
        topic=[f"t{row % 5}" for row in range(n)],
        own=[f"id {row}" for row in range(n)],
        size=np.random.default_rng(1).normal(size=n),
        same=["x"] * n,
        stars=np.arange(n) % 5,
        tags=[["a"]] * n,
    )
    listed = GroupChoices(comparison, clusters(n, 3)).listing()
    assert [(one["key"], one["n"]) for one in listed] == [
        ("topic", 5), ("even", 2), ("stars", 5), ("source", 3), ("cluster", 3),
    ]  # fmt: skip


def test_at_most_twelve_are_listed_with_the_clusters_among_them():
    comparison = compared(**{f"c{place}": ["x", "y"] * 30 for place in range(20)})
    keys = [one["key"] for one in GroupChoices(comparison, clusters(60)).listing()]
    assert len(keys) == 12
    assert keys[-1] == "cluster"


def test_the_maps_clusters_are_those_that_are_seen():
    choices = GroupChoices(compared(), clusters(60, 4))
    np.testing.assert_array_equal(choices.groups("cluster").codes, np.arange(60) % 4)
    assert choices.groups("cluster").names == ("c0", "c1", "c2", "c3")
    assert GroupChoices(compared(), clusters(60, 0)).listing() == []


def test_a_column_called_cluster_has_a_key_of_its_own():
    choices = GroupChoices(compared(cluster=["p", "q", "r"] * 20), clusters(60))
    assert [one["key"] for one in choices.listing()] == ["column:cluster", "cluster"]
    assert choices.groups("column:cluster").names == ("p", "q", "r")
    assert choices.title("column:cluster") == "cluster"


def test_nothing_groups_all_into_one():
    choices = GroupChoices(compared(), clusters(60))
    assert choices.groups("").names == ("all",)
    assert choices.title("") == "all items"


def test_labels_that_are_values_and_not_a_column_are_offered():
    comparison = compared()
    given = compare(comparison.teacher, comparison.student, label=["u", "v"] * 30)
    choices = GroupChoices(given, clusters(60))
    assert [one["key"] for one in choices.listing()] == ["label", "cluster"]
    assert choices.groups("label").names == ("u", "v")


@pytest.mark.parametrize("first", ["stars", ["p", "q"] * 30, clusters(60, 5)])
def test_what_was_asked_for_is_first(first):
    comparison = compared(topic=["t", "s"] * 30, stars=[1, 2, 3] * 20)
    choices = GroupChoices(comparison, clusters(60), first)
    listed = choices.listing()
    assert listed[0]["key"] == choices.first_key == ("stars" if isinstance(first, str) else "values")
    assert len({one["key"] for one in listed}) == len(listed) == (3 if isinstance(first, str) else 4)


def test_unknown_ways_are_refused_at_once():
    with pytest.raises(MissingError, match="column or way to group"):
        GroupChoices(compared(), clusters(60), "topc")
