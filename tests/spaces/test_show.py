"""How a space looks."""

from __future__ import annotations

import numpy as np

from embedscope.encoders.protocol import EncoderRecord
from embedscope.items.items import Items
from embedscope.spaces.show import facts, headline, space_html
from embedscope.spaces.space import Space

RECORD = EncoderRecord("test:show", frozenset({"text"}), 8, licence="Apache-2.0")


def test_the_headline_names_what_is_known(texts: Items, vectors: np.ndarray) -> None:
    bare = Space.from_arrays(vectors, ids=range(40), metric="euclidean")
    assert headline(bare) == "vectors: 40 texts × 8 dims · euclidean"
    known = Space(texts, bare.subset(range(20)).source, RECORD, role="query", task="clustering")
    assert headline(known) == ("texts: 20 texts × 8 dims · test:show · role query · task clustering · cosine")


def test_the_facts_grow_with_what_is_known(texts: Items, vectors: np.ndarray) -> None:
    space = Space.from_arrays(vectors[:20], ids=texts.ids, items=texts)
    known = dict(facts(space).rows)
    assert known["encoder"] == "none: from arrays"
    assert "neighbours" not in known
    space.neighbors(3)
    assert dict(facts(space).rows)["neighbours"] == "Neighbors(20 items, k=3, cosine, exact)"
    assert dict(facts(Space(texts, space.source, RECORD)).rows)["licence"] == "Apache-2.0"


def test_html_has_facts_and_items(texts: Items, vectors: np.ndarray) -> None:
    shown = space_html(Space.from_arrays(vectors[:20], ids=texts.ids, items=texts))
    assert shown.count("<table") == 2
