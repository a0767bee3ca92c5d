"""load_encoder: names, objects, and what to type instead."""

from __future__ import annotations

import pytest

from embedscope import load_encoder
from embedscope._errors import InputError, MissingError


@pytest.mark.parametrize("name", ["minilmm", "", "wordlama", "clip:ViT", "s3://bucket/model"])
def test_an_unknown_name_lists_names_and_schemes(name):
    with pytest.raises(
        MissingError, match=r"There are: .*minilm, .*scheme:<folder or name on the hub> .*open_clip"
    ):
        load_encoder(name)


def test_a_near_name_is_guessed():
    with pytest.raises(MissingError, match="Did you mean 'minilm'"):
        load_encoder("minlm")


@pytest.mark.parametrize("thing", [3, None, object()])
def test_what_is_no_model_says_what_is(thing):
    with pytest.raises(InputError, match="wanted a name, an encoder, a SentenceTransformer, a torch module"):
        load_encoder(thing)


@pytest.mark.network
def test_an_encoder_comes_back_as_it_is():
    encoder = load_encoder("wordllama")
    assert load_encoder(encoder) is encoder
    with pytest.raises(InputError, match="This is an encoder already"):
        load_encoder(encoder, device="cpu")


@pytest.mark.network
def test_an_option_of_nobody_is_refused():
    with pytest.raises(InputError, match="'wordllama' has no option 'pooling'"):
        load_encoder("wordllama", pooling="mean")


def test_options_in_the_name_and_beside_it(bert_folder):
    named = load_encoder(f"transformers:{bert_folder}?pooling=cls", device="cpu")
    beside = load_encoder(f"transformers:{bert_folder}", pooling="cls", device="cpu")
    assert named.record == beside.record


def test_path_goes_before_the_name(bert_folder):
    encoder = load_encoder("transformers:owner/name", path=bert_folder, device="cpu")
    assert encoder.record.name == f"transformers:{bert_folder}"


def test_a_name_with_trust_in_it_is_refused(bert_folder):
    # A name can come out of somebody else's saved space: it must not be able to ask for code to be run.
    with pytest.raises(InputError, match="trust_remote_code"):
        load_encoder(f"transformers:{bert_folder}?trust_remote_code=true", device="cpu")
