"""Folders of weights: by path, refused when pickled, hashed by what changes a vector."""

from __future__ import annotations

import pytest

from embedscope._errors import InputError, MissingError
from embedscope.encoders.sources import find_folder, hash_folder, refuse_pickles


@pytest.fixture
def folder(tmp_path):
    found = tmp_path / "model"
    (found / "1_Pooling").mkdir(parents=True)
    (found / "model.safetensors").write_bytes(b"weights")
    (found / "config.json").write_text("{}", encoding="utf-8")
    (found / "1_Pooling" / "config.json").write_text('{"mean": true}', encoding="utf-8")
    return found


def test_a_folder_is_found_by_its_path(folder):
    assert find_folder(str(folder)) == folder
    assert find_folder("owner/name", path=folder) == folder


def test_a_path_that_is_not_there_is_named(tmp_path):
    with pytest.raises(MissingError, match=r"There is no folder .*nowhere; path= wants"):
        find_folder("owner/name", path=tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["owner/no-such-model", "a/b/c/d", "no such folder"])
def test_what_the_hub_does_not_give_is_one_clear_error(name):
    with pytest.raises(MissingError, match="is no folder here, and the Hugging Face hub did not give it"):
        find_folder(name)


def test_pickled_weights_are_refused(folder):
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(InputError, match=r"holds no \*.safetensors \(it holds .*pytorch_model.bin.*run code"):
        refuse_pickles(folder)


@pytest.mark.parametrize("name", ["model.safetensors", "config.json", "1_Pooling/config.json"])
def test_the_hash_sees_every_file_that_counts(folder, name):
    before = hash_folder(folder)
    (folder / name).write_bytes((folder / name).read_bytes() + b" ")
    assert hash_folder(folder) != before


@pytest.mark.parametrize("name", ["README.md", "pytorch_model.bin", ".cache/x.json"])
def test_the_hash_leaves_out_what_does_not_count(folder, name):
    before = hash_folder(folder)
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(b"other")
    assert hash_folder(folder) == before


def test_the_hash_sees_a_renamed_file(folder):
    before = hash_folder(folder)
    (folder / "config.json").rename(folder / "generation_config.json")
    assert hash_folder(folder) != before
