"""How much of an encode the store has."""

from __future__ import annotations

from pathlib import Path

import pytest

from embedscope._errors import EmbedscopeWarning
from embedscope.encoders.load import load_encoder
from embedscope.items.items import Items
from embedscope.spaces.cached import count_cached
from embedscope.spaces.encode import encode
from embedscope.spaces.store import VectorStore


def test_it_counts_contents_and_not_items(tmp_path: Path) -> None:
    store, encoder = VectorStore(tmp_path), load_encoder("wordllama", device="cpu")
    with pytest.warns(EmbedscopeWarning, match="the text is empty"):
        items = Items.from_texts(["a cat", "a cat", "a dog", "", "a tree"], on_error="mark")
    assert count_cached(items, encoder, store) == (0, 3)
    encode(["a dog"], encoder, store=store, progress=False)
    assert count_cached(items, encoder, store) == (1, 3)
    encode(items.valid, encoder, store=store, progress=False)
    assert count_cached(items, encoder, store) == (3, 3)
