"""Backbones of both libraries: an open_clip tower becomes a net that sees as the whole model does."""

from __future__ import annotations

import numpy as np
import open_clip
import pytest
import torch

from embedscope import load_encoder
from embedscope._errors import InputError, MissingError
from embedscope.encoders.backbones import check_backbone
from embedscope.encoders.embedding_net import EmbeddingNet, NetConfig, pretrained_net
from embedscope.encoders.net_files import load_net, save_net


def test_a_tower_sees_as_its_model_does(clip_folder, pictures, tmp_path):
    net = pretrained_net(f"open_clip:{clip_folder}", dims=0)
    expected = load_encoder(f"open_clip:{clip_folder}", device="cpu").encode(pictures)
    # Its own size, mean, standard deviation and crop: the same vectors, from images to numbers.
    np.testing.assert_allclose(load_encoder(net, device="cpu").encode(pictures), expected, atol=1e-5)
    assert (net.config.image_size, net.config.mean, net.config.std) == (32, (0.5,) * 3, (0.3,) * 3)
    # The saved net needs nothing of the folder, and names no path.
    folder = save_net(net, tmp_path / "net", "float32")
    assert str(clip_folder) not in (folder / "config.json").read_text()
    np.testing.assert_allclose(load_encoder(folder, device="cpu").encode(pictures), expected, atol=1e-5)


def test_a_tower_with_a_head_trains_whole(clip_folder):
    torch.manual_seed(0)
    net = pretrained_net("open_clip:anything/at-all", path=clip_folder, dims=8).train()
    assert net.config.backbone == "open_clip:clip"
    vectors = net(torch.randn(4, 3, 32, 32))
    assert vectors.shape == (4, 8)
    vectors[:, 0].sum().backward()
    assert all(p.grad is not None and bool(p.grad.abs().sum() > 0) for p in net.backbone.parameters())


def test_an_architecture_with_a_file_of_weights(tmp_path, monkeypatch):
    from safetensors.torch import save_file

    # A tower of timm's inside open_clip, and more than one vector an image where it is not told otherwise.
    config = {
        "embed_dim": 16,
        "vision_cfg": {
            "timm_model_name": "test_vit",
            "timm_model_pretrained": False,
            "timm_pool": "avg",
            "timm_proj": "linear",
            "image_size": 160,
        },
        "text_cfg": {"context_length": 8, "vocab_size": 64, "width": 16, "heads": 2, "layers": 1},
    }
    monkeypatch.setitem(open_clip.factory._MODEL_CONFIGS, "tiny", config)
    torch.manual_seed(0)
    model = open_clip.create_model("tiny").eval()
    file = tmp_path / "tiny.safetensors"
    save_file({name: tensor.contiguous() for name, tensor in model.state_dict().items()}, file)
    net = pretrained_net(f"open_clip:tiny/{file}", dims=0)
    images = torch.randn(2, 3, 160, 160)
    with torch.no_grad():
        expected = model.encode_image(images, normalize=True)
        torch.testing.assert_close(net(images), expected)
    assert net.config.backbone == "open_clip:tiny"
    save_net(net, tmp_path / "net", "float32")
    monkeypatch.delitem(open_clip.factory._MODEL_CONFIGS, "tiny")
    torch.testing.assert_close(load_net(tmp_path / "net")(images), expected)


def test_several_vectors_an_image_become_one():
    config = {
        "embed_dim": 16,
        "vision_cfg": {
            "image_size": 32,
            "patch_size": 16,
            "width": 32,
            "head_width": 16,
            "layers": 1,
            "output_tokens": True,
        },
    }
    from embedscope.encoders.open_clip_models import tower_options

    net = EmbeddingNet(NetConfig("open_clip:made-up", tower_options(config), dims=4, image_size=32))
    assert net(torch.randn(2, 3, 32, 32)).shape == (2, 4)
    assert net.width == 16


def test_what_does_not_fit_is_said(clip_folder):
    with pytest.raises(InputError, match=r"'open_clip:clip' cannot see images of 48 px .*leave image_size"):
        pretrained_net(f"open_clip:{clip_folder}", image_size=48)
    with pytest.raises(InputError, match=r"'vit_tiny_patch16_224' cannot see images of 48 px"):
        EmbeddingNet(NetConfig("vit_tiny_patch16_224", image_size=48))
    with pytest.raises(InputError, match="pools by itself"):
        pretrained_net(f"open_clip:{clip_folder}", pooling="avg")
    with pytest.raises(MissingError, match="No open_clip model is called 'ViT-B-33'"):
        EmbeddingNet(NetConfig("open_clip:ViT-B-33"))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("open_clip:ViT-B-33", "No open_clip model is called 'ViT-B-33'"),
        ("open_clip:ViT-B-32/laion2b_s34b_b79", "'laion2b_s34b_b79k'"),
        ("open_clip:ViT-B-32/gone.safetensors", r"There is no file gone\.safetensors"),
        ("resnet5o", "No timm model is called 'resnet5o'"),
        ("timm:resnet5o.a1_in1k", "No timm model is called"),
    ],
)
def test_an_unknown_backbone_is_refused_before_anything_is_loaded(name, words):
    with pytest.raises(MissingError, match=words):
        check_backbone(name)


def test_known_backbones_pass(clip_folder):
    for name in ("timm:resnet50.a1_in1k", "open_clip:ViT-B-32/laion2b_s34b_b79k", f"open_clip:{clip_folder}"):
        check_backbone(name)
