"""Decoders and embedding families as the hub has them, tiny and random: built and saved in a temporary folder."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
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
VOCABULARY = [*SPECIAL, *sorted(pre_tokenizers.ByteLevel.alphabet())]
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
