"""Items are a frame for whoever reads Arrow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from PIL import Image as PILImage

from embedscope.items.items import Items
from embedscope.spaces.space import Space


@pytest.fixture
def items() -> Items:
    return Items.from_texts(
        ["a cat", "a \ud800"], ids=["x", "y"], columns={"label": ["cat", None], "n": [1, 2]}
    )


ROWS = [
    {"id": "x", "text": "a cat", "label": "cat", "n": 1},
    {"id": "y", "text": "a ?", "label": None, "n": 2},
]


def _read(how: str, items: Items) -> Any:
    if how == "pyarrow":
        return pa.table(items)
    if how == "polars":
        return pl.DataFrame(items).to_arrow()
    if how == "pandas":
        return pa.Table.from_pandas(items.to_frame().to_pandas(), preserve_index=False)
    return nw.from_arrow(items, backend=how.removeprefix("narwhals ")).to_arrow()


@pytest.mark.parametrize(
    "how", ["pyarrow", "polars", "pandas", "narwhals pyarrow", "narwhals polars", "narwhals pandas"]
)
def test_every_library_takes_them_as_a_frame(how: str, items: Items) -> None:
    assert _read(how, items).to_pylist() == ROWS


@pytest.mark.skipif(not hasattr(pd.DataFrame, "from_arrow"), reason="pandas 3 brought DataFrame.from_arrow")
def test_pandas_takes_them_directly(items: Items) -> None:
    frame = pd.DataFrame.from_arrow(items)
    assert frame["text"].tolist() == ["a cat", "a ?"]
    assert frame["n"].dtype == np.int64


def test_images_come_by_path(tmp_path: Path) -> None:
    PILImage.new("RGB", (4, 4)).save(tmp_path / "a.png")
    frame = Items.from_images([tmp_path / "a.png"], ids=[5]).to_frame()
    assert frame.to_pylist() == [{"id": 5, "path": str(tmp_path / "a.png")}]
    held = Items.from_images([np.zeros((4, 4), np.uint8)]).to_frame()
    assert held.to_pylist() == [{"id": 0, "path": None}]


def test_ids_alone_have_no_text_and_names_stay_apart() -> None:
    bare = Space.from_arrays(np.eye(2), ids=["a", "b"], columns={"id": [7, 8]}).items
    assert bare.to_frame().to_pylist() == [{"id_": "a", "id": 7}, {"id_": "b", "id": 8}]
    assert Items.from_texts(["x"], columns={"text": ["t"]}).to_frame().column_names == ["id", "text_", "text"]


def test_no_items_are_an_empty_frame(items: Items) -> None:
    empty = items.take(np.empty(0, np.int64)).to_frame()
    assert empty.num_rows == 0
    assert empty.column_names == ["id", "text", "label", "n"]
