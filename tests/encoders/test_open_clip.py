"""open_clip models: images and texts in one space, equal to the model's own towers."""

from __future__ import annotations

import numpy as np
import open_clip
import pytest
import torch

from embedscope import load_encoder
from embedscope._errors import InputError, MissingError

TEXTS = ["a cat", "", "the dog " * 200, "東京"]


@pytest.fixture(scope="module")
def encoder(clip_folder):
    return load_encoder(f"open_clip:{clip_folder}", device="cpu")


@pytest.fixture(scope="module")
def peer(clip_folder):
    source = f"local-dir:{clip_folder}"
    model, _, prepare = open_clip.create_model_and_transforms(source)
    return model.eval(), prepare, open_clip.get_tokenizer(source)


def test_texts_equal_the_text_tower(encoder, peer):
    model, _, tokenizer = peer
    with torch.no_grad():
        expected = model.encode_text(tokenizer(TEXTS), normalize=True).numpy()
    np.testing.assert_allclose(encoder.encode(TEXTS), expected, atol=1e-5)


def test_images_equal_the_image_tower(encoder, peer, pictures):
    model, prepare, _ = peer
    with torch.no_grad():
        batch = torch.stack([prepare(picture.open()) for picture in pictures])
        expected = model.encode_image(batch, normalize=True).numpy()
    np.testing.assert_allclose(encoder.encode(pictures), expected, atol=1e-5)


def test_a_text_finds_images_in_one_space(encoder, pictures):
    texts, images = encoder.encode(TEXTS), encoder.encode(pictures)
    assert encoder.record.modalities == {"text", "image"}
    similarity = texts @ images.T
    assert similarity.shape == (len(TEXTS), len(pictures))
    assert np.abs(similarity).max() <= 1 + 1e-5


def test_mixed_payloads_are_refused(encoder, pictures):
    with pytest.raises(InputError, match=r"Item 1 is a text; .* takes image"):
        encoder.encode([pictures[0], "a cat"])


def test_weights_of_an_architecture_by_file(tmp_path):
    from safetensors.torch import save_file

    architecture = "ViT-S-32-alt"
    torch.manual_seed(0)
    model = open_clip.create_model(architecture)
    file = tmp_path / "weights.safetensors"
    save_file({name: tensor.contiguous() for name, tensor in model.state_dict().items()}, file)
    encoder = load_encoder(f"open_clip:{architecture}/{file}", device="cpu")
    with torch.no_grad():
        tokens = open_clip.get_tokenizer(architecture)(["a cat"])
        expected = model.eval().encode_text(tokens, normalize=True).numpy()
    np.testing.assert_allclose(encoder.encode(["a cat"]), expected, atol=1e-5)
    assert encoder.record.name == f"open_clip:{architecture}/{file}"


def test_an_unknown_tag_lists_the_tags():
    with pytest.raises(MissingError, match="'laion2b_s34b_b79k'"):
        load_encoder("open_clip:ViT-B-32/laion2b_s34b_b79")


def test_a_missing_file_is_named():
    with pytest.raises(MissingError, match=r"There is no file .*gone\.safetensors"):
        load_encoder("open_clip:ViT-B-32/gone.safetensors")


def test_a_tag_needs_the_hub():
    with pytest.raises(MissingError, match="the Hugging Face hub did not give it"):
        load_encoder("open_clip:ViT-B-32/laion2b_s34b_b79k")
