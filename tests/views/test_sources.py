"""What a pane asks for is answered in bounded pieces, from any thread."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as PILImage

from embedscope.items.items import Items
from embedscope.views.sources import MAX_ROWS, PayloadSource


class Channel:
    """Keeps what was sent."""

    def __init__(self) -> None:
        self.sent: list[tuple[dict[str, Any], list[bytes]]] = []

    def __call__(self, content: dict[str, Any], buffers: list[bytes]) -> None:
        self.sent.append((content, buffers))


def ask(source: PayloadSource, rows: Any, columns: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    channel = Channel()
    source.handle({"type": "request", "id": 7, "kind": "payload", "rows": rows} | more, columns, channel)
    ((content, _),) = channel.sent
    return content


@pytest.fixture
def texts() -> PayloadSource:
    columns = {"label": ["a", None, "c" * 900], "score": [0.123456, None, 2.0], "good": [True, False, None]}
    return PayloadSource(
        Items.from_texts(["short", "x" * 5000, "<b>&</b>"], ids=["p", "q", "r"], columns=columns)
    )


def test_a_text_comes_with_its_columns_in_the_order_asked_for(texts: PayloadSource) -> None:
    reply = ask(texts, [2, 0], ("label", "score", "good"))
    assert (reply["type"], reply["id"], reply["ok"]) == ("reply", 7, True)
    last, first = reply["result"]
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


def test_a_long_text_is_cut_to_600_characters(texts: PayloadSource) -> None:
    (entry,) = ask(texts, [1])["result"]
    assert entry["text"] == "x" * 599 + "…"


def test_images_come_as_buffers_that_the_entries_point_to(tmp_path: Path) -> None:
    for name, color in (("a.png", 0), ("b.png", 255)):
        PILImage.fromarray(np.full((200, 100), color, np.uint8)).save(tmp_path / name)
    items = Items.from_images(tmp_path)
    channel = Channel()
    source = PayloadSource(items)
    source.handle({"type": "request", "id": 1, "kind": "payload", "rows": [1, 0]}, ["folder"], channel)
    content, buffers = channel.sent[0]
    assert [entry["thumbnail"] for entry in content["result"]] == [0, 1]
    assert [entry["text"] for entry in content["result"]] == [None, None]
    assert len(buffers) == 2
    assert buffers[0] != buffers[1]

    (tmp_path / "a.png").unlink()
    assert PayloadSource(items).describe(0, [], [])["text"].startswith("The image cannot be read:")


def test_an_item_without_a_payload_still_has_its_id() -> None:
    from embedscope.spaces.space import Space

    items = Space.from_arrays(np.eye(2), ids=["a", "b"]).items
    entry = ask(PayloadSource(items), [1])["result"][0]
    assert (entry["id"], entry["text"], entry["thumbnail"]) == ("b", None, None)


@pytest.mark.parametrize(
    "rows",
    [None, 3, [3], [-1], ["0"], [0.0], [True], list(range(MAX_ROWS + 1))],
    ids=lambda rows: str(rows)[:12],
)
def test_rows_that_are_not_there_are_an_error_reply(texts: PayloadSource, rows: Any) -> None:
    reply = ask(texts, rows)
    assert not reply["ok"]
    assert reply["id"] == 7
    assert "Rows are whole numbers from 0 to 2" in reply["error"] or "64 are the most" in reply["error"]


def test_more_rows_than_64_are_too_many() -> None:
    reply = ask(PayloadSource(Items.from_texts(["x"] * 100)), list(range(65)))
    assert reply["error"] == "65 rows were asked for at once; 64 are the most."


def test_an_unknown_request_is_an_error_reply_and_other_messages_are_left_alone(texts: PayloadSource) -> None:
    assert "No request is called 'weather'" in ask(texts, [0], kind="weather")["error"]
    channel = Channel()
    for message in (
        "hello",
        {"type": "request"},
        {"type": "anywidget-command", "id": "x"},
        {"type": "x", "id": 1},
    ):
        texts.handle(message, [], channel)
    assert channel.sent == []


def test_a_cancelled_request_gets_no_reply(texts: PayloadSource) -> None:
    channel = Channel()
    texts.handle({"type": "cancel", "id": 4}, [], channel)
    texts.handle({"type": "request", "id": 4, "kind": "payload", "rows": [0]}, [], channel)
    assert channel.sent == []


def test_a_cancel_from_another_thread_stops_a_request_that_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    items = Items.from_texts([f"text {row}" for row in range(10)])
    source, channel, looked_at = PayloadSource(items), Channel(), []
    describe, first_done, cancelled = source.describe, threading.Event(), threading.Event()

    def slow(row: int, columns: Any, buffers: Any) -> dict[str, Any]:
        looked_at.append(row)
        first_done.set()
        assert cancelled.wait(10)
        return describe(row, columns, buffers)

    monkeypatch.setattr(source, "describe", slow)
    request = {"type": "request", "id": 1, "kind": "payload", "rows": list(range(10))}
    thread = threading.Thread(target=source.handle, args=(request, [], channel))
    thread.start()
    assert first_done.wait(10)
    source.handle({"type": "cancel", "id": 1}, [], channel)
    cancelled.set()
    thread.join(10)
    assert looked_at == [0]
    assert channel.sent == []


def test_many_threads_get_what_one_would() -> None:
    images = [np.full((40, 40, 3), color, np.uint8) for color in range(20)]
    source = PayloadSource(Items.from_images(images))
    alone = [source.describe(row, [], []) for row in range(20)]
    channel = Channel()
    requests = [{"type": "request", "id": i, "kind": "payload", "rows": [i % 20]} for i in range(100)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda request: source.handle(request, [], channel), requests))
    assert len(channel.sent) == 100
    for content, buffers in channel.sent:
        assert content["result"] == [alone[content["id"] % 20]]
        assert len(buffers) == 1
