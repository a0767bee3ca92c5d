"""Every packaged data set has a card, and the list of them shows without fetching."""

from __future__ import annotations

from pathlib import Path

import pytest

from embedscope._errors import MissingError
from embedscope.items.cards import PACKAGED, card, datasets, packaged_module

NAMES = [
    *("newsgroups", "reuters", "spamassassin", "emoji", "logos", "flags", "stamps", "digits"),
    *("quran", "udhr", "chatterbot", "docstrings", "lee50", "simlex999", "wordsim353"),
]


def test_the_sets_there_are() -> None:
    assert sorted(PACKAGED) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_card_says_all_and_fits_its_loaders(name: str) -> None:
    found, module = card(name), packaged_module(name)
    assert found.name == name
    assert found.items > 0
    assert all((found.source, found.licence, found.columns, found.good_for, found.task))
    assert hasattr(module, "load") == (found.kind != "pairs")
    assert hasattr(module, "load_pairs") == ("pairs" in found.kind)
    assert name in found._repr_html_()


def test_the_table_lists_them_and_fetches_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMBEDSCOPE_CACHE", str(tmp_path / "cache"))
    table = datasets()
    assert table.column("name") == list(PACKAGED)
    assert table.to_frame().num_rows == len(NAMES)
    assert not (tmp_path / "cache").exists()


def test_an_unknown_set_is_named_with_its_neighbours() -> None:
    with pytest.raises(MissingError, match="Did you mean 'emoji'"):
        card("emojis")
