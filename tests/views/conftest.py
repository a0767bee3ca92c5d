"""A small space with texts and columns, mapped once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image as PILImage

from embedscope.clusters.cluster import Clusters
from embedscope.items.items import Items
from embedscope.layouts.layout import Layout
from embedscope.spaces.space import Space

COUNT = 60


@pytest.fixture(scope="session")
def space() -> Space:
    rng = np.random.default_rng(0)
    group = np.repeat([0, 1, 2], [30, 20, 10])
    vectors = np.eye(8)[group] + rng.normal(scale=0.1, size=(COUNT, 8))
    items = Items.from_texts(
        [f"text number {row}" for row in range(COUNT)],
        ids=[f"id-{row}" for row in range(COUNT)],
        columns={
            "label": np.array(["oak", "pine", "elm"])[group],
            "size": rng.normal(size=COUNT),
            "note": [f"a note on {row}" for row in range(COUNT)],
        },
        name="Trees",
    )
    return Space.from_arrays(vectors, ids=items.ids, items=items)


@pytest.fixture(scope="session")
def layout() -> Layout:
    rng = np.random.default_rng(1)
    centres = np.array([[0, 0], [8, 2], [4, 6]])[np.repeat([0, 1, 2], [30, 20, 10])]
    coords = (centres + rng.normal(scale=0.4, size=(COUNT, 2))).astype(np.float32)
    trust = np.linspace(0.5, 1, COUNT, dtype=np.float32)
    return Layout(coords, "umap", {}, 0.97, 0.96, trust)


@pytest.fixture(scope="session")
def clusters() -> Clusters:
    labels = np.repeat([0, 1, 2], [30, 20, 10]).astype(np.int32)
    labels[:3] = -1
    return Clusters(labels, np.ones(COUNT, np.float32), ("oak wood", "pine cone", "elm leaf"), "map", {})


@pytest.fixture(scope="session")
def tiny_text_encoder(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A small random BERT in a folder, as a person would have it: named by its scheme."""
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder = tmp_path_factory.mktemp("models") / "bert"
    folder.mkdir()
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"abcdefghijklmnopqrstuvwxyz0123456789", "##0"]
    (folder / "vocab.txt").write_text("\n".join([*words, *(f"##{letter}" for letter in words[5:])]))
    BertTokenizerFast(vocab=str(folder / "vocab.txt"), model_max_length=64).save_pretrained(folder)
    torch.manual_seed(0)
    sizes = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4}
    BertModel(
        BertConfig(vocab_size=80, max_position_embeddings=64, initializer_range=0.5, **sizes)
    ).save_pretrained(folder)
    return f"transformers:{folder}"


@pytest.fixture(scope="session")
def tiny_image_encoder(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A small random timm model in a folder."""
    import timm
    from timm.models import save_for_hf

    folder = tmp_path_factory.mktemp("models") / "timm"
    torch.manual_seed(0)
    model = timm.create_model("test_efficientnet", pretrained=False, num_classes=5)
    save_for_hf(model, str(folder), safe_serialization=True)
    return f"timm:{folder}"


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of twenty images."""
    folder = tmp_path_factory.mktemp("photos")
    rng = np.random.default_rng(0)
    for row in range(20):
        pixels = rng.integers(0, 256, (24, 32, 3), np.uint8)
        PILImage.fromarray(pixels).save(folder / f"photo-{row:02}.png")
    return folder


def two_spaces(n: int = 120, seed: int = 0) -> tuple[Space, Space]:
    """A teacher of four classes and a student that is a blurred, turned version of it, in other dims."""
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 4, n)
    teacher = rng.standard_normal((4, 12))[codes] + 0.5 * rng.standard_normal((n, 12))
    student = teacher @ rng.standard_normal((12, 8)) / 3 + 0.3 * rng.standard_normal((n, 8))
    ids = [f"i{row}" for row in range(n)]
    given = {"label": [f"class {code}" for code in codes], "half": [f"h{row % 2}" for row in range(n)]}
    items = Items.from_texts([f"text {row}" for row in range(n)], ids=ids, columns=given, name="Pairs")
    return (
        Space.from_arrays(teacher, ids=ids, items=items),
        Space.from_arrays(student, ids=ids, items=items),
    )


@pytest.fixture(scope="session")
def make_two_spaces():
    return two_spaces
