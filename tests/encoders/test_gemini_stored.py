"""What hosted models owe to encode: small chunks, kept pieces of a chunk, and notes on its bar."""

from __future__ import annotations

import numpy as np
import pytest

from embedscope._errors import InputError
from embedscope._progress import Progressed, listening
from embedscope.encoders.hosted_errors import HostedError
from embedscope.encoders.load import load_encoder
from embedscope.spaces.encode import encode
from embedscope.spaces.store import VectorStore

from .gemini_server import KEY, Answer, gemini_server, true_prefix

NAME = "gemini:gemini-embedding-001"
TEXTS = [f"text number {place}" for place in range(250)]
CLOSED = Answer(403, "PERMISSION_DENIED", "no more")


@pytest.fixture
def server(monkeypatch):
    with gemini_server() as running:
        monkeypatch.delenv("GOOGLE_API_KEY", raising=False)
        monkeypatch.setenv("GEMINI_API_KEY", KEY)
        monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", running.address)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield running


@pytest.mark.parametrize("chunk", [None, 1024])
def test_every_finished_request_is_in_the_store(server, tmp_path, chunk):
    options = {"store": tmp_path, "dims": 128, "chunk": chunk}
    server.plan.extend([None, None, CLOSED])
    with pytest.raises(HostedError, match="403") as caught:
        encode(TEXTS, NAME, **options)
    assert "the same call goes on from there" in caught.value.__notes__[0]
    assert VectorStore(tmp_path).contents().column("vectors") == [200]
    heard: list[Progressed] = []
    with listening(heard.append):
        space = encode(TEXTS, NAME, **options)
    truth = np.array([true_prefix(text, 128) for text in TEXTS])
    np.testing.assert_allclose(space.vectors, truth, atol=1e-6)
    assert server.sizes == [100, 100, 50, 50]
    assert set(server.answered.values()) == {1}
    assert heard[-1].done == 50
    assert "1 call, 300 a minute" in [now.note for now in heard]


def test_what_was_finished_before_an_item_that_is_refused_is_in_the_store(server, tmp_path):
    # Longest first: the one that the server takes for too long stands last, in the second half of its request.
    texts = [*TEXTS[:50], "short"]
    server.plan.extend(
        [Answer(400, "INVALID_ARGUMENT", "too long"), None, Answer(400, "INVALID_ARGUMENT", "x")]
    )
    server.always = Answer(400, "INVALID_ARGUMENT", "too long")
    with pytest.raises(InputError, match=r"cannot be encoded: .*INVALID_ARGUMENT: "):
        encode(texts, load_encoder(NAME, dims=128), store=tmp_path, progress=False)
    assert VectorStore(tmp_path).contents().column("vectors") == [25]
