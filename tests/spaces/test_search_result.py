"""What a search found, and how it looks: ranked, escaped, with pictures where there are some."""

from __future__ import annotations

import base64
import io
import re

import numpy as np
from PIL import Image as PILImage

from embedscope.items.items import Items
from embedscope.items.payloads import Image
from embedscope.spaces.search_result import SearchResult


def result(items: Items, query: str = "'kitten'") -> SearchResult:
    return SearchResult(query, items, np.linspace(0.1, 0.9, len(items), dtype=np.float32), "cosine")


def test_ids_and_distances_stand_in_the_order_of_the_ranks(texts: Items) -> None:
    found = result(texts.take(np.array([3, 1])))
    assert found.ids == ("t3", "t1")
    assert len(found) == 2
    table = found.to_table()
    assert table.column("id") == ["t3", "t1"]
    assert table.column("distance") == [float(np.float32(0.1)), float(np.float32(0.9))]
    assert table.column("label") == [0, 1]
    assert repr(found).splitlines()[0] == "nearest to 'kitten' · cosine distance"


def test_columns_that_are_no_plain_values_are_written_out() -> None:
    items = Items.from_texts(["a"], columns={"tags": [["x", "y"]], "distance": [7]})
    table = result(items).to_table()
    assert table.column("tags") == ["['x', 'y']"]
    assert table.column("distance (column)") == [7]


def test_html_is_escaped_everywhere() -> None:
    evil = "<script>alert(1)</script>"
    items = Items.from_texts([evil], ids=[evil], columns={"label": [evil]})
    assert "<script>" not in result(items, evil)._repr_html_()
    images = Items.from_images([np.zeros((4, 4), np.uint8)], ids=[evil], columns={"caption": [evil]})
    shown = result(images, evil)._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


def test_images_show_as_small_pictures() -> None:
    buffer = io.BytesIO()
    PILImage.new("RGB", (400, 200), (10, 200, 30)).save(buffer, "PNG")
    shown = result(Items.from_images([buffer.getvalue()]))._repr_html_()
    content = re.search(r'src="data:image/png;base64,([^"]+)"', shown).group(1)
    with PILImage.open(io.BytesIO(base64.b64decode(content))) as picture:
        assert picture.size == (64, 32)
        assert picture.getpixel((5, 5)) == (10, 200, 30)


def test_an_image_that_is_gone_says_so_and_the_rest_is_shown(pictures: Items, tmp_path) -> None:
    payloads = (Image(path=tmp_path / "gone.png"), *pictures.payloads[1:])
    items = Items(pictures.ids, payloads, "image", pictures.columns)
    shown = result(items)._repr_html_()
    assert "gone.png" in shown
    assert shown.count("<img") == 3


def test_nothing_found_still_shows(texts: Items) -> None:
    empty = result(texts.take(np.zeros(0, np.int64)))
    assert len(empty) == 0
    assert "nearest to" in repr(empty)
