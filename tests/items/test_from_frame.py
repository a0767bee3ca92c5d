"""Any frame becomes items: the payload's column is named, or obvious."""

from __future__ import annotations

import io

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from PIL import Image as PILImage

from embedscope._errors import EmbedscopeWarning, InputError, MissingError
from embedscope.items.items import Items

DATA = {"text": ["one", "two"], "label": ["x", "y"], "id": ["p", "q"]}


def picture() -> bytes:
    buffer = io.BytesIO()
    PILImage.new("RGB", (4, 4)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pl.LazyFrame, pa.table])
def test_every_frame_gives_the_same_items(make) -> None:
    items = Items.from_frame(make(DATA))
    assert (items.ids, items.payloads) == (("p", "q"), ("one", "two"))
    assert items.columns.to_pydict() == {"label": ["x", "y"]}


def test_named_columns_win_over_guesses() -> None:
    items = Items.from_frame(pa.table(DATA), text="label", id="text")
    assert (items.ids, items.payloads) == (("one", "two"), ("x", "y"))
    assert items.columns.column_names == ["id"]


def test_the_only_column_of_texts_is_obvious() -> None:
    assert Items.from_frame(pa.table({"n": [1], "review": ["good"]})).payloads == ("good",)


def test_two_columns_of_texts_are_not_obvious() -> None:
    with pytest.raises(InputError, match=r"Which column .* a, b.*text='a'"):
        Items.from_frame(pa.table({"a": ["x"], "b": ["y"]}))


def test_a_frame_without_texts_or_images() -> None:
    with pytest.raises(InputError, match="Which column"):
        Items.from_frame(pa.table({"n": [1]}))


def test_columns_that_are_not_there_or_too_many() -> None:
    with pytest.raises(MissingError, match="Did you mean 'text'"):
        Items.from_frame(pa.table(DATA), text="texts")
    with pytest.raises(InputError, match="not both"):
        Items.from_frame(pa.table(DATA), text="text", image="label")


@pytest.mark.parametrize("kind", ["binary", "hub"])
def test_images_in_a_frame(kind: str) -> None:
    value = picture() if kind == "binary" else {"bytes": picture(), "path": "a.png"}
    items = Items.from_frame(pa.table({"image": [value, value], "caption": ["c", "d"]}), image="image")
    assert (items.modality, items.column("caption").tolist()) == ("image", ["c", "d"])
    assert Items.from_frame(pa.table({"picture": [value], "n": [1]})).modality == "image"


def test_problems_of_a_frame() -> None:
    frame = pd.DataFrame({"text": ["a", None, "c", ""], "id": [1, 2, 1, 4]})
    with pytest.warns(EmbedscopeWarning, match="3 of 4"):
        items = Items.from_frame(frame)
    assert items.ids == (1,)
    assert {problem.id: problem.row for problem in items.problems} == {2: 1, 1: 2, 4: 3}


def test_categories_of_pandas_are_texts() -> None:
    assert Items.from_frame(pd.DataFrame({"c": pd.Categorical(["x", "y"])})).payloads == ("x", "y")
