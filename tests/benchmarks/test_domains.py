"""The benchmark's domains: what is in them, and that nothing leaks from training into the test."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import numpy as np
import pytest
from PIL import Image as PILImage

from embedscope import Items

NETWORK = pytest.mark.network


@pytest.fixture(scope="module")
def domains(request) -> Any:
    """The benchmark's own code, which lies outside the package."""
    folder = str(request.config.rootpath / "benchmarks" / "universal")
    sys.path.insert(0, folder)
    yield importlib.import_module("domains")
    sys.path.remove(folder)
    for name in ("domains", "leaks"):
        sys.modules.pop(name)


@pytest.fixture(scope="module")
def leaks(domains) -> Any:
    return sys.modules["leaks"]


def labels(items: Items) -> set[str]:
    return set(items.column("label").tolist())


@NETWORK
@pytest.mark.parametrize("name", ["emoji", "logos", "flags", "stamps", "digits"])
def test_parts_share_no_class_and_nothing_that_belongs_together(domains, name):
    parts = domains.split_domain(name)
    assert list(parts) == ["train", "val", "test"]
    whole = domains.join(parts.values())
    for column in ("label", "together"):
        seen = [set(part.column(column)) for part in parts.values()]
        assert sum(map(len, seen)) == len(set(whole.column(column)))
    assert all(value.startswith(f"{name}/") for value in whole.ids)
    assert whole.columns.column_names == ["label", "domain", "vendor", "together"]
    assert set(whole.column("domain")) == {name}
    _, counts = np.unique(whole.column("label").astype(str), return_counts=True)
    assert counts.min() >= domains.MIN_IMAGES
    # A tenth of the images at least: a part that is almost empty measures nothing.
    assert min(len(part) for part in parts.values()) > len(whole) / 10


@NETWORK
def test_a_position_of_a_digit_is_a_class_to_train_on_alone(domains):
    parts = domains.split_domain("digits")
    names = labels(parts["train"])
    digits = {name.split(",")[0] for name in names}
    assert len(digits) == 5
    assert len(names) == 8 * 4 + 2
    assert "0, position 1" in names
    assert "0, position 2" not in names
    assert all(len(name) == 1 for part in ("val", "test") for name in labels(parts[part]))
    rows = {value: row for row, value in enumerate(parts["train"].ids)}
    first = next(
        value
        for value in rows
        if value.endswith("/0") and parts["train"].column("label")[rows[value]][0] == "4"
    )
    upright, *others = (
        np.asarray(parts["train"].payloads[rows[f"{first[:-1]}{position}"]].open()) for position in range(8)
    )
    np.testing.assert_array_equal(others[0], np.rot90(upright))
    np.testing.assert_array_equal(others[1], np.rot90(upright, 2))
    np.testing.assert_array_equal(others[3], upright[:, ::-1])
    assert len({image.tobytes() for image in (upright, *others)}) == 8


@NETWORK
def test_no_picture_is_in_two_parts(domains, leaks):
    for name, threshold in (("emoji", 0.01), ("logos", 0.022), ("flags", 0.01), ("stamps", 0.01)):
        parts = domains.split_domain(name)
        whole = domains.join(parts.values())
        part_of = np.repeat(np.arange(3), [len(part) for part in parts.values()]).astype(str)
        assert leaks.twins(whole, part_of, threshold) == []


@NETWORK
def test_emoji_have_no_flags_and_keep_a_person_together(domains):
    emoji = domains.load_domain("emoji")
    assert "emoji/google/flag-fr" not in emoji.ids
    together = dict(zip(emoji.column("label"), emoji.column("together"), strict=True))
    for variants in (
        ("farmer", "male-farmer", "female-farmer"),
        ("man-running", "woman-running", "person_running_facing_right"),
        ("man-man-boy", "family_adult_child", "couplekiss"),
        ("santa", "mrs_claus", "mx_claus"),
        ("bald_man", "woman", "red_haired_person"),
    ):
        assert len({together[name] for name in variants}) == 1, variants
    assert together["farmer"] != together["cook"] != together["pizza"]


@NETWORK
def test_flags_are_one_class_a_country(domains):
    flags = domains.load_domain("flags")
    of = {
        label: sorted(v for v, known in zip(flags.ids, flags.column("label"), strict=True) if known == label)
        for label in labels(flags)
    }
    vendors = ("google", "openmoji", "twitter")
    assert of["fr"] == ["flags/flag-icons/fr", *(f"flags/{vendor}/fr" for vendor in vendors)]
    assert of["gb-sct"] == ["flags/flag-icons/gb-sct", *(f"flags/{v}/flag-scotland" for v in vendors)]
    # Svalbard flies Norway's flag, and Monaco's is Indonesia's.
    assert "sj" not in of
    assert len(of["id"]) == 8
    assert "mc" not in of


@NETWORK
def test_a_domain_is_the_same_each_time(domains):
    first = domains.split_domain("stamps")
    again = domains.split_domain.__wrapped__("stamps")
    assert first is not again
    assert all(first[part].ids == again[part].ids for part in first)


@NETWORK
def test_all_domains_are_one_with_ids_of_their_own(domains):
    val = domains.split_all(["flags", "digits"])["val"]
    merged = domains.join(val.values())
    assert len(merged) == sum(map(len, val.values()))
    assert set(merged.column("domain")) == {"flags", "digits"}
    assert merged.payloads[-1] == val["digits"].payloads[-1]


def sheet(shade: int, mark: int | None = None) -> PILImage.Image:
    image = PILImage.new("RGB", (64, 64), (shade, shade, shade))
    if mark is not None:
        image.paste((mark, 0, 0), (0, 0, 32, 64))
    return image


def test_a_blank_sheet_has_no_contrast(leaks):
    items = Items.from_images([sheet(255), sheet(255, 0), sheet(128, 128)])
    found = leaks.contrast(items)
    np.testing.assert_allclose(found, [0, 0.5, 64 / 255], atol=1e-6)


def test_twins_are_pictures_alike_under_two_labels(leaks):
    items = Items.from_images([sheet(200, 10), sheet(200, 10), sheet(200, 12), sheet(90, 10), sheet(201, 10)])
    names = np.array(["a", "b", "a", "c", "a"])
    assert leaks.twins(items, names, 0.01) == [(0, 1), (1, 2), (1, 4)]
    assert leaks.twins(items, names, 0.003) == [(0, 1), (1, 4)]


def test_connected_labels_take_the_first_name(leaks):
    names = np.array(["d", "b", "c", "a", "b"])
    assert leaks.connect(names, [(0, 1), (4, 2)]).tolist() == ["b", "b", "b", "a", "b"]
    assert leaks.connect(names, []).tolist() == names.tolist()


@pytest.mark.parametrize(
    ("character", "code"),
    [
        ("\U0001f1eb\U0001f1f7", "fr"),
        ("\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", "gb-sct"),
        ("\U0001f3f4\u200d\u2620\ufe0f", None),
        ("\U0001f3c1", None),
    ],
)
def test_codes_of_flags(domains, character, code):
    assert domains.code_of(character) == code


def test_what_is_no_person_is_its_label(leaks):
    assert leaks.person_of("cat", "\U0001f408", "Animals & Nature", "animal-mammal") == "label cat"
