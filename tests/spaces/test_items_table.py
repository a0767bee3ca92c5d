"""Items to a table and back: ids, payloads and columns as they were."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from PIL import Image as PILImage

from embedscope._errors import EmbedscopeWarning, InputError
from embedscope.items.items import Items
from embedscope.spaces.items_table import items_from_table, items_to_table


def back(items: Items, **options) -> Items:
    return items_from_table(items_to_table(items, **options), items.modality, items.name, items.problems)


def test_texts_come_back(texts: Items) -> None:
    found = back(texts)
    assert found.ids == texts.ids
    assert found.payloads == texts.payloads
    assert found.columns.equals(texts.columns)
    assert found.name == texts.name


def test_number_ids_stay_numbers() -> None:
    assert back(Items.from_texts(["a", "b"], ids=[7, 8])).ids == (7, 8)


def test_columns_called_like_ours_stay(tmp_path: Path) -> None:
    items = Items.from_texts(["a"], ids=["x"], columns={"id": [1], "text": ["other"], "data": [None]})
    found = back(items)
    assert found.payloads == ("a",)
    assert found.columns.column_names == ["id", "text", "data"]


def test_a_column_with_our_own_name_is_refused() -> None:
    with pytest.raises(InputError, match="embedscope:id"):
        items_to_table(Items.from_texts(["a"], columns={"embedscope:id": [1]}))


def test_images_stay_with_their_path_or_take_their_content_along(tmp_path: Path, pictures: Items) -> None:
    PILImage.new("RGB", (4, 4), "red").save(tmp_path / "red.png")
    items = Items.from_images([tmp_path / "red.png"])
    by_path, with_content = back(items), back(items, images="bytes")
    assert by_path.payloads[0].path == tmp_path / "red.png"
    assert by_path.payloads[0].data is None
    (tmp_path / "red.png").unlink()
    assert with_content.payloads[0].open().getpixel((0, 0)) == (255, 0, 0)
    assert [image.read() for image in back(pictures).payloads] == [
        image.read() for image in pictures.payloads
    ]


def test_marked_items_stay_marked() -> None:
    with pytest.warns(EmbedscopeWarning):
        items = Items.from_texts(["a", ""], ids=["x", "y"], on_error="mark")
    found = back(items)
    assert found.payloads == ("a", None)
    assert found.problems == items.problems


def test_a_lone_surrogate_does_not_stop_the_rest() -> None:
    items = Items(("x",), ("bad \ud800 text",), "text", pa.table({}))
    assert back(items).payloads == ("bad ? text",)


def test_content_hashes_are_the_same_after_the_way_there_and_back(texts: Items, pictures: Items) -> None:
    for items in (texts, pictures):
        rows = range(len(items))
        assert [back(items).content_hash(row) for row in rows] == [items.content_hash(row) for row in rows]
