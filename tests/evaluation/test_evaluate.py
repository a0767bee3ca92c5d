"""From encoders and items to scores, through real encoding."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image as PILImage

from embedscope._errors import InputError
from embedscope.evaluation.evaluate import evaluate, query_and_index
from embedscope.items.items import Items
from embedscope.spaces.encode import encode

COLOURS = {"red": (220, 20, 20), "green": (20, 220, 20), "blue": (20, 20, 220)}


class Colours:
    """A real encoder of three numbers: the mean colour of an image."""

    def __init__(self, name="colours"):
        from embedscope.encoders.protocol import EncoderRecord

        self.record = EncoderRecord(name=name, modalities=frozenset({"image"}), dims=3)
        self.calls = 0

    def encode(self, payloads, *, role=None, task=None, dims=None, progress=None):
        self.calls += len(payloads)
        means = [np.asarray(p.open().convert("RGB"), np.float32).mean((0, 1)) for p in payloads]
        return np.asarray(means, np.float32).reshape(-1, 3)


@pytest.fixture
def items(tmp_path):
    rng = np.random.default_rng(0)
    paths, labels = [], []
    for name, colour in COLOURS.items():
        for place in range(4):
            pixels = np.clip(np.array(colour) + rng.integers(-20, 20, (8, 8, 3)), 0, 255).astype(np.uint8)
            paths.append(tmp_path / f"{name}{place}.png")
            PILImage.fromarray(pixels).save(paths[-1])
            labels.append(name)
    return Items.from_images(paths, columns={"label": labels, "domain": ["warm"] * 4 + ["cold"] * 8})


def test_encodes_once_and_scores(items, tmp_path) -> None:
    encoder = Colours()
    scores = evaluate(encoder, items, ks=[1], store=tmp_path / "store", progress=False)
    assert scores.value("recall@1", index="merged") == 1.0
    assert scores.asked_domains == ("warm", "cold")
    calls = encoder.calls
    assert calls >= 12
    again = evaluate(encoder, items, ks=[1], store=tmp_path / "store", progress=False)
    assert encoder.calls == calls
    assert again.to_frame().equals(scores.to_frame())


def test_spaces_and_specialists(items, tmp_path) -> None:
    options = {"store": tmp_path / "store", "progress": False}
    a, b = Colours("a"), Colours("b")
    space = encode(items, a, **options)
    assert evaluate(space).value() == 1.0
    own = evaluate({"warm": a, "cold": b}, items, against="own", **options)
    assert own.value() == 1.0
    with pytest.raises(InputError, match="against='own'"):
        evaluate({"warm": a, "cold": b}, items, **options)
    with pytest.raises(InputError, match="domains 'cold'"):
        evaluate({"warm": a}, items, **options)
    with pytest.raises(InputError, match="have their items already"):
        evaluate(space, items)
    with pytest.raises(InputError, match="nothing to encode"):
        evaluate(a)


def test_queries_and_their_gallery(items, tmp_path) -> None:
    split = ["query", "gallery"] * 6
    queries, gallery = query_and_index(items.with_column("split", split))
    scores = evaluate(Colours(), queries, index=gallery, ks=[1], store=tmp_path / "s", progress=False)
    assert len(scores.rows) == 6
    assert scores.value(index="own") == 1.0


def test_domains_without_an_index_of_their_own_search_themselves(items) -> None:
    split = ["test", "index"] * 2 + ["test"] * 7 + ["train"]
    queries, index = query_and_index(items.with_column("split", split))
    assert len(queries) == 9
    assert set(index.column("domain").tolist()) == {"warm", "cold"}
    assert [s for s, d in zip(index.column("split"), index.column("domain"), strict=True) if d == "warm"] == [
        "index"
    ] * 2
    assert len(index) == 9
    assert query_and_index(items.with_column("split", ["train"] * 6 + ["test"] * 6))[1] is None
    with pytest.raises(InputError, match="it holds train"):
        query_and_index(items.with_column("split", ["train"] * 12))
