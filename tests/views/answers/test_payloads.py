"""What a card shows comes in bounded pieces."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as PILImage

from embedscope._errors import InputError
from embedscope.items.items import Items
from embedscope.spaces.space import Space
from embedscope.views.answers.payloads import MAX_ROWS, Payloads
from embedscope.views.channel import CancelledRequestError, Request


def ask(items: Items, rows: Any, columns: Sequence[str] = ()) -> list[dict[str, Any]]:
    return Payloads(lambda: items, lambda: columns)(Request("payload", {"rows": rows})).result


@pytest.fixture
def texts() -> Items:
    columns = {"label": ["a", None, "c" * 900], "score": [0.123456, None, 2.0], "good": [True, False, None]}
    return Items.from_texts(["short", "x" * 5000, "<b>&</b>"], ids=["p", "q", "r"], columns=columns)


def test_a_text_comes_with_its_columns_in_the_order_asked_for(texts: Items) -> None:
    last, first = ask(texts, [2, 0], ("label", "score", "good", "gone"))
    assert first == {
        "row": 0,
        "id": "p",
        "title": "p",
        "text": "short",
        "columns": {"label": "a", "score": "0.1235", "good": "yes"},
        "thumbnail": None,
    }
    assert last["text"] == "<b>&</b>"
    assert len(last["columns"]["label"]) == 200
    assert last["columns"]["good"] == ""


def test_a_long_text_is_cut_to_600_characters(texts: Items) -> None:
    assert ask(texts, [1])[0]["text"] == "x" * 599 + "…"


def test_images_come_as_buffers_that_the_entries_point_to(tmp_path: Path) -> None:
    for name, color in (("a.png", 0), ("b.png", 255)):
        PILImage.fromarray(np.full((200, 100), color, np.uint8)).save(tmp_path / name)
    items = Items.from_images(tmp_path)
    answer = Payloads(lambda: items, lambda: ["folder"])(Request("payload", {"rows": [1, 0]}))
    assert [entry["thumbnail"] for entry in answer.result] == [0, 1]
    assert [entry["text"] for entry in answer.result] == [None, None]
    assert answer.buffers[0] != answer.buffers[1]


def test_an_image_that_cannot_be_read_says_so_and_spoils_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.png", "b.png", "c.png"):
        PILImage.new("RGB", (40, 40)).save(tmp_path / name)
    PILImage.new("RGB", (90, 90)).save(tmp_path / "b.png")
    items = Items.from_images(tmp_path)
    (tmp_path / "a.png").unlink()
    monkeypatch.setattr(PILImage, "MAX_IMAGE_PIXELS", 2000)
    gone, bomb, good = ask(items, [0, 1, 2])
    assert gone["text"].startswith("The image cannot be read: ")
    assert "decompression bomb" in bomb["text"]
    assert (good["text"], good["thumbnail"]) == (None, 0)


def test_an_item_without_a_payload_still_has_its_id() -> None:
    items = Space.from_arrays(np.eye(2), ids=["a", "b"]).items
    entry = ask(items, [1])[0]
    assert (entry["id"], entry["text"], entry["thumbnail"]) == ("b", None, None)


@pytest.mark.parametrize(
    "rows",
    [None, 3, [3], [-1], ["0"], [0.0], [True], list(range(MAX_ROWS + 1))],
    ids=lambda rows: str(rows)[:12],
)
def test_rows_that_are_not_there_are_refused(texts: Items, rows: Any) -> None:
    with pytest.raises(InputError, match=r"Rows are whole numbers from 0 to 2\.|64 are the most"):
        ask(texts, rows)


def test_a_cancel_stops_it_between_two_rows(texts: Items) -> None:
    looked: list[bool] = []

    def cancelled() -> bool:
        looked.append(True)
        return len(looked) > 2

    request = Request("payload", {"rows": [0, 1, 2]}, is_cancelled=cancelled)
    with pytest.raises(CancelledRequestError):
        Payloads(lambda: texts, lambda: ())(request)
    assert len(looked) == 3


def test_many_threads_get_what_one_would() -> None:
    items = Items.from_images([np.full((40, 40, 3), color, np.uint8) for color in range(20)])
    payloads = Payloads(lambda: items, lambda: ())
    buffers: list[bytes] = []
    alone = [payloads.describe(items, row, (), buffers) | {"thumbnail": 0} for row in range(20)]
    make: Callable[[int], Any] = lambda i: payloads(Request("payload", {"rows": [i % 20]}))  # noqa: E731
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(make, range(100)))
    for i, answer in enumerate(answers):
        assert answer.result == [alone[i % 20]]
        assert answer.buffers == [buffers[i % 20]]
