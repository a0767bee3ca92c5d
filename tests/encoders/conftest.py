"""Small random models, built and saved as a person's would be: real loading code reads them back."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image as PILImage

from embedscope.encoders.trained import EmbeddingNet, NetConfig, save_net
from embedscope.items.payloads import Image

WORDS = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "[MASK]",
    *"abcdefghijklmnopqrstuvwxyz",
    "cat",
    "dog",
    "the",
    "##s",
]


@pytest.fixture(scope="session")
def models(tmp_path_factory) -> Path:
    """A folder of model folders."""
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="session")
def bert_folder(models) -> Path:
    """A two-layer BERT with its tokenizer, as transformers saves them."""
    return write_bert(models / "bert")


@pytest.fixture(scope="session")
def save_bert() -> Callable[..., Path]:
    """Write such a BERT into a folder, with weights drawn from a seed."""
    return write_bert


@pytest.fixture(scope="session")
def st_folder(models, bert_folder) -> Path:
    """The same BERT as a sentence-transformers model with prompts, dense layer and normalisation."""
    return save_sentence_transformer(models / "st", bert_folder)


@pytest.fixture(scope="session")
def decoder_folder(models) -> Path:
    """A two-layer llama with its head, as its makers publish it."""
    from tests.encoders.tiny_llms import save_decoder

    return save_decoder(models / "llama")


@pytest.fixture(scope="session")
def clip_folder(models) -> Path:
    """A tiny CLIP, as open_clip's ``local-dir`` wants it."""
    return save_clip(models / "clip")


@pytest.fixture(scope="session")
def timm_folder(models) -> Path:
    """A tiny timm model, as timm saves it for the hub."""
    return save_timm(models / "timm")


@pytest.fixture(scope="session")
def small_net() -> EmbeddingNet:
    """A tiny net with random weights."""
    return build_net()


@pytest.fixture(scope="session")
def net_folder(models) -> Path:
    """The same net, as `save_net` writes it."""
    return save_net(build_net(), models / "net", "float32")


def build_net() -> EmbeddingNet:
    torch.manual_seed(0)
    return EmbeddingNet(NetConfig("test_efficientnet", image_size=32, dims=12)).eval()


def write_bert(folder: Path, seed: int = 0) -> Path:
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder.mkdir(parents=True)
    (folder / "vocab.txt").write_text("\n".join(WORDS), encoding="utf-8")
    tokenizer = BertTokenizerFast(vocab=str(folder / "vocab.txt"), model_max_length=64)
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=64,
        initializer_range=0.5,
    )
    BertModel(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def save_sentence_transformer(folder: Path, bert: Path) -> Path:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.base.modules import Dense, Transformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling

    torch.manual_seed(0)
    words = Transformer(str(bert), max_seq_length=48)
    modules = [words, Pooling(32, "mean"), Dense(32, 16), Normalize()]
    prompts = {"query": "the cat ", "document": "", "clustering": "dogs "}
    SentenceTransformer(modules=modules, prompts=prompts, device="cpu").save(str(folder))
    return folder


def save_clip(folder: Path) -> Path:
    import open_clip
    from safetensors.torch import save_file

    folder.mkdir()
    config = {
        "embed_dim": 24,
        "vision_cfg": {"image_size": 32, "layers": 2, "width": 32, "head_width": 16, "patch_size": 8},
        "text_cfg": {"context_length": 16, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 2},
    }
    torch.manual_seed(0)
    model = open_clip.CLIP(**config)
    torch.nn.init.normal_(model.positional_embedding, std=0.5)
    preparation = {"size": 32, "mean": [0.5, 0.5, 0.5], "std": [0.3, 0.3, 0.3], "mode": "RGB"}
    (folder / "open_clip_config.json").write_text(
        json.dumps({"model_cfg": config, "preprocess_cfg": preparation}), encoding="utf-8"
    )
    save_file(
        {k: v.contiguous() for k, v in model.state_dict().items()}, folder / "open_clip_model.safetensors"
    )
    return folder


def save_timm(folder: Path) -> Path:
    import timm
    from timm.models import save_for_hf

    torch.manual_seed(0)
    model = timm.create_model("test_efficientnet", pretrained=False, num_classes=5)
    save_for_hf(model, str(folder), safe_serialization=True)
    return folder


@pytest.fixture(scope="session")
def pictures() -> list[Image]:
    """Images of every odd kind: one pixel, grey, transparent, very long."""
    kinds = [((40, 30), "RGB"), ((1, 1), "RGB"), ((17, 9), "L"), ((20, 20), "RGBA"), ((5, 8), "LA")]
    return [picture(seed, *kind) for seed, kind in enumerate([*kinds, ((400, 3), "RGB"), ((1, 1), "L")])]


def picture(seed: int, size: tuple[int, int] = (40, 30), mode: str = "RGB") -> Image:
    """A random PNG in memory."""
    channels = {"RGB": 3, "RGBA": 4, "L": 1, "LA": 2}[mode]
    pixels = np.random.default_rng(seed).integers(0, 256, (size[1], size[0], channels), np.uint8)
    out = io.BytesIO()
    PILImage.fromarray(pixels.squeeze(-1) if channels == 1 else pixels).save(out, "PNG")
    return Image(data=out.getvalue())
