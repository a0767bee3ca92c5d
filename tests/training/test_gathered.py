"""gather: what a person gives, in any shape, by domain and class."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from embedscope import Items
from embedscope._errors import InputError
from embedscope.training.gathered import gather
from tests.training.pictures import drawn, pictures, two_domains


def with_columns(items: Items, **columns) -> Items:
    return Items(items.ids, items.payloads, "image", pa.table(columns), name=items.name)


def labels(part: Items) -> set[str]:
    return set(part.column("label").tolist())


def test_a_mapping_and_a_column_are_the_same():
    items = two_domains()
    one = Items(
        tuple(value for part in items.values() for value in part.ids),
        tuple(payload for part in items.values() for payload in part.payloads),
        "image",
        pa.table(
            {
                "label": [v for part in items.values() for v in part.column("label")],
                "domain": [name for name in items for _ in range(24)],
            }
        ),
    )
    first, second = gather(items, None).joined(), gather(one, None).joined()
    assert first.train.ids == second.train.ids
    assert first.train.columns.equals(second.train.columns)
    assert first.fingerprint == second.fingerprint
    chosen = gather(one, None, domains=("logos", "flags"))
    assert chosen.joined().domains == ("logos", "flags")


def test_a_single_set_is_named_by_itself_or_by_the_one_specialist():
    assert list(gather(pictures("flags"), None).train) == ["flags"]
    assert list(gather(pictures("flags"), None, domains=("mine",)).train) == ["mine"]


def test_a_packaged_set_is_loaded_by_its_name():
    found = gather("digits", None)
    assert set(found.train["digits"].column("label").tolist()) == set("0123456789")


def test_classes_are_held_out_of_each_domain():
    items = two_domains()
    found = gather(items, 0.34, seed=3)
    for name in items:
        assert len(labels(found.validation[name])) == 2
        assert not labels(found.train[name]) & labels(found.validation[name])
        assert len(found.train[name]) + len(found.validation[name]) == 24
    again, other = gather(items, 0.34, seed=3), gather(items, 0.34, seed=4)
    assert again.joined().fingerprint == found.joined().fingerprint != other.joined().fingerprint
    for nothing in (None, 0, 0.0):
        assert gather(items, nothing).validation == {}


def test_validation_items_belong_to_their_domains():
    items = two_domains()
    found = gather({"flags": items["flags"]}, items["logos"])
    assert list(found.validation) == ["flags"]
    assert set(found.validation["flags"].column("domain").tolist()) == {"flags"}
    part = gather(items, {"logos": pictures("held", seed=5), "flags": items["flags"].take([])})
    assert list(part.validation) == ["logos"]
    with pytest.raises(
        InputError, match="Validation items came for 'held', items to train on for 'flags', 'logos'"
    ):
        gather(items, {"held": pictures("held")})


def test_ids_stay_unless_two_items_share_one():
    items = two_domains()
    assert gather(items, 0.34).joined().train.ids[0] in items["flags"].ids
    same = {name: pictures("x", seed=seed) for seed, name in enumerate(("a", "b"))}
    joined = gather(same, 0.34).joined()
    assert {value.partition("/")[0] for value in joined.train.ids} == {"a", "b"}
    assert len(set(joined.train.ids) | set(joined.validation.ids)) == 48


def test_row_numbers_in_both_parts_are_told_apart():
    def plain(seed):
        return Items.from_images(drawn(3, 2, seed), columns={"label": list("aabbcc")})

    joined = gather({"flags": plain(0)}, {"flags": plain(1)}).joined()
    assert joined.train.ids[:2] == ("flags/0", "flags/1")
    assert joined.validation.ids[:2] == ("validation/flags/0", "validation/flags/1")
    mixed = gather({"flags": plain(0), "logos": pictures("logos")}, None).joined()
    assert {type(value) for value in mixed.train.ids} == {str}


def test_classes_come_from_the_column_that_is_named():
    items = with_columns(pictures("flags"), kind=np.arange(24) // 8, label=["?"] * 24)
    found = gather(items, None, "kind").train["flags"]
    assert found.columns.column_names == ["label", "domain"]
    assert found.column("label").tolist() == [str(row // 8) for row in range(24)]


def test_without_classes_every_item_is_one_where_that_is_allowed():
    items = {**two_domains(), "plain": with_columns(pictures("plain"), size=np.arange(24))}
    with pytest.raises(
        InputError, match=r"items of 'plain' have no column 'label'; they have size\. .*label="
    ):
        gather(items, 0.3)
    found = gather(items, 0.3, needs_labels=False)
    assert not found.has_labels
    assert found.validation == {}
    assert all(len(labels(part)) == 24 for part in found.train.values())
    assert gather(two_domains(), 0.3, needs_labels=False).has_labels


@pytest.mark.parametrize("nothing", [None, float("nan")])
def test_a_class_that_is_missing_is_refused_with_its_item(nothing):
    values = [1.0] * 5 + [nothing] + [2.0] * 18
    with pytest.raises(InputError, match="1 of 24 items of 'flags' have no 'label', for example 'flags-5'"):
        gather(with_columns(pictures("flags"), label=values), None)


def test_what_cannot_be_gathered_says_why():
    items = two_domains()
    with pytest.raises(InputError, match="are texts; wanted images"):
        gather({"words": Items.from_texts(["a"], columns={"label": ["x"]})}, None)
    with pytest.raises(InputError, match=r"validation=1\.5 came; wanted a share of the classes below 1"):
        gather(items, 1.5)
    with pytest.raises(InputError, match="No domain has items; items came for none"):
        gather({}, None)
    with pytest.raises(
        InputError, match="specialist 'stamps' has no items of its domain; items came for 'flags', 'logos'"
    ):
        gather(items, None, domains=("flags", "logos", "stamps"))
    with pytest.raises(InputError, match="Items came for 'logos', and specialists for 'flags'"):
        gather(items, None, domains=("flags",))
    with pytest.raises(InputError, match=r"Of 'flags' no classes can be held out: 1 classes .*or None\."):
        gather({"flags": items["flags"].take(range(4))}, 0.2)
