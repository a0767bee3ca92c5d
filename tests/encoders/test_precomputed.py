"""Precomputed vectors are found by content, whatever the order."""

from __future__ import annotations

import numpy as np
import pytest

from embedscope import Items, load_encoder
from embedscope._errors import InputError, MissingError
from embedscope.encoders.precomputed import PrecomputedEncoder

ITEMS = Items.from_texts(["red", "green", "blue"], ids=["r", "g", "b"])
VECTORS = np.array([[1, 0], [0, 1], [3, 4]], np.float32)


def test_rows_go_with_the_items():
    encoder = load_encoder(VECTORS, items=ITEMS)
    np.testing.assert_array_equal(encoder.encode(["blue", "red", "blue"]), VECTORS[[2, 0, 2]])


def test_a_mapping_goes_by_id_and_never_by_order():
    by_id = {"b": VECTORS[2], "g": VECTORS[1], "unused": VECTORS[0], "r": VECTORS[0]}
    encoder = load_encoder(by_id, items=ITEMS)
    np.testing.assert_array_equal(encoder.encode(["red", "green", "blue"]), VECTORS)
    assert encoder.record.fingerprint == PrecomputedEncoder(ITEMS, VECTORS).record.fingerprint


def test_what_is_unknown_is_named():
    with pytest.raises(MissingError, match="2 of 3 payloads have no precomputed vector, at the places 0, 2"):
        PrecomputedEncoder(ITEMS, VECTORS).encode(["pink", "red", "grey"])


def test_an_item_without_a_vector_is_named():
    with pytest.raises(InputError, match="2 items have no vector, the first with the id 'g'"):
        PrecomputedEncoder(ITEMS, {"r": [1.0]})


def test_too_few_rows_are_refused():
    with pytest.raises(InputError, match="2 vectors came for 3 items"):
        PrecomputedEncoder(ITEMS, VECTORS[:2])


def test_vectors_that_are_not_finite_are_refused_at_once():
    broken = VECTORS.copy()
    broken[1, 0] = np.nan
    with pytest.raises(InputError, match="row 1 of 3"):
        PrecomputedEncoder(ITEMS, broken)


def test_vectors_need_their_items():
    with pytest.raises(InputError, match="Vectors need the items they are of"):
        load_encoder(VECTORS)
