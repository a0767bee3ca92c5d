"""timm models: pooled features equal to timm's own."""

from __future__ import annotations

import numpy as np
import pytest
import timm
import torch
from timm.data import create_transform, resolve_data_config

from embedscope import load_encoder
from embedscope._errors import MissingError


@pytest.fixture(scope="module")
def encoder(timm_folder):
    return load_encoder(f"timm:{timm_folder}", normalise=False, device="cpu")


def test_features_equal_timms_own(encoder, timm_folder, pictures):
    model = timm.create_model(f"local-dir:{timm_folder}", pretrained=True).eval()
    prepare = create_transform(**resolve_data_config({}, model=model))
    with torch.no_grad():
        batch = torch.stack([prepare(picture.open()) for picture in pictures])
        expected = model.forward_head(model.forward_features(batch), pre_logits=True).numpy()
    np.testing.assert_allclose(
        encoder.encode(pictures), expected, rtol=1e-4, atol=1e-4 * np.abs(expected).max()
    )


def test_normalised_is_the_default(encoder, timm_folder, pictures):
    unit = load_encoder(f"timm:{timm_folder}", device="cpu")
    raw = encoder.encode(pictures)
    np.testing.assert_allclose(
        unit.encode(pictures), raw / np.linalg.norm(raw, axis=1, keepdims=True), atol=1e-5
    )
    assert unit.record.fingerprint != encoder.record.fingerprint
    assert encoder.record.name.endswith("?normalise=false")


def test_the_size_is_the_persons_to_choose(timm_folder, pictures):
    small = load_encoder(f"timm:{timm_folder}", image_size=64, device="cpu")
    assert small.record.parameters["preparation"]["input_size"] == [3, 64, 64]
    assert small.record.name.endswith("?image_size=64")
    assert small.encode(pictures[:1]).shape == (1, small.record.dims)


def test_an_unknown_architecture_names_the_near_ones():
    with pytest.raises(MissingError, match=r"No timm model is called 'resnet5o'.*'resnet50'"):
        load_encoder("timm:resnet5o")


def test_a_known_architecture_needs_the_hub():
    with pytest.raises(MissingError, match=r"'timm/resnet18.*the Hugging Face hub did not give it"):
        load_encoder("timm:resnet18")
