"""Decoders and embedding families as the hub has them, tiny and random: built and saved in a temporary folder."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from gguf import GGUFWriter
from safetensors.numpy import load_file
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
from transformers import (
    Gemma3TextConfig,
    Gemma3TextModel,
    GPT2Config,
    GPT2Model,
    LlamaConfig,
    LlamaForCausalLM,
    MistralConfig,
    MistralModel,
    OpenAIGPTConfig,
    OpenAIGPTModel,
    PreTrainedModel,
    PreTrainedTokenizerFast,
    Qwen3Config,
    Qwen3Model,
    XLMRobertaConfig,
    XLMRobertaModel,
)

HIDDEN = 32
SPECIAL = ["<pad>", "<s>", "</s>", "<unk>"]
BYTES = sorted(pre_tokenizers.ByteLevel.alphabet())
# The last token joins two others, which no text of the tests holds: a GGUF file must have a merge.
VOCABULARY = [*SPECIAL, *BYTES, BYTES[-1] + BYTES[-2]]
_SIZES = {
    "vocab_size": len(VOCABULARY),
    "hidden_size": HIDDEN,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 64,
    "max_position_embeddings": 256,
    "initializer_range": 0.3,
    "pad_token_id": 0,
    "bos_token_id": 1,
    "eos_token_id": 2,
}
_DECODER = _SIZES | {"num_key_value_heads": 2, "head_dim": 8}
_GPT = {
    "vocab_size": len(VOCABULARY),
    "n_embd": HIDDEN,
    "n_layer": 2,
    "n_head": 4,
    "n_positions": 256,
    "initializer_range": 0.3,
    "bos_token_id": 1,
    "eos_token_id": 2,
}

PROMPTS: dict[str, dict[str, str]] = {
    "qwen3-embedding": {
        "query": "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:",
        "document": "",
    },
    "embedding-gemma": {
        "query": "task: search result | query: ",
        "document": "title: none | text: ",
        "Clustering": "task: clustering | query: ",
    },
    "e5-mistral": {
        "web_search_query": "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery: ",
        "sts_query": "Instruct: Retrieve semantically similar text.\nQuery: ",
    },
    "multilingual-e5": {"query": "query: ", "passage": "passage: "},
}


def save_decoder(folder: Path, kind: str = "llama", seed: int = 0, **changed: Any) -> Path:
    """A decoder as its makers publish it: llama with its head, and a tokenizer without padding token."""
    torch.manual_seed(seed)
    makers = {
        "llama": lambda: LlamaForCausalLM(LlamaConfig(**_DECODER | changed)),
        "qwen3": lambda: Qwen3Model(Qwen3Config(**_DECODER | changed)),
        "mistral": lambda: MistralModel(MistralConfig(**_DECODER | {"sliding_window": 8} | changed)),
        "gemma3": lambda: Gemma3TextModel(Gemma3TextConfig(**_DECODER | {"sliding_window": 8} | changed)),
        "gpt2": lambda: GPT2Model(GPT2Config(**_GPT | changed)),
        # Its causal mask is a fixed part of the network, so that no configuration changes it.
        "openai-gpt": lambda: OpenAIGPTModel(OpenAIGPTConfig(**_GPT | changed)),
    }
    makers[kind]().save_pretrained(folder)
    write_tokenizer(folder, padding=None)
    return folder


def write_tokenizer(
    folder: Path, *, end: bool = False, side: str = "right", padding: str | None = "<pad>"
) -> None:
    """A token a byte; ``end`` puts the end token after each text, as embedders that pool the last token do."""
    tokenizer = Tokenizer(
        models.BPE({token: place for place, token in enumerate(VOCABULARY)}, [], unk_token="<unk>")
    )
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.decoder = decoders.ByteLevel()
    if end:
        tokenizer.post_processor = processors.TemplateProcessing(
            single="$A </s>", pair="$A $B </s>", special_tokens=[("</s>", 2)]
        )
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<s>",
        eos_token="</s>",
        unk_token="<unk>",
        pad_token=padding,
        padding_side=side,
        model_max_length=200,
    ).save_pretrained(folder)


def write_gguf(file: Path, llama: Path) -> Path:
    """The same llama as one GGUF file, as llama.cpp's converter lays it out: its own names, rotated halves interleaved."""
    weights = {
        name.removeprefix("model."): value for name, value in load_file(llama / "model.safetensors").items()
    }
    writer = GGUFWriter(str(file), "llama")
    writer.add_name("tiny")
    writer.add_context_length(_DECODER["max_position_embeddings"])
    writer.add_embedding_length(HIDDEN)
    writer.add_block_count(_DECODER["num_hidden_layers"])
    writer.add_feed_forward_length(_DECODER["intermediate_size"])
    writer.add_head_count(_DECODER["num_attention_heads"])
    writer.add_head_count_kv(_DECODER["num_key_value_heads"])
    writer.add_rope_dimension_count(_DECODER["head_dim"])
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(10000.0)
    writer.add_vocab_size(len(VOCABULARY))
    writer.add_tokenizer_model("gpt2")
    writer.add_token_list(VOCABULARY)
    writer.add_token_types([3] * len(SPECIAL) + [1] * (len(VOCABULARY) - len(SPECIAL)))
    writer.add_token_merges([f"{BYTES[-1]} {BYTES[-2]}"])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    for name, value in weights.items():
        heads = {"q_proj": 4, "k_proj": 2}.get(name.split(".")[-2], 0)
        if heads:
            value = value.reshape(heads, 2, -1, HIDDEN).swapaxes(1, 2).reshape(value.shape)
        writer.add_tensor(_gguf_name(name), np.ascontiguousarray(value))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return file


def _gguf_name(name: str) -> str:
    outside = {"embed_tokens": "token_embd", "norm": "output_norm", "lm_head": "output"}
    inside = {
        "q_proj": "attn_q",
        "k_proj": "attn_k",
        "v_proj": "attn_v",
        "o_proj": "attn_output",
        "gate_proj": "ffn_gate",
        "up_proj": "ffn_up",
        "down_proj": "ffn_down",
        "input_layernorm": "attn_norm",
        "post_attention_layernorm": "ffn_norm",
    }
    parts = name.split(".")
    if parts[0] != "layers":
        return f"{outside[parts[0]]}.weight"
    return f"blk.{parts[1]}.{inside[parts[-2]]}.weight"


def save_family(folder: Path, family: str) -> Path:
    """One of the known embedders, in the files and the old-style names that its hub page holds."""
    torch.manual_seed(0)
    pooling, modules = "mean", ["Transformer", "Pooling", "Normalize"]
    model: PreTrainedModel
    if family == "qwen3-embedding":
        model, pooling = Qwen3Model(Qwen3Config(**_DECODER)), "lasttoken"
        write_tokenizer(folder, end=True, side="left")
    elif family == "e5-mistral":
        model, pooling = MistralModel(MistralConfig(**_DECODER | {"sliding_window": 64})), "lasttoken"
        write_tokenizer(folder, end=True, side="right")
    elif family == "embedding-gemma":
        gemma = _DECODER | {"sliding_window": 16, "use_bidirectional_attention": True}
        model, modules = (
            Gemma3TextModel(Gemma3TextConfig(**gemma)),
            [*modules[:2], "Dense", "Dense", "Normalize"],
        )
        write_tokenizer(folder)
        _write_dense(folder / "2_Dense", HIDDEN, 48)
        _write_dense(folder / "3_Dense", 48, HIDDEN)
    else:
        model = XLMRobertaModel(XLMRobertaConfig(**_SIZES))
        write_tokenizer(folder, end=True)
    model.save_pretrained(folder)
    _write_modules(folder, modules, pooling)
    _write(
        folder / "config_sentence_transformers.json",
        {"prompts": PROMPTS[family], "default_prompt_name": None, "similarity_fn_name": "cosine"},
    )
    return folder


def _write_modules(folder: Path, modules: Sequence[str], pooling: str) -> None:
    paths = ["", *(f"{place}_{name}" for place, name in enumerate(modules) if place)]
    listed = [
        {"idx": place, "name": str(place), "path": path, "type": f"sentence_transformers.models.{name}"}
        for place, (path, name) in enumerate(zip(paths, modules, strict=True))
    ]
    _write(folder / "modules.json", listed)
    _write(folder / "sentence_bert_config.json", {"max_seq_length": 200, "do_lower_case": False})
    modes = (
        "cls_token",
        "mean_tokens",
        "max_tokens",
        "mean_sqrt_len_tokens",
        "weightedmean_tokens",
        "lasttoken",
    )
    chosen = {"mean": "mean_tokens", "lasttoken": "lasttoken"}[pooling]
    _write(
        folder / "1_Pooling" / "config.json",
        {"word_embedding_dimension": HIDDEN, "include_prompt": True}
        | {f"pooling_mode_{mode}": mode == chosen for mode in modes},
    )


def _write_dense(folder: Path, width: int, dims: int) -> None:
    folder.mkdir(parents=True)
    _write(
        folder / "config.json",
        {
            "in_features": width,
            "out_features": dims,
            "bias": False,
            "activation_function": "torch.nn.modules.linear.Identity",
        },
    )
    save_file({"linear.weight": torch.randn(dims, width)}, folder / "model.safetensors")


def _write(file: Path, content: Mapping[str, Any] | Sequence[Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content), encoding="utf-8")
