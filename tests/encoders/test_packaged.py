"""Packaged weights: fetched, brought, refused when they are not what they should be."""

from __future__ import annotations

import shutil

import pytest

from embedscope._errors import FetchError
from embedscope._hashing import sha256_file
from embedscope.encoders.found import find_weights
from embedscope.encoders.options import LoadOptions
from embedscope.encoders.packaged import PACKAGED

pytestmark = pytest.mark.network


@pytest.mark.parametrize("name", PACKAGED)
def test_every_file_is_what_it_should_be(name):
    weights = PACKAGED[name]
    folder = weights.folder()
    assert {file: sha256_file(folder / file) for file in weights.files} == dict(weights.files)
    assert sum((folder / file).stat().st_size for file in weights.files) == weights.size
    assert weights.is_here()


def test_fingerprints_differ():
    assert len({weights.fingerprint for weights in PACKAGED.values()}) == len(PACKAGED)


def test_a_folder_that_the_person_brings_is_used(tmp_path):
    weights = PACKAGED["wordllama"]
    brought = shutil.copytree(weights.folder(), tmp_path / "mine")
    assert weights.folder(brought) == brought
    assert find_weights("wordllama", "wordllama", LoadOptions(path=brought)).folder == brought


def test_a_brought_file_that_was_changed_is_refused(tmp_path):
    weights = PACKAGED["timm:efficientnet_lite0"]
    brought = shutil.copytree(weights.folder(), tmp_path / "mine")
    file = brought / next(iter(weights.files))
    content = bytearray(file.read_bytes())
    content[1000] ^= 1
    file.write_bytes(content)
    with pytest.raises(FetchError):
        weights.folder(brought)
