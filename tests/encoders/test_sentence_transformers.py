"""sentence-transformers models: the same vectors as the model's own encode, in any order and company."""

from __future__ import annotations

import numpy as np
import pytest

from embedscope import load_encoder

TEXTS = ["a cat", "", "the stock market fell again today", "x " * 2000, "Zürich 東京 🙂", "a", "cat " * 40]


@pytest.fixture(scope="module")
def minilm():
    return load_encoder("minilm", device="cpu")


@pytest.mark.network
def test_vectors_equal_the_models_own_encode(minilm):
    np.testing.assert_allclose(minilm.encode(TEXTS), minilm.model.encode(TEXTS), atol=1e-5)
