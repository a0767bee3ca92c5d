"""The hub's own package reads a local data set in the hub's form; the network is not needed."""

from __future__ import annotations

import importlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PILImage

from embedscope._errors import DependencyError, FetchError
from embedscope.items.items import Items

datasets = pytest.importorskip("datasets", reason="the package datasets is an extra")


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "hub-cache")


def test_texts_with_named_classes(tmp_path: Path) -> None:
    features = datasets.Features(
        {"text": datasets.Value("string"), "label": datasets.ClassLabel(names=["no", "yes"])}
    )
    made = datasets.Dataset.from_dict({"text": ["a", "b", "c"], "label": [1, 0, -1]}, features=features)
    (tmp_path / "set").mkdir()
    made.to_parquet(tmp_path / "set" / "train.parquet")
    items = Items.from_huggingface(str(tmp_path / "set"), split="train")
    assert items.payloads == ("a", "b", "c")
    assert items.column("label").tolist() == ["yes", "no", None]


def test_images_are_not_decoded_on_the_way(tmp_path: Path) -> None:
    for label in ("cat", "dog"):
        (tmp_path / "set" / label).mkdir(parents=True)
        pixels = np.full((4, 4, 3), len(label), np.uint8)
        PILImage.fromarray(pixels).save(tmp_path / "set" / label / f"{label}.png")
    items = Items.from_huggingface(str(tmp_path / "set"))
    assert items.modality == "image"
    assert sorted(items.column("label").tolist()) == ["cat", "dog"]
    assert items.payloads[0].open().size == (4, 4)


def test_a_set_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="could not be loaded"):
        Items.from_huggingface(str(tmp_path / "nothing"))


def test_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> object:
        raise ModuleNotFoundError(name=name)

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(DependencyError, match=r"embedscope\[huggingface\]"):
        Items.from_huggingface("owner/name")
