"""What is frozen and what is trained of every kind of backbone: between blocks, the head alone, all of it."""

from __future__ import annotations

import pytest
import torch

from embedscope import load_encoder
from embedscope._errors import InputError, MissingError
from embedscope.encoders.embedding_net import pretrained_net
from embedscope.encoders.net_files import load_net, save_net
from embedscope.training.cut import cut_net
from embedscope.training.cut_last import cut_last
from embedscope.training.new_run import backbone_name
from embedscope.training.specialist_job import SpecialistJob
from tests.encoders.conftest import save_clip
from tests.training.pictures import data_of, pictures, quick, tiny_net, work

VIT = {"backbone": "test_vit", "backbone_options": {"img_size": 32}}


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    return save_clip(tmp_path_factory.mktemp("clip") / "tiny")


def test_a_transformer_is_frozen_whole_and_its_head_is_the_rest():
    net = tiny_net(**VIT, hidden=6)
    cut = cut_last(net, 0)
    images = torch.randn(3, 3, 32, 32)
    torch.testing.assert_close(cut.rest(cut.stem(images)), net(images))
    torch.testing.assert_close(cut.rest.pooled(cut.stem(images)), net.backbone(images))
    assert cut.feature_shape() == (net.width, 1, 1)
    # An optimiser of the rest moves the head and nothing else; the stem stays in evaluation mode.
    assert {id(p) for p in cut.rest.parameters()} == {id(p) for p in net.head.parameters()}
    cut.stem.train()
    assert not any(p.requires_grad for p in net.backbone.parameters())
    assert not any(module.training for module in cut.stem.modules())


def test_a_backbone_of_blocks_is_cut_before_its_last_ones():
    net = tiny_net()
    images = torch.randn(2, 3, 32, 32)
    for trained, after in ((0, 5), (2, 3)):
        cut, same = cut_last(net, trained), cut_net(net, after)
        assert cut.after == same.after
        torch.testing.assert_close(cut.rest(cut.stem(images)), net(images))


def test_what_cannot_be_cut_says_what_can_be_done():
    with pytest.raises(InputError, match=r"trained_blocks=1 came, .*'test_vit'.*trained_blocks=0 keeps"):
        cut_last(tiny_net(**VIT), 1)
    with pytest.raises(InputError, match="has 5 blocks"):
        cut_last(tiny_net(), 6)


def trained(path, backbone, **recipe):
    data = data_of(pictures("flags", n_classes=9))
    # Without validations the last weights are kept: the best ones may be those before the first step.
    recipe = quick(dims=8, rate=1e-2, validations=0, **recipe)
    job = SpecialistJob("", backbone, "proxy_anchor", {}, recipe)
    assert work(path, job, data) == "done"
    return load_net(path / "model"), data.validation


def moved(net, before) -> bool:
    return any(not torch.equal(net.state_dict()[name], value) for name, value in before.items())


def test_a_transformers_head_is_trained_on_its_kept_features(tmp_path):
    # Half precision is how a run leaves its net.
    before = load_net(save_net(tiny_net(**VIT), tmp_path / "vit", "float16"))
    net, _ = trained(tmp_path / "run", f"trained:{tmp_path / 'vit'}", trained_blocks=0)
    assert not moved(net.backbone, before.backbone.state_dict())
    assert moved(net.head, before.head.state_dict())


@pytest.mark.parametrize("blocks", [0, None])
def test_an_open_clip_tower_is_trained_and_loaded_again(clip, tmp_path, blocks):
    name = backbone_name(f"open_clip:{clip}")
    net, held = trained(tmp_path / "run", name, trained_blocks=blocks, image_size=32)
    assert net.config.backbone == "open_clip:tiny"
    before = load_net(save_net(pretrained_net(name, dims=8), tmp_path / "before", "float16"))
    assert moved(net.backbone, before.backbone.state_dict()) == (blocks is None)
    vectors = load_encoder(tmp_path / "run" / "model", device="cpu").encode(held.payloads)
    assert vectors.shape == (len(held), 8)


def test_a_tower_has_no_blocks_to_train(clip, tmp_path):
    with pytest.raises(InputError, match=r"'open_clip:tiny' cannot be cut between blocks"):
        trained(tmp_path / "run", f"open_clip:{clip}", trained_blocks=1)


def test_names_travel_to_the_worker(clip, monkeypatch):
    monkeypatch.chdir(clip.parent)
    assert backbone_name("open_clip:tiny") == f"open_clip:{clip}"
    assert backbone_name("open_clip:ViT-B-32/laion2b_s34b_b79k") == "open_clip:ViT-B-32/laion2b_s34b_b79k"
    assert backbone_name(clip) == f"trained:{clip}"
    with pytest.raises(MissingError, match="No open_clip model is called 'gone'"):
        backbone_name("open_clip:gone")
