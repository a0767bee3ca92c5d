"""Trained nets as encoders: the net's own vectors, its name, its fingerprint."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from embedscope import load_encoder
from embedscope._errors import InputError, MissingError
from embedscope.encoders.trained import EmbeddingNet, load_net, save_net


def test_vectors_are_the_nets_own(net_folder, pictures):
    net = load_net(net_folder)
    prepare = net.config.transform()
    with torch.no_grad():
        expected = net(torch.stack([prepare(picture.open()) for picture in pictures])).numpy()
    np.testing.assert_allclose(
        load_encoder(str(net_folder), device="cpu").encode(pictures), expected, atol=1e-5
    )


def test_a_folder_by_path_by_scheme_and_in_the_working_folder(net_folder, monkeypatch):
    monkeypatch.chdir(net_folder.parent)
    written = (net_folder, str(net_folder), f"trained:{net_folder}", net_folder.name, f"./{net_folder.name}")
    records = [load_encoder(name, device="cpu").record for name in written]
    assert all(record == records[0] for record in records)
    assert records[0].name == f"trained:{net_folder.resolve()}"


def test_a_folder_that_is_not_there_is_called_that(tmp_path):
    with pytest.raises(MissingError, match=r"There is no folder .*nowhere"):
        load_encoder(str(tmp_path / "nowhere"))
    with pytest.raises(MissingError, match="or the path of a folder that save_net wrote"):
        load_encoder("nowhere/at-all")


def test_another_models_folder_is_told_its_scheme(bert_folder):
    with pytest.raises(InputError, match=r"is no net of embedscope.*'transformers:"):
        load_encoder(str(bert_folder))


def test_the_fingerprint_follows_weights_and_preparation_and_not_the_place(small_net, tmp_path):
    def fingerprint(net, name, **options):
        return load_encoder(str(save_net(net, tmp_path / name, **options)), device="cpu").record.fingerprint

    base = fingerprint(small_net, "a", dtype="float32")
    assert fingerprint(small_net, "b", dtype="float32", notes={"epochs": 3}) == base
    larger = EmbeddingNet(replace(small_net.config, image_size=64))
    larger.load_state_dict(small_net.state_dict())
    other = EmbeddingNet(small_net.config)
    assert (
        len({base, fingerprint(larger, "c", dtype="float32"), fingerprint(other, "d", dtype="float32")}) == 3
    )


def test_a_net_in_memory_is_an_encoder(small_net, pictures):
    encoder = load_encoder(small_net, device="cpu")
    assert encoder.record.name == "object:EmbeddingNet"
    vectors = encoder.encode(pictures)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    with torch.no_grad():
        next(small_net.head.parameters()).mul_(-1)
    changed = load_encoder(small_net, device="cpu").record.fingerprint
    with torch.no_grad():
        next(small_net.head.parameters()).mul_(-1)
    assert changed != encoder.record.fingerprint


def test_an_option_of_nobody_is_refused(net_folder):
    with pytest.raises(InputError, match="has no option 'normalise'"):
        load_encoder(str(net_folder), normalise=False)


def test_a_runs_folder_stands_for_the_net_that_it_left(net_folder, tmp_path):
    (tmp_path / "config.json").write_text('{"job": "distill", "module": "x", "options": {}}')
    with pytest.raises(InputError, match="is no net of embedscope"):
        load_encoder(str(tmp_path))
    (tmp_path / "model").symlink_to(net_folder, target_is_directory=True)
    record = load_encoder(str(tmp_path), device="cpu").record
    assert record.fingerprint == load_encoder(net_folder, device="cpu").record.fingerprint
    assert record.name == f"trained:{(tmp_path / 'model')}"
