"""Which variables are offered, and in which words."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from PIL import Image as PILImage

from embedscope.items.items import Items
from embedscope.spaces.space import Space
from embedscope.views.variables import describe, list_variables


@pytest.mark.parametrize(
    ("value", "about", "modality"),
    [
        (["a cat", "a dog"], "list of 2 texts", "text"),
        (("a cat",), "tuple of 1 text", "text"),
        ([None, "a dog"], "list of 2 texts", "text"),
        (np.array(["a", "b"]), "array of 2 texts", "text"),
        (pd.Series(["a", "b"]), "column of 2 texts", "text"),
        (pd.DataFrame({"text": ["a", "b"], "n": [1, 2]}), "pandas frame, 2 rows", "text"),
        (pl.DataFrame({"text": ["a"] * 1200}), "polars frame, 1,200 rows", "text"),
        (pl.LazyFrame({"text": ["a"]}), "polars frame, read when it runs", "text"),
        (pa.table({"picture": [b"\x89PNG"]}), "pyarrow frame, 1 row", "image"),
        (pd.DataFrame({"one": ["a"], "two": ["b"]}), "pandas frame, 1 row", None),
        (Items.from_texts(["a cat"]), "Items: 1 text", "text"),
    ],
)
def test_what_can_be_embedded_is_described(value: object, about: str, modality: str | None) -> None:
    described = describe(value)
    assert described is not None
    assert (described.about, described.modality, described.has_vectors) == (about, modality, False)


def test_a_space_needs_no_encoder(space: Space) -> None:
    described = describe(space)
    assert described is not None
    assert (described.about, described.has_vectors) == ("Space: 60 texts, 8 dims", True)


def test_paths_and_images(photos: Path) -> None:
    assert describe(photos).about == f"folder {photos}"
    files = sorted(photos.iterdir())
    assert describe(files).modality == "image"
    assert describe([str(file) for file in files]).about == "list of 20 images"
    assert describe([PILImage.new("RGB", (2, 2))]).modality == "image"
    assert describe(photos / "nowhere") is None


@pytest.mark.parametrize(
    "value", [3, "a text", [], [1, 2], {"a": "b"}, np.zeros((2, 2)), str, sys, print, pd.DataFrame(), None]
)
def test_what_cannot_be_embedded_is_not_offered(value: object) -> None:
    assert describe(value) is None


def test_private_names_and_ipythons_own_are_left_out() -> None:
    names = {"b": ["x"], "a": ["y"], "_": ["z"], "_i1": ["z"], "In": ["z"], "Out": {}, "n": 1}
    assert list(list_variables(names)) == ["a", "b"]
