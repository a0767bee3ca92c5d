"""WordLlama's table: the mean of token vectors, against a plain loop."""

from __future__ import annotations

import numpy as np
import pytest

from embedscope import load_encoder
from embedscope._errors import InputError

pytestmark = pytest.mark.network


@pytest.fixture(scope="module")
def encoder():
    return load_encoder("wordllama")


def test_vectors_equal_a_plain_mean_in_float64(encoder):
    texts = ["a cat", "the stock market fell", "東京 🙂", "word " * 500]
    table = encoder._table.astype(np.float64)
    for text, vector in zip(texts, encoder.encode(texts), strict=True):
        ids = encoder._tokenizer.encode(text, add_special_tokens=False).ids
        mean = sum(table[token] for token in ids) / len(ids)
        np.testing.assert_allclose(vector, mean / np.linalg.norm(mean), atol=1e-5)


def test_batch_mates_do_not_change_a_bit(encoder):
    texts = [f"word {i} " * (i % 7 + 1) for i in range(600)]
    np.testing.assert_array_equal(encoder.encode(texts)[300:], encoder.encode(texts[300:]))


def test_it_tells_near_from_far(encoder):
    cat, kitten, market = encoder.encode(["a small cat", "a little kitten", "the stock market"])
    assert cat @ kitten > cat @ market + 0.2


def test_a_text_without_a_token_is_named(encoder):
    with pytest.raises(InputError, match="Item 1 has no token"):
        encoder.encode(["a", ""])


def test_it_reads_no_code_of_the_package(encoder):
    import sys

    assert "wordllama" not in sys.modules
    assert encoder.record.matryoshka
