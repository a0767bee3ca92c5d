"""sentence-transformers models: the same vectors as the model's own encode, in any order and company."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from embedscope import load_encoder
from embedscope._errors import EmbedscopeWarning, InputError, MissingError

TEXTS = ["a cat", "", "the stock market fell again today", "x " * 2000, "Zürich 東京 🙂", "a", "cat " * 40]


@pytest.fixture(scope="module")
def minilm():
    return load_encoder("minilm", device="cpu")


@pytest.fixture
def small(st_folder):
    return load_encoder(f"sentence-transformers:{st_folder}", device="cpu")


@pytest.mark.network
def test_minilms_vectors_equal_the_models_own_encode(minilm):
    np.testing.assert_allclose(minilm.encode(TEXTS), minilm.model.encode(TEXTS), atol=1e-5)


@pytest.mark.network
def test_minilm_tells_near_from_far(minilm):
    cat, kitten, market = minilm.encode(["a cat", "a kitten", "the stock market"])
    assert cat @ kitten > 0.6 > 0.3 > cat @ market


@pytest.mark.network
def test_random_lengths_equal_the_models_own_encode(minilm):
    rng = np.random.default_rng(0)
    texts = [" ".join(rng.choice(["cat", "market", "of", "the"], size=n)) for n in rng.integers(1, 90, 60)]
    np.testing.assert_allclose(minilm.encode(texts), minilm.model.encode(texts), atol=1e-5)


def test_a_model_with_a_dense_layer_equals_its_own_encode(small):
    np.testing.assert_allclose(small.encode(TEXTS), small.model.encode(TEXTS), atol=1e-5)


@pytest.mark.parametrize(("role", "method"), [("query", "encode_query"), ("document", "encode_document")])
def test_a_role_chooses_its_prompt(small, role, method):
    expected = getattr(small.model, method)(TEXTS)
    np.testing.assert_allclose(small.encode(TEXTS, role=role), expected, atol=1e-5)


def test_a_task_chooses_its_prompt_and_goes_before_the_role(small):
    expected = small.model.encode(TEXTS, prompt_name="clustering")
    np.testing.assert_allclose(small.encode(TEXTS, task="clustering", role="query"), expected, atol=1e-5)
    assert not np.allclose(expected, small.encode(TEXTS), atol=1e-3)
    assert small.tasks == ("clustering",)


def test_an_unknown_task_lists_the_tasks(small):
    with pytest.raises(MissingError, match=r"No task is called 'retrieval'\. There are: clustering"):
        small.encode(["a"], task="retrieval")


def test_a_prompt_that_pooling_leaves_out(small):
    small.model.set_pooling_include_prompt(False)
    expected = small.model.encode(TEXTS, prompt_name="query")
    np.testing.assert_allclose(small.encode(TEXTS, role="query"), expected, atol=1e-5)


def test_max_length_cuts_and_is_part_of_the_name(st_folder, small):
    short = load_encoder(f"sentence-transformers:{st_folder}", max_length=6, device="cpu")
    assert short.record.name.endswith("?max_length=6")
    assert short.record.fingerprint != small.record.fingerprint
    a, b = short.encode(["a b c d e f g h", "a b c d x y z"])
    np.testing.assert_allclose(a, b, atol=1e-6)


def test_a_model_that_prepares_texts_itself_is_left_to_it(small):
    # A length for each task is such a preparation: the module's own preprocess heeds it.
    small.model[0].query_length = 5
    expected = small.model.encode_query(TEXTS)
    np.testing.assert_allclose(small.encode(TEXTS, role="query"), expected, atol=1e-5)


def test_out_of_memory_inside_the_model_halves_the_batch(small):
    texts = ["cat dog"] * 64
    expected = small.encode(texts)
    forward = small.model[0].forward

    def limited(features):
        if len(features["input_ids"]) > 10:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20 GiB.")
        return forward(features)

    small.model[0].forward = limited
    with pytest.warns(EmbedscopeWarning, match="Out of memory"):
        found = small.encode(texts)
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_half_precision_on_a_cpu_is_bfloat16_where_it_is_asked_for(st_folder, small):
    with pytest.raises(InputError, match="needs a GPU"):
        load_encoder(f"sentence-transformers:{st_folder}", dtype="float16", device="cpu")
    half = load_encoder(f"sentence-transformers:{st_folder}", dtype="bfloat16", device="cpu")
    assert half.record.fingerprint != small.record.fingerprint
    np.testing.assert_allclose(half.encode(TEXTS), small.encode(TEXTS), atol=0.05)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_mixed_precision_stays_near(st_folder, small):
    half = load_encoder(f"sentence-transformers:{st_folder}", device="cuda")
    assert half.record.fingerprint != small.record.fingerprint
    np.testing.assert_allclose(half.encode(TEXTS), small.encode(TEXTS), atol=0.05)
