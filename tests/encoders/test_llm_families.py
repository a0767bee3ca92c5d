"""Known embedders load with their own pooling and prompts: each against transformers and numpy, one text at a time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file
from transformers import AutoModel, AutoTokenizer

from embedscope import load_encoder
from embedscope.encoders.llm_attention import first_token_moves
from tests.encoders.tiny_llms import PROMPTS, save_family

TEXTS = ["a cat", "the stock market fell again today", "Zürich 東京 🙂", "x"]
FAMILIES = tuple(PROMPTS)
POOLED_LAST = ("qwen3-embedding", "e5-mistral")
DENSE = {"embedding-gemma": ("2_Dense", "3_Dense")}


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("families")
    return {family: save_family(root / family, family) for family in FAMILIES}


@pytest.fixture(scope="module")
def encoders(folders):
    return {
        family: load_encoder(f"sentence-transformers:{folder}", device="cpu")
        for family, folder in folders.items()
    }


def by_hand(family: str, folder: Path, texts: list[str]) -> np.ndarray:
    model, tokenizer = AutoModel.from_pretrained(folder), AutoTokenizer.from_pretrained(folder)
    rows = []
    for text in texts:
        with torch.no_grad():
            hidden = model(**tokenizer(text, return_tensors="pt")).last_hidden_state[0].double().numpy()
        row = hidden[-1] if family in POOLED_LAST else hidden.mean(axis=0)
        for layer in DENSE.get(family, ()):
            row = load_file(folder / layer / "model.safetensors")["linear.weight"] @ row
        rows.append(row / np.linalg.norm(row))
    return np.array(rows)


@pytest.mark.parametrize("family", FAMILIES)
def test_plain_texts(encoders, folders, family):
    found = encoders[family].encode(TEXTS)
    np.testing.assert_allclose(found, by_hand(family, folders[family], TEXTS), atol=1e-5)


@pytest.mark.parametrize(
    ("family", "chosen", "prompt"),
    [
        ("qwen3-embedding", {"role": "query"}, PROMPTS["qwen3-embedding"]["query"]),
        ("qwen3-embedding", {"role": "document"}, ""),
        ("embedding-gemma", {"role": "query"}, "task: search result | query: "),
        ("embedding-gemma", {"role": "document"}, "title: none | text: "),
        ("embedding-gemma", {"task": "Clustering"}, "task: clustering | query: "),
        ("e5-mistral", {"task": "sts_query"}, PROMPTS["e5-mistral"]["sts_query"]),
        ("e5-mistral", {"role": "document"}, ""),
        ("multilingual-e5", {"role": "query"}, "query: "),
        ("multilingual-e5", {"role": "document"}, "passage: "),
    ],
)
def test_roles_and_tasks_choose_the_familys_prompts(encoders, folders, family, chosen, prompt):
    found = encoders[family].encode(TEXTS, **chosen)
    expected = by_hand(family, folders[family], [prompt + text for text in TEXTS])
    np.testing.assert_allclose(found, expected, atol=1e-5)


@pytest.mark.parametrize("family", FAMILIES)
def test_batch_mates_and_the_padding_side_change_nothing(encoders, family):
    encoder = encoders[family]
    alone = np.concatenate([encoder.encode([text], role="query") for text in TEXTS])
    tokenizer, side = encoder.model.tokenizer, encoder.model.tokenizer.padding_side
    try:
        # Absolute positions, of XLM-R alone here, are counted from the first token that is none of padding.
        for tokenizer.padding_side in ("left", "right"):
            np.testing.assert_allclose(encoder.encode(TEXTS[::-1], role="query")[::-1], alone, atol=1e-5)
    finally:
        tokenizer.padding_side = side


@pytest.mark.parametrize(
    ("family", "both_ways"), [(family, family not in POOLED_LAST) for family in FAMILIES]
)
def test_attention_is_the_familys_own(encoders, family, both_ways):
    model = encoders[family].model[0].model
    assert [first_token_moves(model), first_token_moves(model, padded=True)] == [both_ways, both_ways]


@pytest.mark.parametrize("family", FAMILIES)
def test_prefixes_are_unit_norm_and_prompts_are_on_record(encoders, family):
    encoder = encoders[family]
    whole, cut = encoder.encode(TEXTS), encoder.encode(TEXTS, dims=8)
    expected = whole[:, :8] / np.linalg.norm(whole[:, :8].astype(np.float64), axis=1, keepdims=True)
    np.testing.assert_allclose(cut, expected, atol=1e-6)
    assert PROMPTS[family].items() <= encoder.record.parameters["prompts"].items()


def test_families_do_not_share_a_fingerprint(encoders):
    assert len({encoder.record.fingerprint for encoder in encoders.values()}) == len(FAMILIES)
