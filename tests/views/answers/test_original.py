"""An item as it is: whole texts, image files, every column."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PILImage

from embedscope._errors import EmbedscopeWarning, InputError
from embedscope.items.items import Items
from embedscope.items.payloads import Image
from embedscope.spaces.space import Space
from embedscope.views.answers.original import Originals, viewable
from embedscope.views.channel import Answer, Request


def ask(items: Items, row: object) -> Answer:
    return Originals(lambda: items)(Request("original", {"row": row}))


def test_a_text_comes_whole_with_all_its_columns() -> None:
    hostile = "<script>alert(1)</script>\u202e\n" + "x" * 5000
    columns = {"label": ["<b>"], "tags": [["a", "b"]], "score": [0.5], "nothing": [None]}
    answer = ask(Items.from_texts([hostile], ids=["p"], columns=columns), 0)
    assert answer.result == {
        "row": 0,
        "id": "p",
        "title": "p",
        "text": hostile,
        "cut": False,
        "image": None,
        "columns": {"label": "<b>", "tags": "['a', 'b']", "score": "0.5", "nothing": ""},
    }


def test_a_very_long_text_is_cut_and_says_so() -> None:
    result = ask(Items.from_texts(["y" * 1_000_000]), 0).result
    assert (len(result["text"]), result["cut"]) == (200_000, True)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_file_that_browsers_show_travels_as_it_is(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"a.{kind.lower()}"
    PILImage.new("RGB", (60, 40), "red").save(path, kind)
    answer = ask(Items.from_images([path]), 0)
    assert answer.result["image"] == 0
    assert answer.buffers == [path.read_bytes()]


def test_other_formats_and_large_files_are_shrunk(tmp_path: Path) -> None:
    PILImage.new("RGB", (60, 40), "red").save(tmp_path / "a.tiff")
    noise = np.random.default_rng(0).integers(0, 255, (1300, 2600, 3), np.uint8)
    PILImage.fromarray(noise).save(tmp_path / "b.png", compress_level=0)
    PILImage.new("L", (9000, 10)).save(tmp_path / "c.png")
    for name, size in (("a.tiff", (60, 40)), ("b.png", (2048, 1024)), ("c.png", (2048, 2))):
        with PILImage.open(io.BytesIO(viewable(Image(path=tmp_path / name)))) as opened:
            assert (opened.format, opened.size) == ("WEBP", size)


def test_an_image_that_is_gone_says_so(tmp_path: Path) -> None:
    PILImage.new("RGB", (6, 4)).save(tmp_path / "a.png")
    items = Items.from_images(tmp_path)
    (tmp_path / "a.png").unlink()
    answer = ask(items, 0)
    assert answer.result["text"].startswith("The image cannot be read:")
    assert (answer.result["image"], answer.buffers) == (None, [])


def test_an_item_without_content_says_why_or_nothing() -> None:
    assert ask(Space.from_arrays(np.eye(2)).items, 1).result["text"] is None
    with pytest.warns(EmbedscopeWarning, match="cannot be used"):
        marked = Items.from_texts(["a", ""], on_error="mark")
    assert ask(marked, 1).result["text"].startswith("(no content:")


@pytest.mark.parametrize("row", [None, -1, 2, "0", True])
def test_a_row_that_is_not_there_is_refused(row: object) -> None:
    with pytest.raises(InputError, match="from 0 to 1"):
        ask(Items.from_texts(["a", "b"]), row)
