"""A tiny random model answers: plumbing alone, since what it writes means nothing."""

from __future__ import annotations

import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from embedscope._errors import InputError
from embedscope.training.generators_sampling import Sampling
from embedscope.training.generators_transformers import TransformersGenerator

WORDS = [f"w{number}" for number in range(40)]


@pytest.fixture(scope="module", autouse=True)
def _one_thread():
    """Matrices this small only wait for each other's threads."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def tiny():
    vocabulary = {word: place for place, word in enumerate(["<unk>", "<end>", "<user>", "<model>", *WORDS])}
    backend = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=backend, unk_token="<unk>", eos_token="<end>")
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(vocabulary),
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=64,
        initializer_range=0.5,
        bos_token_id=None,
        eos_token_id=1,
        pad_token_id=None,
    )
    return LlamaForCausalLM(config), tokenizer


def asked(tiny, **options) -> TransformersGenerator:
    return TransformersGenerator(*tiny, **options)


PROMPTS = ["w1", "w2 w3 w4 w5 w6", "w7 w8", "w9 w10 w11"]


def test_batch_mates_change_no_answer(tiny) -> None:
    together = asked(tiny, sampling=Sampling(max_tokens=6))(PROMPTS)
    alone = asked(tiny, sampling=Sampling(max_tokens=6), batch_size=1)(PROMPTS)
    assert together == alone
    # What was asked is not part of the answer, which is no longer than was said.
    assert all(len(text.split()) <= 6 for text in together)
    assert len(set(together)) > 1
    assert asked(tiny)([]) == []


def test_greedy_is_the_likeliest_token_by_hand(tiny) -> None:
    model, tokenizer = tiny
    ids = tokenizer("w7 w8")["input_ids"]
    written: list[int] = []
    with torch.inference_mode():
        for _ in range(5):
            logits = model(torch.tensor([[*ids, *written]])).logits
            written.append(int(logits[0, -1].argmax()))
            if written[-1] == 1:
                break
    expected = tokenizer.decode(written, skip_special_tokens=True)
    assert asked(tiny, sampling=Sampling(max_tokens=5))(["w1 w2 w3", "w7 w8"])[1] == expected


def test_what_is_drawn_depends_on_seed_and_prompt_alone(tiny) -> None:
    def draw(prompts, seed):
        return asked(tiny, sampling=Sampling(2.0, 8, seed))(prompts)

    before = torch.random.get_rng_state()
    first = draw(PROMPTS, 0)
    assert draw(PROMPTS[2:], 0) == first[2:]
    assert draw(PROMPTS, 1) != first
    assert torch.equal(torch.random.get_rng_state(), before)


def test_a_chat_template_is_put_around(tiny) -> None:
    model, tokenizer = tiny
    chat = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer.backend_tokenizer, unk_token="<unk>", eos_token="<end>"
    )
    chat.chat_template = "{% for m in messages %}<user> {{ m['content'] }} {% endfor %}<model>"
    sampling = Sampling(max_tokens=6)
    with_template = TransformersGenerator(model, chat, sampling=sampling)(["w1 w2"])
    assert with_template == asked(tiny, sampling=sampling)(["<user> w1 w2 <model>"])


def test_saved_and_loaded(tiny, tmp_path) -> None:
    model, tokenizer = tiny
    model.save_pretrained(tmp_path / "tiny")
    tokenizer.save_pretrained(tmp_path / "tiny")
    loaded = TransformersGenerator.load(tmp_path / "tiny", device="cpu", sampling=Sampling(max_tokens=6))
    assert loaded(PROMPTS) == asked(tiny, sampling=Sampling(max_tokens=6))(PROMPTS)
    assert loaded.name.startswith("transformers:tiny ")
    assert loaded.name.endswith(" temperature=0 max_tokens=6")


def test_another_model_has_another_name(tiny) -> None:
    other = LlamaForCausalLM(tiny[0].config)
    names = {asked(tiny).name, asked(tiny).name, TransformersGenerator(other, tiny[1]).name}
    assert len(names) == 2
    assert asked(tiny, name="mine").name == "mine temperature=0"


def test_what_cannot_be_asked_is_refused(tiny) -> None:
    with pytest.raises(InputError, match="Prompt 1 has 60 tokens and its answer up to 5"):
        asked(tiny, sampling=Sampling(max_tokens=5))(["w1", "w1 " * 60])
    with pytest.raises(InputError, match="Prompt 0 has no tokens"):
        asked(tiny)([" "])
    with pytest.raises(InputError, match="batch_size must be 1"):
        asked(tiny, batch_size=0)
