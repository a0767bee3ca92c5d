"""Any torch module: its own numbers come back, and what does not fit is said."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from embedscope import load_encoder
from embedscope._errors import InputError


def to_tensor(image) -> torch.Tensor:
    return torch.from_numpy(np.array(image.resize((4, 4)), np.float32)).flatten() / 255


def to_other_tensor(image) -> torch.Tensor:
    return to_tensor(image) * 2


def linear(seed: int = 0) -> torch.nn.Module:
    torch.manual_seed(seed)
    return torch.nn.Linear(48, 5)


def test_vectors_equal_the_modules_own(pictures):
    module = linear()
    encoder = load_encoder(module, prepare=to_tensor, device="cpu")
    with torch.no_grad():
        expected = module(torch.stack([to_tensor(picture.open()) for picture in pictures])).numpy()
    np.testing.assert_allclose(encoder.encode(pictures), expected, atol=1e-5)


def test_texts_with_a_collate_of_the_persons_own():
    def collate(lists: list[list[int]]) -> torch.Tensor:
        return torch.nn.utils.rnn.pad_sequence([torch.tensor(row) for row in lists], True)

    bag = torch.nn.EmbeddingBag(256, 6, padding_idx=0, mode="sum")
    encoder = load_encoder(
        bag, prepare=lambda text: list(text.encode()), collate=collate, modality="text", device="cpu"
    )
    with torch.no_grad():
        expected = bag(torch.tensor([list(b"cat")]))[0].numpy()
    np.testing.assert_allclose(encoder.encode(["a longer text", "cat"])[1], expected, atol=1e-5)


def test_fingerprints_follow_weights_and_preparation():
    def fingerprint(module, prepare, **options):
        return load_encoder(module, prepare=prepare, device="cpu", **options).record.fingerprint

    base = fingerprint(linear(), to_tensor)
    assert base == fingerprint(linear(), to_tensor, batch_size=2, name="mine")
    others = [
        fingerprint(linear(1), to_tensor),
        fingerprint(linear(), to_other_tensor),
        fingerprint(linear(), to_tensor, normalise=True),
    ]
    assert len({base, *others}) == 4


def test_a_module_without_prepare_is_told_what_to_type():
    with pytest.raises(InputError, match=r"needs prepare=: load_encoder\(module, prepare="):
        load_encoder(linear(), device="cpu")


def test_an_unknown_modality_is_refused():
    with pytest.raises(InputError, match="modality='sound' came"):
        load_encoder(linear(), prepare=to_tensor, modality="sound", device="cpu")


def test_what_is_no_matrix_is_refused():
    with pytest.raises(InputError, match=r"The module gave \(1, 3, 3\) for 1 payloads; wanted \(1, dims\)"):
        load_encoder(torch.nn.Identity(), prepare=lambda _: torch.zeros(3, 3), device="cpu")


def test_what_is_no_tensor_is_refused():
    class Pair(torch.nn.Module):
        def forward(self, batch):
            return batch, batch

    with pytest.raises(InputError, match="The model gave a tuple; wanted a tensor"):
        load_encoder(Pair(), prepare=to_tensor, device="cpu")


def test_the_module_is_put_into_evaluation_mode(pictures):
    module = torch.nn.Sequential(torch.nn.Dropout(0.9), linear())
    encoder = load_encoder(module.train(), prepare=to_tensor, device="cpu")
    np.testing.assert_array_equal(encoder.encode(pictures), encoder.encode(pictures))
