"""Stem features on disk: the same as the whole net's, computed once, gone on with after a kill."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image as PILImage

from embedscope import Items
from embedscope._errors import InputError, StoreError
from embedscope.encoders.embedding_net import EmbeddingNet, NetConfig
from embedscope.encoders.options import LoadOptions
from embedscope.training import features
from embedscope.training.augment import Augmentation
from embedscope.training.cut import count_blocks, cut_net
from embedscope.training.features import FeatureOptions, stem_features


def build(backbone: str = "test_efficientnet", **options) -> EmbeddingNet:
    torch.manual_seed(0)
    return EmbeddingNet(NetConfig(backbone, **{"image_size": 32, "dims": 8, **options})).eval()


def pictures(n: int, seed: int = 0) -> Items:
    pixels = np.random.default_rng(seed).integers(0, 256, (n, 24, 40, 3), np.uint8)
    return Items.from_images(list(pixels), ids=[f"p{row}" for row in range(n)])


@pytest.fixture
def options(tmp_path) -> FeatureOptions:
    return FeatureOptions(folder=tmp_path, run=LoadOptions(device="cpu", batch_size=4), silent=True)


@pytest.fixture
def computed(monkeypatch) -> list[int]:
    """How many images each pass through the stem computed."""
    sizes: list[int] = []
    real = features.encode_images

    def counted(images, *others):
        sizes.append(len(images))
        return real(images, *others)

    monkeypatch.setattr(features, "encode_images", counted)
    return sizes


def prepared(net: EmbeddingNet, items: Items) -> torch.Tensor:
    transform = net.config.transform()
    return torch.stack([transform(payload.open()) for payload in items.payloads])


@pytest.mark.parametrize("backbone", ["test_efficientnet", "test_resnet"])
@pytest.mark.parametrize("share", [0, 0.5, 1])
def test_stem_and_rest_are_the_net(backbone, share, options):
    net = build(backbone)
    cut = cut_net(net, round(share * count_blocks(net)))
    items = pictures(9)
    kept = stem_features(cut, items, options=options)
    assert kept.dtype == np.float16
    assert kept.shape == (9, *cut.feature_shape())
    with torch.no_grad():
        batch = prepared(net, items)
        whole = net(batch)
        torch.testing.assert_close(cut.rest(cut.stem(batch)), whole, atol=1e-6, rtol=0)
        from_disk = cut.rest(torch.from_numpy(np.array(kept)).float())
    assert float((from_disk * whole).sum(dim=1).min()) > 1 - 1e-5


def test_features_are_computed_once_and_read_only(options, computed):
    cut, items = cut_net(build(), 2), pictures(6)
    first = stem_features(cut, items, options=options)
    second = stem_features(cut, items, options=options)
    np.testing.assert_array_equal(first, second)
    assert computed == [6]
    with pytest.raises(ValueError, match="read-only"):
        second[0] = 0


def test_all_that_changes_a_feature_is_another_file(options, computed):
    items = pictures(5)
    net = build()
    other = build()
    with torch.no_grad():
        other.backbone.conv_stem.weight.mul_(2)
    larger = build(image_size=64)
    brighter = replace(options, augmentation=Augmentation(colour=0.9))
    stem_features(cut_net(net, 2), items, options=options)
    stem_features(cut_net(net, 3), items, options=options)
    stem_features(cut_net(other, 2), items, options=options)
    stem_features(cut_net(larger, 2), items, options=options)
    stem_features(cut_net(net, 2), items, 1, options)
    stem_features(cut_net(net, 2), items, 2, options)
    stem_features(cut_net(net, 2), items, 1, brighter)
    stem_features(cut_net(net, 2), items.take([4, 3, 2, 1, 0]), options=options)
    assert len(computed) == 8


def test_what_changes_no_feature_is_the_same_file(options, computed):
    net, items = build(), pictures(5)
    stem_features(cut_net(net, 2), items, options=options)
    with torch.no_grad():
        net.head.weight.mul_(3)
        net.backbone.conv_head.weight.mul_(3)
    renamed = Items.from_images([payload.read() for payload in items.payloads], ids=list("abcde"))
    stem_features(cut_net(net, 2), renamed, options=replace(options, augmentation=Augmentation(crop=1.0)))
    assert computed == [5]


def test_a_kill_in_the_middle_goes_on_from_there(options, computed, monkeypatch, tmp_path):
    monkeypatch.setattr(features, "_CHUNK", 4)
    cut, items = cut_net(build(), 2), pictures(11)
    expected = np.array(stem_features(cut, items, options=replace(options, folder=tmp_path / "whole")))
    computed.clear()
    real = features.encode_images

    def killed(images, *others):
        if len(computed) == 2:
            raise KeyboardInterrupt
        return real(images, *others)

    with monkeypatch.context() as patched:
        patched.setattr(features, "encode_images", killed)
        with pytest.raises(KeyboardInterrupt):
            stem_features(cut, items, options=options)
    partial = next(tmp_path.glob("*.partial"))
    with partial.open("ab") as file:
        file.write(b"half a row")
    assert not list(tmp_path.glob("*.npy"))
    computed.clear()
    np.testing.assert_array_equal(stem_features(cut, items, options=options), expected)
    assert computed == [3]
    assert not list(tmp_path.glob("*.partial"))


def test_a_disk_that_is_full_says_what_is_wanted(options, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(features, "_resume", full)
    with pytest.raises(StoreError, match=r"No space left.* take 0 MB in all; what was computed is kept"):
        stem_features(cut_net(build(), 2), pictures(3), options=options)


def test_an_unreadable_image_is_named_by_its_id(options, monkeypatch, tmp_path):
    monkeypatch.setattr(features, "_CHUNK", 2)
    files = []
    for row, payload in enumerate(pictures(5).payloads):
        files.append(tmp_path / f"{row}.png")
        files[-1].write_bytes(payload.read() if row != 3 else payload.read()[:50])
    items = Items.from_images(files, ids=list("abcde"), check=False)
    with pytest.raises(InputError, match=r"Item 'd' \(.*3\.png\) cannot be read as an image"):
        stem_features(cut_net(build(), 2), items, options=options)


def test_no_items_are_no_features(options):
    cut = cut_net(build(), 2)
    assert stem_features(cut, pictures(2).take([]), options=options).shape == (0, *cut.feature_shape())


def test_features_past_half_precision_are_refused(options):
    net = build()
    with torch.no_grad():
        net.backbone.bn1.weight.fill_(1e9)
    with pytest.raises(InputError, match="features of item 'p0' do not fit float16"):
        stem_features(cut_net(net, 0), pictures(2), options=options)


def test_a_negative_index_is_refused(options):
    with pytest.raises(InputError, match="index=-1 came"):
        stem_features(cut_net(build(), 2), pictures(2), -1, options)


def test_only_the_rest_is_trained_and_the_net_with_it():
    net = build(standardise=True)
    cut = cut_net(net, 2)
    before = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    trained = [p for p in cut.rest.parameters() if p.requires_grad]
    assert len(trained) == len(list(cut.rest.parameters()))
    assert not {id(p) for p in cut.rest.parameters()} & {id(p) for p in cut.stem.parameters()}
    optimiser = torch.optim.SGD(trained, lr=0.1)
    cut.stem.train()
    cut.rest.train()
    with torch.no_grad():
        kept = cut.stem(torch.randn(8, 3, 32, 32))
    cut.rest(kept)[:, 0].sum().backward()
    optimiser.step()
    changed = {name for name, tensor in net.state_dict().items() if not torch.equal(tensor, before[name])}
    assert "head.weight" in changed
    assert "backbone.conv_head.weight" in changed
    stem = {f"backbone.{name}" for name in ("conv_stem.weight", "bn1.weight", "bn1.running_mean")}
    assert not changed & stem


def test_pooled_features_start_the_head(options):
    from embedscope.encoders.embedding_net import start_head

    cut = cut_net(build(), 2)
    kept = torch.from_numpy(np.array(stem_features(cut, pictures(12), options=options))).float()
    with torch.no_grad():
        pooled = cut.rest.pooled(kept)
        torch.testing.assert_close(cut.net.embed(pooled), cut.rest(kept))
    start_head(cut.net, pooled)


def test_what_cannot_be_cut_says_so():
    with pytest.raises(InputError, match="type VisionTransformer cannot be cut"):
        cut_net(build("test_vit", backbone_options={"img_size": 32}), 1)
    with pytest.raises(InputError, match=r"after=99 came; 'test_efficientnet' has \d+ blocks"):
        cut_net(build(), 99)


@pytest.fixture
def stripes() -> PILImage.Image:
    pixels = np.random.default_rng(0).integers(0, 256, (30, 50, 3), np.uint8)
    return PILImage.fromarray(pixels)


def test_an_augmentation_is_the_same_each_time_and_another_for_each_index(stripes):
    augmentation = Augmentation(flip=0.5)
    first = [np.array(augmentation.apply(stripes, b"content!", index)) for index in range(4)]
    again = [np.array(augmentation.apply(stripes, b"content!", index)) for index in range(4)]
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    np.testing.assert_array_equal(first[0], np.array(stripes))
    assert len({image.tobytes() for image in first}) == 4
    assert not np.array_equal(first[1], np.array(augmentation.apply(stripes, b"another!", 1)))
    assert not np.array_equal(
        first[1], np.array(replace(augmentation, seed=1).apply(stripes, b"content!", 1))
    )


def test_an_augmentation_keeps_as_much_as_it_says(stripes):
    areas = [
        np.prod(Augmentation(crop=0.5).apply(stripes, b"content!", index).size) / np.prod(stripes.size)
        for index in range(1, 200)
    ]
    assert 0.42 < min(areas) < 0.6
    assert max(areas) <= 1
    whole = Augmentation(crop=1.0, colour=0.0).apply(stripes, b"content!", 5)
    np.testing.assert_array_equal(np.array(whole), np.array(stripes))
    flipped = Augmentation(crop=1.0, colour=0.0, flip=1.0).apply(stripes, b"content!", 5)
    np.testing.assert_array_equal(np.array(flipped), np.array(stripes)[:, ::-1])


def test_an_augmentation_past_its_range_is_refused():
    with pytest.raises(InputError, match=r"crop=0.0.*wanted crop from 0\.05 to 1"):
        Augmentation(crop=0.0)
