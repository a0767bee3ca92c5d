"""transformers models: pooling against one text at a time, whatever the padding side."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from embedscope import load_encoder
from embedscope._errors import InputError, MissingError

TEXTS = ["a cat", "the dog the dog", "x", "c a t s " * 40, "Zürich"]


def one_by_one(encoder, texts: list[str], pooling: str) -> np.ndarray:
    """The plain way: transformers' own call for a single text, nothing padded, float64 at the end."""
    rows = []
    for text in texts:
        batch = encoder._tokenizer(text, truncation=True, max_length=64, return_tensors="pt")
        with torch.no_grad():
            hidden = encoder._runner.model(**batch).last_hidden_state[0].double().numpy()
        row = {"mean": hidden.mean(axis=0), "cls": hidden[0], "last": hidden[-1]}[pooling]
        rows.append(row / np.linalg.norm(row))
    return np.array(rows)


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("pooling", ["mean", "cls", "last"])
def test_pooling_and_padding_side(bert_folder, pooling, side):
    encoder = load_encoder(f"transformers:{bert_folder}", pooling=pooling, device="cpu")
    encoder._tokenizer.padding_side = side
    np.testing.assert_allclose(encoder.encode(TEXTS), one_by_one(encoder, TEXTS, pooling), atol=1e-5)


def test_a_causal_decoder_without_a_padding_token(tmp_path, bert_folder):
    from transformers import AutoTokenizer, GPT2Config, GPT2Model

    torch.manual_seed(0)
    config = GPT2Config(vocab_size=64, n_embd=16, n_layer=2, n_head=2, n_positions=64, initializer_range=0.5)
    GPT2Model(config).save_pretrained(tmp_path)
    tokenizer = AutoTokenizer.from_pretrained(bert_folder)
    tokenizer.save_pretrained(tmp_path)
    encoder = load_encoder(f"transformers:{tmp_path}", pooling="last", device="cpu")
    np.testing.assert_allclose(encoder.encode(TEXTS), one_by_one(encoder, TEXTS, "last"), atol=1e-5)


def test_mean_pooling_equals_sentence_transformers(bert_folder):
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Transformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling

    modules = [Transformer(str(bert_folder), max_seq_length=64), Pooling(32, "mean"), Normalize()]
    peer = SentenceTransformer(modules=modules, device="cpu")
    encoder = load_encoder(f"transformers:{bert_folder}", device="cpu")
    np.testing.assert_allclose(encoder.encode(TEXTS), peer.encode(TEXTS), atol=1e-5)


def test_prompts_go_before_the_text(bert_folder):
    prompts = {"query": "the ", "clustering": "dog "}
    encoder = load_encoder(f"transformers:{bert_folder}", prompts=prompts, device="cpu")
    plain = encoder.encode(["the cat", "dog cat", "cat"])
    np.testing.assert_allclose(encoder.encode(["cat"], role="query")[0], plain[0], atol=1e-6)
    np.testing.assert_allclose(encoder.encode(["cat"], task="clustering")[0], plain[1], atol=1e-6)
    np.testing.assert_allclose(encoder.encode(["cat"], role="document")[0], plain[2], atol=1e-6)
    again = load_encoder(encoder.record.name, device="cpu")
    assert again.record == encoder.record


def test_without_normalising_the_length_stays(bert_folder):
    encoder = load_encoder(f"transformers:{bert_folder}", normalise=False, device="cpu")
    assert abs(np.linalg.norm(encoder.encode(["a cat"])) - 1) > 0.1


def test_an_unknown_pooling_and_an_unknown_option(bert_folder):
    with pytest.raises(MissingError, match="No pooling is called 'max'"):
        load_encoder(f"transformers:{bert_folder}", pooling="max")
    with pytest.raises(InputError, match="has no option 'poling'"):
        load_encoder(f"transformers:{bert_folder}", poling="cls")


def test_a_folder_without_a_tokenizer_says_what_else_to_try(timm_folder):
    with pytest.raises(InputError, match=r"has no tokenizer .* timm:"):
        load_encoder(f"transformers:{timm_folder}", device="cpu")


def test_python_files_of_a_model_do_not_run(bert_folder, tmp_path):
    import json
    import shutil

    folder = shutil.copytree(bert_folder, tmp_path / "trap")
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config |= {"model_type": "trap", "auto_map": {"AutoModel": "trap.Trap", "AutoConfig": "trap.TrapConfig"}}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    sprung = tmp_path / "sprung"
    (folder / "trap.py").write_text(f"open({str(sprung)!r}, 'w').close()", encoding="utf-8")
    with pytest.raises((InputError, ValueError)):
        load_encoder(f"transformers:{folder}", device="cpu")
    assert not sprung.exists()
