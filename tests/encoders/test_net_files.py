"""A net on disk: the same vectors again, and a clear word for every kind of damage."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest
import torch

from embedscope._errors import InputError, MissingError, StoreError
from embedscope.encoders import net_files
from embedscope.encoders.embedding_net import EmbeddingNet, NetConfig
from embedscope.encoders.net_files import CONFIG, WEIGHTS, load_net, save_net


@pytest.fixture
def small_net() -> EmbeddingNet:
    """Untouched by other tests: an encoder lays a net's weights out anew, which changes the last bit."""
    torch.manual_seed(0)
    return EmbeddingNet(NetConfig("test_efficientnet", image_size=32, dims=12)).eval()


@pytest.fixture(scope="module")
def images() -> torch.Tensor:
    return torch.randn(6, 3, 32, 32, generator=torch.Generator().manual_seed(1))


def embed(net: EmbeddingNet, images: torch.Tensor) -> torch.Tensor:
    with torch.no_grad():
        return net(images)


def another(net: EmbeddingNet) -> EmbeddingNet:
    torch.manual_seed(5)
    return EmbeddingNet(net.config).eval()


def test_float32_comes_back_to_the_bit(small_net, images, tmp_path):
    save_net(small_net, tmp_path, "float32")
    assert torch.equal(embed(load_net(tmp_path), images), embed(small_net, images))


def test_float16_is_half_as_large_and_near(small_net, images, tmp_path):
    whole, half = save_net(small_net, tmp_path / "whole", "float32"), save_net(small_net, tmp_path / "half")
    sizes = [(folder / WEIGHTS).stat().st_size for folder in (half, whole)]
    assert sizes[0] < 0.65 * sizes[1]
    net = load_net(half)
    assert {p.dtype for p in net.parameters()} == {torch.float32}
    assert not net.training
    cosines = (embed(net, images) * embed(small_net, images)).sum(dim=1)
    assert float(cosines.min()) > 1 - 1e-4


def test_moments_of_the_norms_are_kept_whole(small_net, tmp_path):
    net = another(small_net)
    moments = next(buffer for name, buffer in net.named_buffers() if name.endswith("running_var"))
    moments.fill_(123456.789)
    kept = dict(load_net(save_net(net, tmp_path)).named_buffers())
    assert any(torch.equal(tensor, moments) for tensor in kept.values() if tensor.shape == moments.shape)


def test_the_config_and_notes_are_plain_json(small_net, tmp_path):
    save_net(small_net, tmp_path, notes={"domain": "emoji", "recall@1": 0.5})
    facts = json.loads((tmp_path / CONFIG).read_text(encoding="utf-8"))
    assert facts["net"]["backbone"] == "test_efficientnet"
    assert facts["notes"] == {"domain": "emoji", "recall@1": 0.5}
    assert load_net(tmp_path).config == small_net.config


def test_a_weight_past_half_precision_is_named_and_nothing_is_written(small_net, tmp_path):
    net = another(small_net)
    with torch.no_grad():
        net.head.weight[0, 0] = 1e6
    with pytest.raises(
        InputError, match=r"'head\.weight' does not fit half precision; write dtype='float32'"
    ):
        save_net(net, tmp_path / "net")
    with torch.no_grad():
        net.head.weight[0, 0] = np.nan
    with pytest.raises(InputError, match=r"'head\.weight' is not finite"):
        save_net(net, tmp_path / "net", "float32")
    assert not (tmp_path / "net").exists()


def test_a_precision_that_is_none(small_net, tmp_path):
    with pytest.raises(MissingError, match="float16, float32"):
        save_net(small_net, tmp_path, "float8")


@pytest.mark.parametrize("stop_at", range(1, 4))
def test_a_save_that_is_killed_leaves_the_net_before(small_net, images, tmp_path, monkeypatch, stop_at):
    """The kill comes at each of the renames; the next save must not lose the old net either."""
    save_net(small_net, tmp_path, "float32")
    before = embed(small_net, images)
    real, renames = net_files.Path.replace, []

    def replace(self, target):
        renames.append(target)
        if len(renames) == stop_at or target.name == CONFIG:
            raise KeyboardInterrupt
        return real(self, target)

    for _ in range(2):
        renames.clear()
        monkeypatch.setattr(net_files.Path, "replace", replace)
        with pytest.raises(KeyboardInterrupt):
            save_net(another(small_net), tmp_path, "float32")
        monkeypatch.undo()
        assert torch.equal(embed(load_net(tmp_path), images), before)
    save_net(another(small_net), tmp_path, "float32")
    assert sorted(file.name for file in tmp_path.iterdir()) == [CONFIG, WEIGHTS]
    assert torch.equal(embed(load_net(tmp_path), images), embed(another(small_net), images))


def test_other_files_of_the_folder_stay(small_net, tmp_path):
    (tmp_path / "optimizer.pt").write_bytes(b"of somebody else")
    save_net(small_net, tmp_path)
    assert (tmp_path / "optimizer.pt").is_file()


def test_a_folder_that_cannot_be_written(small_net, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreError, match=r"The net cannot be written into .*file"):
        save_net(small_net, tmp_path / "file" / "net")


def test_a_disk_that_is_full(small_net, images, tmp_path, monkeypatch):
    save_net(small_net, tmp_path, "float32")

    def full(state, file):
        file.write_bytes(b"the first bytes")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(net_files, "save_file", full)
    with pytest.raises(StoreError, match="No space left"):
        save_net(another(small_net), tmp_path, "float32")
    assert sorted(file.name for file in tmp_path.iterdir()) == [CONFIG, WEIGHTS]
    assert torch.equal(embed(load_net(tmp_path), images), embed(small_net, images))


@pytest.fixture
def copied(net_folder, tmp_path):
    return shutil.copytree(net_folder, tmp_path / "copied")


def edit(folder, **facts):
    known = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    (folder / CONFIG).write_text(json.dumps({**known, **facts}), encoding="utf-8")


def test_missing_files_are_named(copied):
    (copied / WEIGHTS).unlink()
    with pytest.raises(MissingError, match=r"has a config\.json and no model\.safetensors"):
        load_net(copied)
    (copied / CONFIG).unlink()
    with pytest.raises(MissingError, match=r"has no config\.json; wanted a folder that save_net wrote"):
        load_net(copied)


def test_a_newer_version_is_refused(copied):
    edit(copied, version=2)
    with pytest.raises(InputError, match=r"has version 2 of the format; this embedscope reads 1"):
        load_net(copied)


def test_an_unknown_field_of_the_net_is_refused(copied):
    edit(copied, net={"backbone": "test_efficientnet", "colour": "red"})
    with pytest.raises(InputError, match="configuration has no 'colour'"):
        load_net(copied)


def test_damaged_weights_are_found(copied):
    data = bytearray((copied / WEIGHTS).read_bytes())
    data[-100] ^= 1
    (copied / WEIGHTS).write_bytes(data)
    with pytest.raises(StoreError, match=r"model\.safetensors is damaged: its SHA-256"):
        load_net(copied)
    (copied / WEIGHTS).write_bytes(data[:1000])
    with pytest.raises(StoreError, match=r"model\.safetensors is damaged"):
        load_net(copied)


@pytest.mark.parametrize("text", ["", "{", "\x00\xff"])
def test_a_damaged_config_is_found(copied, text):
    (copied / CONFIG).write_text(text, encoding="latin-1")
    with pytest.raises(StoreError, match=r"config\.json is damaged"):
        load_net(copied)


def test_weights_of_another_net_are_refused(copied, small_net):
    edit(copied, net={**small_net.config.to_json(), "dims": 5})
    with pytest.raises(StoreError, match=r"are not those of its config\.json"):
        load_net(copied)


def test_loading_takes_nothing_from_the_callers_generator(net_folder):
    state = torch.get_rng_state()
    load_net(net_folder)
    assert torch.equal(torch.get_rng_state(), state)
