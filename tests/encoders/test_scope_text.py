"""A decoder's adapter: saved small, added exactly, loaded by its name; and what is said where it is not."""

from __future__ import annotations

import json
import warnings

import numpy as np
import peft
import pytest
import torch
from sentence_transformers import SentenceTransformer
from transformers import AutoModel

import embedscope as es
from embedscope._errors import InputError, MissingError, StoreError
from embedscope.encoders import scope_text
from embedscope.encoders.llm import add_lora, build_llm, merge_lora
from embedscope.encoders.llm_adapter import apply_adapter, save_adapter
from tests.encoders.tiny_llms import save_decoder

TEXTS = ["a cat", "def f(x):", "the stock market fell again", "Zürich"]
SHAPE = {"layers": 1, "projection": 16, "max_length": 64}
RANK = 4
_LARGEST = 20_000_000


@pytest.fixture(scope="module")
def decoder(tmp_path_factory):
    return save_decoder(tmp_path_factory.mktemp("llm"))


def trained(decoder) -> SentenceTransformer:
    """A model whose linear layers and projection were moved by an update of a known rank."""
    model = build_llm(decoder, **SHAPE)
    torch.manual_seed(3)
    add_lora(model, RANK)
    with torch.no_grad():
        for name, value in model[0].model.named_parameters():
            if "lora_B" in name:
                value.normal_(std=0.3)
        model[2].linear.weight.add_(0.1)
    return merge_lora(model)


@pytest.fixture
def shipped(decoder, tmp_path, monkeypatch):
    folder = tmp_path / "scope-text"
    save_adapter(trained(decoder), build_llm(decoder, **SHAPE), folder, RANK)
    config = {"decoder": f"llm:{decoder}", **SHAPE, "prompts": {"docstrings": "Find: "}, "licence": "MIT"}
    (folder / scope_text.CONFIG).write_text(json.dumps(config))
    monkeypatch.setattr(scope_text, "FOLDER", folder)
    return folder


def test_the_adapter_gives_the_trained_models_vectors(decoder, shipped):
    expected = trained(decoder).encode(TEXTS)
    assert np.abs(expected - build_llm(decoder, **SHAPE).encode(TEXTS)).max() > 0.05
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        encoder = es.load_encoder("scope-text", device="cpu")
    # The files are in half precision.
    np.testing.assert_allclose(encoder.encode(TEXTS), expected, atol=5e-3)
    record = encoder.record
    assert (record.name, record.dims, record.licence) == ("scope-text", 16, "MIT")
    asked = encoder.encode(TEXTS[:1], role="query", task="docstrings")
    np.testing.assert_allclose(asked, encoder.encode([f"Find: {TEXTS[0]}"]), atol=1e-6)
    assert es.load_encoder("scope-text", device="cpu", max_length=32).record != record


def test_peft_loads_the_adapter_on_the_plain_decoder(decoder, shipped):
    plain = AutoModel.from_pretrained(decoder)
    merged = peft.PeftModel.from_pretrained(plain, str(shipped)).merge_and_unload().state_dict()
    whole = trained(decoder)[0].model.state_dict()
    moved = [name for name in merged if name.startswith("layers.0") and "proj" in name]
    assert len(moved) == 7
    for name in moved:
        torch.testing.assert_close(merged[name], whole[name], atol=2e-3, rtol=0)


def test_a_smaller_rank_loses_what_it_says(decoder, tmp_path):
    before, after = build_llm(decoder, **SHAPE), trained(decoder)
    assert save_adapter(after, before, tmp_path / "whole", RANK) < 1e-6
    lost = save_adapter(after, before, tmp_path / "half", RANK // 2)
    kept = apply_adapter(build_llm(decoder, **SHAPE), tmp_path / "half")[0].model.state_dict()
    shares = []
    for name, value in after[0].model.state_dict().items():
        update = value - before[0].model.state_dict()[name]
        if update.any():
            shares.append(float((value - kept[name]).norm() / update.norm()))
    assert lost == pytest.approx(max(shares), rel=1e-2)
    assert 0.1 < lost < 1


def test_what_no_adapter_can_hold_is_refused(decoder, tmp_path):
    moved = trained(decoder)
    with torch.no_grad():
        moved[0].model.embed_tokens.weight.add_(1)
    with pytest.raises(InputError, match=r"embed_tokens\.weight was trained, and is no weight of a linear"):
        save_adapter(moved, build_llm(decoder, **SHAPE), tmp_path, RANK)


def test_damage_and_absence_are_told(decoder, shipped, monkeypatch, tmp_path):
    with pytest.raises(StoreError, match="does not fit"):
        apply_adapter(build_llm(decoder, **{**SHAPE, "projection": 8}), shipped)
    with pytest.raises(MissingError, match="There is one scope-text model"):
        es.load_encoder("scope-text:large")
    with pytest.raises(InputError, match="'scope-text' has no option 'pooling'"):
        es.load_encoder("scope-text", pooling="mean")
    (shipped / scope_text.CONFIG).write_text("{}")
    with pytest.raises(StoreError, match=r"config\.json is damaged"):
        es.load_encoder("scope-text")
    monkeypatch.setattr(scope_text, "FOLDER", tmp_path / "none")
    with pytest.raises(MissingError, match=r"no 'scope-text'.*embedscope\.finetune"):
        es.load_encoder("scope-text")


@pytest.mark.network
@pytest.mark.skipif(not scope_text.is_here(), reason="this tree has no adapter")
def test_the_packages_own_adapter_is_small_and_works():
    assert sum(file.stat().st_size for file in scope_text.FOLDER.iterdir()) < _LARGEST
    encoder = es.load_encoder("scope-text", device="cpu")
    texts = ["def mean(values): return sum(values) / len(values)", "def upper(text): return text.upper()"]
    documents = encoder.encode(texts, role="document")
    asked = encoder.encode(["Average of numbers", "Make letters capital"], role="query", task="docstrings")
    assert (asked @ documents.T).argmax(axis=1).tolist() == [0, 1]
