"""EmbeddingNet: unit length, every kind of head, and a head that starts from principal components."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA

from embedscope._errors import InputError, MissingError
from embedscope.encoders.embedding_net import EmbeddingNet, NetConfig, pretrained_net, start_head


def build(**options) -> EmbeddingNet:
    torch.manual_seed(0)
    return EmbeddingNet(NetConfig("test_efficientnet", image_size=32, **options)).eval()


def images(n: int = 4) -> torch.Tensor:
    return torch.randn(n, 3, 32, 32, generator=torch.Generator().manual_seed(2))


@pytest.mark.parametrize(
    ("options", "dims"),
    [
        ({"dims": 8}, 8),
        ({"dims": 8, "hidden": 20}, 8),
        ({"dims": 0}, 256),
        ({"dims": 8, "standardise": True}, 8),
        ({"dims": 8, "pooling": "max"}, 8),
        ({"dims": 0, "pooling": "catavgmax"}, 512),
    ],
)
def test_every_head_gives_unit_vectors(options, dims):
    net = build(**options)
    vectors = net(images())
    assert vectors.shape == (4, dims)
    assert net.dims == dims
    torch.testing.assert_close(vectors.norm(dim=1), torch.ones(4))


def test_without_a_head_it_is_the_backbone():
    net = build(dims=0)
    features = net.backbone(images())
    torch.testing.assert_close(net(images()), features / features.norm(dim=1, keepdim=True))


def test_gradients_reach_every_parameter():
    net = build(dims=8, hidden=12, standardise=True).train()
    net(images())[:, 0].sum().backward()
    assert all(p.grad is not None and bool(p.grad.abs().sum() > 0) for p in net.parameters())


def test_what_does_not_fit_is_said():
    with pytest.raises(MissingError, match="No timm model is called 'resnet5o'"):
        EmbeddingNet(NetConfig("resnet5o"))
    with pytest.raises(InputError, match="without a head has no such layer"):
        NetConfig(dims=0, hidden=3)
    with pytest.raises(InputError, match="at least 8 pixels"):
        NetConfig(image_size=0)
    with pytest.raises(InputError, match="has no option 'colour'"):
        pretrained_net("test_efficientnet", colour="red")


def test_a_backbone_of_a_folder_keeps_its_weights(timm_folder):
    import timm

    net = pretrained_net("test_efficientnet", path=timm_folder, dims=8, image_size=32)
    own = timm.create_model(f"local-dir:{timm_folder}", pretrained=True, num_classes=0).eval()
    torch.testing.assert_close(net.backbone(images()), own(images()))
    assert (net.config.image_size, net.config.dims) == (32, 8)
    with pytest.raises(InputError, match="do not fit 'test_resnet'"):
        pretrained_net("test_resnet", path=timm_folder)


@pytest.mark.network
def test_the_packaged_backbone_is_the_encoders_own(pictures):
    from embedscope import load_encoder

    net = pretrained_net("efficientnet_lite0", dims=0, image_size=64, crop_pct=0.875)
    encoder = load_encoder("timm:efficientnet_lite0", image_size=64, device="cpu")
    vectors = load_encoder(net, device="cpu").encode(pictures)
    np.testing.assert_allclose(vectors, encoder.encode(pictures), atol=1e-5)
    assert net.config.licence == "Apache-2.0"


@pytest.mark.parametrize("standardise", [False, True])
def test_a_head_from_principal_components_agrees_with_sklearns(standardise):
    net = build(dims=6, standardise=standardise)
    features = torch.from_numpy(np.random.default_rng(0).gamma(1, 1, (300, net.width)).astype(np.float32))
    start_head(net, features)
    known = features.numpy().astype(np.float64)
    if standardise:
        known = (known - known.mean(axis=0)) / np.sqrt(known.var(axis=0, ddof=1) + 1e-5)
    expected = PCA(6, svd_solver="full").fit_transform(known)
    with torch.no_grad():
        found = net.head(net.norm(features)).numpy()
    np.testing.assert_allclose(np.abs(found), np.abs(expected), atol=2e-3)


def test_a_whitened_head_has_equal_variances_even_where_there_are_none():
    net = build(dims=6)
    features = torch.randn(200, net.width, generator=torch.Generator().manual_seed(0))
    features[:, 3:] = 0
    start_head(net, features, whiten=1.0)
    variances = net.head(features).var(dim=0, correction=0)
    torch.testing.assert_close(variances[:3], torch.ones(3), atol=1e-3, rtol=0)
    assert bool((variances[3:] < 1e-3).all())


def test_a_head_that_cannot_start_so_says_why():
    features = torch.zeros(5, 256)
    with pytest.raises(InputError, match="Only a linear head"):
        start_head(build(dims=6, hidden=3), features)
    with pytest.raises(InputError, match="5 items came for 6 dims"):
        start_head(build(dims=6), features)
