"""Classes are split, never items of one class."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedscope._errors import InputError, MissingError
from embedscope.evaluation.splits import split_classes
from embedscope.items.items import Items


def make(labels, persons=None):
    columns = {"label": labels} if persons is None else {"label": labels, "person": persons}
    return Items.from_texts([f"t{row}" for row in range(len(labels))], columns=columns)


def classes(items):
    return set(items.column("label").tolist())


@settings(max_examples=80, deadline=None)
@given(labels=st.lists(st.integers(0, 30), min_size=20, max_size=80), seed=st.integers(0, 5))
def test_parts_share_no_class_and_hold_every_item(labels, seed) -> None:
    items = make(labels)
    if len(set(labels)) < 3:
        return
    parts = list(split_classes(items, seed=seed).values())
    assert sorted(i for part in parts for i in part.ids) == list(items.ids)
    for place, part in enumerate(parts):
        assert len(part)
        assert all(not classes(part) & classes(other) for other in parts[place + 1 :])


def test_shares_are_of_the_classes() -> None:
    parts = split_classes(make([f"c{row % 100}" for row in range(500)]))
    assert {name: len(classes(part)) for name, part in parts.items()} == {"train": 50, "val": 20, "test": 30}


def test_the_seed_decides_and_the_order_of_items_does_not() -> None:
    items = make([f"c{row % 40}" for row in range(160)])
    turned = items.take(np.random.default_rng(0).permutation(160))
    first, same, other = split_classes(items), split_classes(turned), split_classes(items, seed=1)
    assert all(classes(first[name]) == classes(same[name]) for name in first)
    assert classes(first["train"]) != classes(other["train"])
    assert list(first["train"].ids) == sorted(first["train"].ids)


def test_what_belongs_together_stays_together() -> None:
    labels = [f"c{row}" for row in range(30)]
    persons = [f"p{row // 3}" for row in range(29)] + [None]
    parts = split_classes(make(labels, persons), together="person")
    seen = [set(part.column("person").tolist()) - {None} for part in parts.values()]
    assert len(set.union(*seen)) == sum(len(part) for part in seen)
    turned = make(labels[::-1], persons[::-1])
    again = split_classes(turned, together="person")
    assert all(classes(parts[name]) == classes(again[name]) for name in parts)


def test_chains_of_shared_values_are_one_group() -> None:
    items = make(["a", "a", "b", "b", "c", "d"], ["x", "y", "y", "z", "z", "w"])
    parts = split_classes(items, parts={"train": 0.6, "test": 0.4}, together="person")
    assert {frozenset(classes(part)) for part in parts.values()} == {frozenset("abc"), frozenset("d")}


def test_a_large_group_does_not_leave_a_part_empty() -> None:
    items = make([f"c{row}" for row in range(12)], ["x"] * 10 + ["y", "z"])
    assert min(len(part) for part in split_classes(items, together="person").values()) == 1


def test_what_cannot_be_split_is_said() -> None:
    with pytest.raises(InputError, match="2 classes cannot be split into 3 parts"):
        split_classes(make(["a", "b"]))
    with pytest.raises(InputError, match="1 groups of classes that share no 'person'"):
        split_classes(make(["a", "b", "c"], ["x", "x", "x"]), together="person")
    with pytest.raises(InputError, match="sum to 1"):
        split_classes(make(["a", "b"]), parts={"train": 0.5})
    with pytest.raises(InputError, match="1 of 2 items have no 'label', for example 1"):
        split_classes(make(["a", None]))
    with pytest.raises(MissingError):
        split_classes(make(["a", "b"]), "kind")
