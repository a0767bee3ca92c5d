"""How a text embedder is opened for training: its attention on a CPU."""

from __future__ import annotations

import pytest
import torch

from embedscope.encoders.llm import add_lora, build_llm
from embedscope.training.text_recipe import TextRecipe
from embedscope.training.text_training import choose_attention
from tests.encoders.tiny_llms import save_decoder

TEXTS = ["a cat", "the stock market fell again today"]


@pytest.mark.parametrize("rank", [None, 2])
def test_attention_is_written_out_for_bfloat16_on_a_cpu_and_set_back(tmp_path, rank):
    model = build_llm(save_decoder(tmp_path))
    if rank:
        add_lora(model, rank)
    config = model[0].config
    expected = model.encode(TEXTS, convert_to_tensor=True)
    set_back = choose_attention(model, TextRecipe(mixed_precision="bf16", device="cpu"))
    assert config._attn_implementation == "eager"
    # Still in both directions, with padding too: the same vectors.
    torch.testing.assert_close(model.encode(TEXTS, convert_to_tensor=True), expected, atol=1e-5, rtol=0)
    set_back()
    assert config._attn_implementation == "sdpa"


@pytest.mark.parametrize("recipe", [{}, {"mixed_precision": "bf16", "max_length": 129}])
def test_in_full_precision_and_for_long_texts_it_stays(tmp_path, recipe):
    model = build_llm(save_decoder(tmp_path))
    choose_attention(model, TextRecipe(device="cpu", **recipe))
    assert model[0].config._attn_implementation == "sdpa"
