"""A function from texts to vectors as an encoder: what it is handed, and in which pieces."""

from __future__ import annotations

import numpy as np

from embedscope.encoders.protocol import EncoderRecord
from embedscope.encoders.text_function import TextFunctionEncoder


def encoder(calls: list, batch_size: int | None = None) -> TextFunctionEncoder:
    def embed(texts, role):
        calls.append((len(texts), role))
        return np.array([[len(text), 1, 0] for text in texts], np.float32)

    record = EncoderRecord(name="lengths", modalities=frozenset({"text"}), dims=3)
    return TextFunctionEncoder(embed, record, batch_size)


def test_texts_come_in_batches_with_their_role():
    calls, steps = [], []
    texts = ["a" * n for n in range(7)]
    vectors = encoder(calls, 3).encode(texts, role="document", progress=steps.append)
    assert calls == [(3, "document"), (3, "document"), (1, "document")]
    assert steps == [3, 3, 1]
    expected = np.array([[n, 1, 0] / np.hypot(n, 1) for n in range(7)], np.float32)
    np.testing.assert_allclose(vectors, expected, atol=1e-6)


def test_what_utf8_cannot_write_is_a_question_mark():
    seen: list[str] = []

    def embed(texts, role):
        seen.extend(texts)
        return np.ones((len(texts), 2), np.float32)

    record = EncoderRecord(name="ones", modalities=frozenset({"text"}), dims=2)
    TextFunctionEncoder(embed, record).encode(["a\ud83db", "🙂"])
    assert seen == ["a?b", "🙂"]


def test_of_nothing_the_function_is_not_called():
    calls: list = []
    assert encoder(calls).encode([]).shape == (0, 3)
    assert calls == []
