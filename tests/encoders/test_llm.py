"""A decoder as an embedder: both directions proven, vectors against one text at a time, saved and loaded plainly."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import save_file
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize
from transformers import AutoModel, AutoTokenizer

from embedscope import load_encoder
from embedscope._errors import InputError, MissingError
from embedscope.encoders.llm import add_lora, build_llm, has_lora, merge_lora, save_llm
from embedscope.encoders.llm_attention import first_token_moves
from embedscope.encoders.llm_build import shape_of
from tests.encoders.tiny_llms import HIDDEN, save_decoder, write_gguf

TEXTS = ["a cat", "x", "the stock market fell again today", "Zürich 東京 🙂", " ", "cat " * 60, "a"]
PROMPTS = {"retrieval": "task: search | query: ", "query": "query: "}


@pytest.fixture(scope="module")
def llama(tmp_path_factory) -> Path:
    return save_decoder(tmp_path_factory.mktemp("llms") / "llama")


@pytest.fixture(scope="module")
def encoder(llama):
    return load_encoder(f"llm:{llama}", projection=16, prompts=PROMPTS, device="cpu")


def by_hand(
    folder: Path, texts: list[str], *, pooling: str = "mean", causal: bool = False, length: int = 200
):
    """transformers' own call for a single text, nothing padded, pooled and normalised in float64."""
    model, tokenizer = AutoModel.from_pretrained(folder), AutoTokenizer.from_pretrained(folder)
    model.config.is_causal = causal
    rows = []
    for text in texts:
        batch = tokenizer(text, truncation=True, max_length=length, return_tensors="pt")
        with torch.no_grad():
            hidden = model(**batch).last_hidden_state[0].double().numpy()
        rows.append(hidden.mean(axis=0) if pooling == "mean" else hidden[-1])
    return unit(np.array(rows))


def unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.mark.parametrize(
    ("options", "pooling", "causal"),
    [({}, "mean", False), ({"bidirectional": False, "pooling": "lasttoken"}, "lasttoken", True)],
)
def test_vectors_equal_one_text_at_a_time(llama, options, pooling, causal):
    found = load_encoder(f"llm:{llama}", device="cpu", **options).encode(TEXTS)
    np.testing.assert_allclose(found, by_hand(llama, TEXTS, pooling=pooling, causal=causal), atol=1e-5)


def test_the_projection_is_a_seeded_linear_map_of_the_mean(llama, encoder):
    weight = encoder.model[2].linear.weight.detach().double().numpy()
    assert weight.shape == (16, HIDDEN)
    assert encoder.model[2].linear.bias is None
    model = AutoModel.from_pretrained(llama)
    model.config.is_causal = False
    tokens = AutoTokenizer.from_pretrained(llama)(TEXTS[0], return_tensors="pt")
    with torch.no_grad():
        mean = model(**tokens).last_hidden_state[0].double().numpy().mean(axis=0)
    expected = weight @ mean
    np.testing.assert_allclose(encoder.encode(TEXTS[:1])[0], expected / np.linalg.norm(expected), atol=1e-5)
    assert abs(weight.std() - 16**-0.5) < 0.03


def test_the_seed_alone_chooses_the_projection(llama):
    torch.manual_seed(5)
    before = torch.get_rng_state()
    first, again, other = (build_llm(llama, projection=8, seed=seed)[2].linear.weight for seed in (3, 3, 4))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("kind", ["llama", "qwen3", "mistral", "gemma3", "gpt2"])
def test_each_architecture_is_turned_and_can_be_left_as_it_is(tmp_path, kind):
    folder = save_decoder(tmp_path, kind)
    turned = build_llm(folder)[0].model
    assert first_token_moves(turned)
    assert first_token_moves(turned, padded=True)
    kept = build_llm(folder, bidirectional=False)[0].model
    assert not first_token_moves(kept)
    assert not first_token_moves(kept, padded=True)


def test_a_model_that_stays_causal_is_refused(tmp_path):
    folder = save_decoder(tmp_path, "openai-gpt")
    with pytest.raises(InputError, match=r"stays causal: .* OpenAIGPTModel .* bidirectional=False"):
        load_encoder(f"llm:{folder}", device="cpu")
    causal = load_encoder(f"llm:{folder}", bidirectional=False, pooling="lasttoken", device="cpu")
    assert causal.record.parameters["bidirectional"] is False


def test_a_model_that_sees_ahead_is_not_called_causal(tmp_path):
    folder = save_decoder(tmp_path, "gemma3", use_bidirectional_attention=True)
    with pytest.raises(InputError, match="is not causal: its first token sees the last one"):
        build_llm(folder, bidirectional=False)
    assert shape_of(build_llm(folder))["bidirectional"] is True


@pytest.mark.parametrize("side", ["left", "right"])
def test_the_padding_side_changes_no_vector(llama, side):
    encoder = load_encoder(f"llm:{llama}", device="cpu")
    encoder.model.tokenizer.padding_side = side
    np.testing.assert_allclose(encoder.encode(TEXTS), by_hand(llama, TEXTS), atol=1e-5)


def test_absolute_positions_are_padded_where_that_changes_nothing(tmp_path):
    folder = save_decoder(tmp_path, "gpt2")
    encoder = load_encoder(f"llm:{folder}", device="cpu")
    np.testing.assert_allclose(encoder.encode(TEXTS), by_hand(folder, TEXTS), atol=1e-5)


@given(order=st.permutations(range(len(TEXTS))), kept=st.integers(1, len(TEXTS)), size=st.integers(1, 4))
@settings(deadline=None, max_examples=10)
def test_order_and_batch_mates_change_no_vector(llama, encoder, order, kept, size):
    alone = np.concatenate([encoder.encode([text]) for text in TEXTS])
    chosen = order[:kept]
    small = load_encoder(f"llm:{llama}", projection=16, batch_size=size, device="cpu")
    for one in (encoder, small):
        np.testing.assert_allclose(one.encode([TEXTS[i] for i in chosen]), alone[chosen], atol=1e-5)


def test_prefixes_are_unit_norm_float32(encoder):
    whole = encoder.encode(TEXTS)
    for dims in (4, 8, 16):
        cut = encoder.encode(TEXTS, dims=dims)
        assert cut.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(cut, axis=1), 1, atol=1e-6)
        np.testing.assert_allclose(cut, unit(whole[:, :dims].astype(np.float64)), atol=1e-6)


def test_prompts_go_before_queries_only(encoder):
    prompted, plain = encoder.encode(["task: search | query: cat", "cat"])
    np.testing.assert_allclose(encoder.encode(["cat"], task="retrieval")[0], prompted, atol=1e-6)
    np.testing.assert_allclose(
        encoder.encode(["cat"], task="retrieval", role="query")[0], prompted, atol=1e-6
    )
    np.testing.assert_allclose(
        encoder.encode(["cat"], task="retrieval", role="document")[0], plain, atol=1e-6
    )
    np.testing.assert_allclose(
        encoder.encode(["cat"], role="query"), encoder.encode(["query: cat"]), atol=1e-6
    )
    assert encoder.tasks == ("retrieval",)
    with pytest.raises(MissingError, match="No task is called 'sts'"):
        encoder.encode(["cat"], task="sts")


def test_a_prompt_for_documents_is_refused(llama):
    with pytest.raises(InputError, match="only queries have one"):
        build_llm(llama, prompts={"document": "passage: "})


def test_a_text_without_a_token_is_named(encoder):
    with pytest.raises(InputError, match="Item 1 has no token"):
        encoder.encode(["cat", "", " "])
    assert np.isfinite(encoder.encode([""], role="query")).all()


def test_plain_sentence_transformers_loads_what_was_saved(llama, encoder, tmp_path):
    folder = save_llm(encoder.model, tmp_path / "saved")
    peer = SentenceTransformer(str(folder), device="cpu")
    assert peer[0].model.config.is_causal is False
    assert first_token_moves(peer[0].model)
    np.testing.assert_allclose(peer.encode(TEXTS), encoder.encode(TEXTS), atol=1e-6)
    np.testing.assert_allclose(
        peer.encode(TEXTS, prompt_name="retrieval"), encoder.encode(TEXTS, task="retrieval"), atol=1e-6
    )
    assert peer.max_seq_length == encoder.record.parameters["max_length"]


def test_a_saved_one_loads_under_both_schemes_and_goes_on(encoder, tmp_path):
    folder = save_llm(encoder.model, tmp_path / "saved")
    for scheme in ("llm", "sentence-transformers"):
        again = load_encoder(f"{scheme}:{folder}", device="cpu")
        np.testing.assert_allclose(
            again.encode(TEXTS, role="query"), encoder.encode(TEXTS, role="query"), atol=1e-6
        )
    assert load_encoder(f"llm:{folder}", device="cpu").record.parameters["projection"] == 16
    with pytest.raises(InputError, match="an embedder already, with projection=16; projection=8 came"):
        build_llm(folder, projection=8)
    assert build_llm(folder, max_length=9).max_seq_length == 9


def test_the_first_layers_are_those_of_the_whole(llama, tmp_path):
    model = build_llm(llama, layers=1)
    whole = AutoModel.from_pretrained(llama)
    whole.config.is_causal = False
    tokens = AutoTokenizer.from_pretrained(llama)("the cat", return_tensors="pt")
    with torch.no_grad():
        first_block = whole(**tokens, output_hidden_states=True).hidden_states[1]
        expected = whole.norm(first_block)[0].mean(dim=0)
    expected /= expected.norm()
    np.testing.assert_allclose(model.encode("the cat"), expected.numpy(), atol=1e-5)
    peer = SentenceTransformer(str(save_llm(model, tmp_path / "one")), device="cpu")
    assert len(peer[0].model.layers) == 1
    np.testing.assert_allclose(peer.encode("the cat"), expected.numpy(), atol=1e-5)


@pytest.mark.parametrize("kind", ["qwen3", "gemma3", "gpt2"])
def test_layers_of_other_architectures_survive_saving(tmp_path, kind):
    model = build_llm(save_decoder(tmp_path / "whole", kind), layers=1)
    peer = SentenceTransformer(str(save_llm(model, tmp_path / "cut")), device="cpu")
    np.testing.assert_allclose(peer.encode(TEXTS[:3]), model.encode(TEXTS[:3]), atol=1e-6)


def test_lora_begins_at_nothing_trains_little_and_merges(llama, tmp_path):
    model = build_llm(llama, projection=8, lora=2, seed=1)
    np.testing.assert_allclose(
        model.encode(TEXTS), build_llm(llama, projection=8, seed=1).encode(TEXTS), atol=1e-6
    )
    trained = {name.rpartition(".")[0] for name, value in model.named_parameters() if value.requires_grad}
    assert {name.rpartition(".")[2] for name in trained} == {"default", "linear"}
    step(model)
    vectors = model.encode(TEXTS)
    assert np.abs(vectors - build_llm(llama, projection=8, seed=1).encode(TEXTS)).max() > 1e-3
    peer = SentenceTransformer(str(save_llm(model, tmp_path / "merged")), device="cpu")
    assert not list((tmp_path / "merged").glob("adapter*"))
    np.testing.assert_allclose(peer.encode(TEXTS), vectors, atol=1e-5)
    assert has_lora(model)
    with pytest.raises(InputError, match="has a LoRA adapter already"):
        add_lora(model, 2)
    merged = merge_lora(model)
    assert not has_lora(merged)
    assert all(parameter.requires_grad for parameter in merged.parameters())


def step(model: SentenceTransformer) -> None:
    """One step of training, large enough to be seen."""
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimiser = torch.optim.Adam(trained, lr=0.05)
    for _ in range(2):
        features = model.preprocess(["a cat", "the market"])
        first, second = model(features)["sentence_embedding"]
        (first @ second).backward()
        optimiser.step()
        optimiser.zero_grad()


def test_all_parameters_train_where_nothing_is_said(llama):
    model = build_llm(llama)
    assert all(parameter.requires_grad for parameter in model.parameters())
    before = model.encode("a cat")
    model.train()
    step(model)
    assert np.abs(model.eval().encode("a cat") - before).max() > 1e-3


@pytest.mark.parametrize(
    "options",
    [
        {"bidirectional": False},
        {"pooling": "lasttoken"},
        {"projection": 8},
        {"projection": 16, "seed": 1},
        {"layers": 1},
        {"max_length": 8},
        {"prompts": {"query": "the "}},
    ],
)
def test_fingerprints_change_with_what_changes_a_vector(llama, options):
    base = {"projection": 16} if "seed" in options else {}
    plain, changed = (load_encoder(f"llm:{llama}", device="cpu", **given) for given in (base, options))
    assert changed.record.fingerprint != plain.record.fingerprint
    again = load_encoder(changed.record.name, device="cpu")
    assert again.record == changed.record
    np.testing.assert_array_equal(
        again.encode(TEXTS[:3], role="query"), changed.encode(TEXTS[:3], role="query")
    )
    assert (
        np.abs(again.encode(TEXTS, role="query")[:, :8] - plain.encode(TEXTS, role="query")[:, :8]).max()
        > 1e-3
    )


def test_max_length_cuts(llama):
    short = load_encoder(f"llm:{llama}", max_length=4, device="cpu")
    np.testing.assert_allclose(*short.encode(["abcdefgh", "abcdxyz"]), atol=1e-6)
    with pytest.raises(InputError, match=r"max_length=999 came; .* has 256 positions"):
        build_llm(llama, max_length=999)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"pooling": "cls"}, MissingError, "No pooling of a decoder is called 'cls'"),
        ({"poling": "mean"}, InputError, "has no option 'poling'"),
        ({"layers": 3}, InputError, "layers=3 came; .* has 2 blocks"),
        ({"layers": 0}, InputError, "layers=0 came; it must be at least 1"),
        ({"dtype": "int8"}, MissingError, "No dtype of a decoder's weights is called 'int8'"),
    ],
)
def test_options_that_do_not_fit(llama, options, error, message):
    with pytest.raises(error, match=message):
        build_llm(llama, **options)


def test_a_place_that_is_not_there(tmp_path):
    with pytest.raises(MissingError, match=r"There is no file .*none\.gguf"):
        load_encoder(f"llm:{tmp_path}/none.gguf")
    with pytest.raises(MissingError, match="is no folder here"):
        build_llm("llm:nobody/nothing")
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    save_file({"weight": torch.zeros(1)}, tmp_path / "model.safetensors")
    with pytest.raises(InputError, match="no language model that transformers can load"):
        build_llm(tmp_path)


def test_a_model_of_other_parts_is_sent_to_its_scheme(st_folder):
    with pytest.raises(
        InputError, match=r"an embedder already, with pooling='mean'; pooling='lasttoken' came"
    ):
        build_llm(st_folder, pooling="lasttoken")
    with pytest.raises(InputError, match=r"A model of Normalize came; .* sentence-transformers:<folder>"):
        shape_of(SentenceTransformer(modules=[Normalize()], device="cpu"))


def test_a_name_with_options_builds_the_same(llama):
    named, said = build_llm(f"llm:{llama}?layers=1&projection=4"), build_llm(llama, layers=1, projection=4)
    np.testing.assert_array_equal(named.encode(TEXTS), said.encode(TEXTS))


def test_a_broken_gguf_file_says_so(tmp_path):
    file = tmp_path / "broken.gguf"
    file.write_bytes(hashlib.sha256(b"no model").digest())
    with pytest.raises(InputError, match=r"broken\.gguf cannot be read as a GGUF file"):
        load_encoder(f"llm:{file}", device="cpu")


def test_a_gguf_file_gives_the_vectors_of_its_safetensors(llama, tmp_path):
    file = write_gguf(tmp_path / "tiny.gguf", llama)
    encoder = load_encoder(f"llm:{file}", device="cpu")
    # One token a byte in both; the tokenizer's own limit of 200 is not in a GGUF file.
    short = [text for text in TEXTS if len(text) < 200]
    np.testing.assert_allclose(encoder.encode(short), by_hand(llama, short), atol=1e-5)
    assert load_encoder(encoder.record.name, device="cpu").record == encoder.record


@pytest.mark.network
def test_the_packaged_gguf_file_is_the_model_it_says():
    causal = build_llm("smollm2", bidirectional=False)
    decoder, tokenizer = causal[0].model, causal.tokenizer
    tokens = tokenizer("The capital of France is", return_tensors="pt")
    with torch.no_grad():
        last = decoder(**tokens).last_hidden_state[0, -1]
    # Input and output embeddings are one matrix in this model: the nearest token is the next word.
    assert tokenizer.decode(int((decoder.embed_tokens.weight @ last).argmax())) == " Paris"
    encoder = load_encoder("llm:smollm2", layers=2, device="cpu")
    assert encoder.encode(["a cat", "ein Hund"]).shape == (2, 576)
    assert encoder.record.name == "llm:smollm2?layers=2"
