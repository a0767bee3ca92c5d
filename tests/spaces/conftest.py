"""What the tests of spaces share: a small real encoder that counts what it is asked for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from embedscope._errors import InputError
from embedscope._hashing import hash_text
from embedscope.encoders.protocol import EncoderRecord
from embedscope.items.items import Items
from embedscope.items.payloads import Image, Payload

DIMS = 16


class WordEncoder:
    """Hashes words into buckets and normalises; an image is its bytes as one word."""

    def __init__(self, seed: int = 0, dims: int = DIMS, modalities: Sequence[str] = ("text",)) -> None:
        self.record = EncoderRecord("test:words", frozenset(modalities), dims, {"seed": seed})
        self.calls: list[tuple[Payload, ...]] = []
        self.roles: list[str | None] = []

    @property
    def seen(self) -> list[Payload]:
        """All payloads that were encoded, in order."""
        return [payload for call in self.calls for payload in call]

    def encode(self, payloads, *, role=None, task=None, dims=None, progress=None) -> np.ndarray:
        if task is not None:
            raise InputError("The encoder 'test:words' has no tasks.")
        if payloads:
            self.calls.append(tuple(payloads))
            self.roles.append(role)
        vectors = np.stack([self._vector(p, role) for p in payloads]) if payloads else np.zeros((0, DIMS))
        bad = np.flatnonzero(~np.isfinite(vectors).all(axis=1))
        if len(bad):
            raise InputError(f"The encoder gave a vector with NaN for item {bad[0]}.")
        vectors = vectors[:, :dims]
        if progress is not None:
            progress(len(payloads))
        return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)

    def _vector(self, payload: Payload, role: str | None) -> np.ndarray:
        words = payload.split() if isinstance(payload, str) else [payload.read().hex()]
        total = np.full(self.record.dims, 1e-3)
        for word in [*words, f"role {role}"] if role else words:
            if word == "poison":
                total[0] = np.nan
            seed = int.from_bytes(hash_text(word + str(self.record.parameters["seed"]))[:8], "little")
            total += np.random.default_rng(seed).normal(size=self.record.dims)
        return total


@pytest.fixture
def encoder() -> WordEncoder:
    return WordEncoder()


@pytest.fixture
def make_encoder() -> type[WordEncoder]:
    return WordEncoder


@pytest.fixture
def texts() -> Items:
    """Twenty texts of several lengths, two of them equal."""
    words = ["cat", "dog", "bridge", "river", "song"]
    made = [
        " ".join(words[(row + step) % 5] for step in range(1 + row % 4)) + f" {row % 19}" for row in range(20)
    ]
    made[19] = made[0]
    return Items.from_texts(
        made, ids=[f"t{row}" for row in range(20)], columns={"label": [row % 3 for row in range(20)]}
    )


@pytest.fixture
def pictures() -> Items:
    """Four plain images in memory."""
    return Items.from_images([np.full((8, 8), 60 * row, np.uint8) for row in range(4)])


@pytest.fixture
def vectors() -> np.ndarray:
    """Forty vectors of eight dims."""
    return np.random.default_rng(0).normal(size=(40, 8)).astype(np.float32)


__all__ = ["DIMS", "Image", "WordEncoder"]
