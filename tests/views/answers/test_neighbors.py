"""Neighbours of items, texts and images, and what is said where there can be none."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from PIL import Image as PILImage

from embedscope._errors import InputError
from embedscope.encoders.protocol import EncoderRecord
from embedscope.items.items import Items
from embedscope.neighbors.neighbors import Neighbors
from embedscope.spaces.space import Space
from embedscope.views.answers.neighbors import NearestItems, checked_image
from embedscope.views.channel import Answer, Request


class Brightness:
    """An encoder that sees how red and how blue an image is, and how long a text."""

    def __init__(self, *modalities: str) -> None:
        self.record = EncoderRecord("test:brightness", frozenset(modalities), 2)

    def encode(self, payloads: Sequence[Any], **_: Any) -> np.ndarray:
        return np.array([self._vector(payload) for payload in payloads], np.float32)

    def _vector(self, payload: Any) -> list[float]:
        if isinstance(payload, str):
            return [1.0, len(payload) / 10]
        red, _, blue = np.asarray(payload.open()).mean(axis=(0, 1)) + 1
        return [float(red), float(blue)]


def png(color: str, size: tuple[int, int] = (8, 8)) -> bytes:
    file = io.BytesIO()
    PILImage.new("RGB", size, color).save(file, "PNG")
    return file.getvalue()


def image_space(*modalities: str) -> Space:
    encoder = Brightness(*(modalities or ("image",)))
    items = Items.from_images([png("red"), png("purple"), png("blue")], ids=["r", "p", "b"])
    made = Space.from_arrays(
        encoder.encode(items.payloads), ids=items.ids, items=items, encoder=encoder.record
    )
    return Space(items, made.source, encoder.record, loaded=encoder)


def text_space() -> Space:
    encoder = Brightness("text")
    items = Items.from_texts(["a", "aaaaaa", "a" * 40])
    made = Space.from_arrays(encoder.encode(items.payloads), ids=items.ids, items=items)
    return Space(items, made.source, encoder.record, loaded=encoder)


def ask(space: Space, query: Any, k: Any = 2, *buffers: bytes) -> Answer:
    return NearestItems(lambda: space)(Request("neighbors", {"query": query, "k": k}, buffers))


def test_an_items_neighbours_are_those_of_the_space() -> None:
    space = Space.from_arrays(np.random.default_rng(0).normal(size=(40, 5)), ids=[f"i{n}" for n in range(40)])
    result = ask(space, {"kind": "item", "row": 3}, 7).result
    slow = space.neighbors_of("i3", 7)
    assert [space.ids[row] for row in result["rows"]] == list(slow.ids)
    assert result["distances"] == pytest.approx(slow.distances.tolist())
    assert (result["metric"], result["note"]) == ("cosine", "")
    assert all(type(row) is int for row in result["rows"])


def test_an_approximate_graph_says_how_far_it_can_be_believed() -> None:
    space = Space.from_arrays(np.random.default_rng(0).normal(size=(30, 5)))
    exact = space.neighbors(5)
    space._kept._neighbors = Neighbors(exact.indices, exact.distances, "cosine", recall=0.9731, sampled=30)
    assert ask(space, {"kind": "item", "row": 3}, 5).result["note"] == (
        "Approximate: such a search finds 97.3 % of the true nearest."
    )
    assert ask(space, {"kind": "item", "row": 3}, 6).result["note"] == ""


def test_a_text_and_an_image_are_encoded() -> None:
    found = ask(text_space(), {"kind": "text", "text": "aaaaaaa"}).result
    assert found["rows"] == [1, 0]
    assert ask(image_space(), {"kind": "image", "name": "x.png"}, 1, png("blue")).result["rows"] == [2]
    both = image_space("image", "text")
    assert len(ask(both, {"kind": "text", "text": "a" * 50}, 3).result["rows"]) == 3


def test_the_wrong_kind_of_query_says_what_can_be_done_and_loads_nothing() -> None:
    with pytest.raises(
        InputError, match=r"'test:brightness' reads images only.*Type to match names; drop an image"
    ):
        ask(image_space(), {"kind": "text", "text": "/etc/passwd"})
    with pytest.raises(InputError, match=r"reads texts only.*Type words instead"):
        ask(text_space(), {"kind": "image", "name": "x"}, 2, png("red"))
    with pytest.raises(InputError, match=r"vectors alone.*could read words\. Type to match names"):
        ask(Space.from_arrays(np.eye(3)), {"kind": "text", "text": "a"})


def test_broken_and_monstrous_images_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    space = image_space()
    with pytest.raises(InputError, match="no image that can be read"):
        ask(space, {"kind": "image", "name": "x"}, 2, b"GIF89a not really")
    with pytest.raises(InputError, match="no image that can be read"):
        ask(space, {"kind": "image", "name": "x"}, 2, png("red", (200, 200))[:120])
    with pytest.raises(InputError, match="drop it again"):
        ask(space, {"kind": "image", "name": "x"})
    with pytest.raises(InputError, match=r"9,000 × 8,000 pixels, and 64 million are the most"):
        checked_image(png("red", (9000, 8000)))
    monkeypatch.setattr(PILImage, "MAX_IMAGE_PIXELS", 100)
    with pytest.raises(InputError, match="too large"):
        checked_image(png("red", (20, 20)))


@pytest.mark.parametrize(
    ("query", "k", "words"),
    [
        ({"kind": "item", "row": 3}, 2, "from 0 to 2"),
        ({"kind": "item"}, 2, "from 0 to 2"),
        ({"kind": "item", "row": 1}, 0, "From 1 to 100"),
        ({"kind": "item", "row": 1}, 101, "From 1 to 100"),
        ({"kind": "item", "row": 1}, "5", "From 1 to 100"),
        ({"kind": "text", "text": "  "}, 2, "Type some words"),
        ({"kind": "text"}, 2, "Type some words"),
        ({"kind": "text", "text": "x" * 100_001}, 2, "100,001 characters"),
        ({"kind": "smell"}, 2, "an item, a text or an image; 'smell' came"),
        (None, 2, "names its kind"),
    ],
)
def test_what_is_no_query_is_refused(query: Any, k: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        ask(text_space(), query, k)


def test_hostile_texts_are_queries_like_others() -> None:
    for text in ("<script>", "\u202e", "\x00", "é" * 100_000):
        assert len(ask(text_space(), {"kind": "text", "text": text}).result["rows"]) == 2


def test_a_single_item_has_no_neighbours() -> None:
    result = ask(Space.from_arrays([[1.0, 0.0]]), {"kind": "item", "row": 0}).result
    assert (result["rows"], result["distances"]) == ([], [])
