"""Every request gets one answer, from any thread; a cancelled one gets none."""

from __future__ import annotations

import contextvars
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from embedscope._errors import InputError
from embedscope.views.channel import Answer, Channel, Request, StaleRowsError


class Sent:
    """Keeps what was sent, and waits for it."""

    def __init__(self) -> None:
        self.replies: list[tuple[dict[str, Any], list[bytes]]] = []
        self._changed = threading.Condition()

    def __call__(self, content: dict[str, Any], buffers: list[bytes]) -> None:
        with self._changed:
            self.replies.append((content, buffers))
            self._changed.notify_all()

    def wait(self, count: int = 1) -> list[dict[str, Any]]:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.replies) >= count, 20)
            return [content for content, _ in self.replies]


def ask(channel: Channel, sent: Sent, number: int, kind: str, buffers: Any = (), **content: Any) -> None:
    channel.handle({"type": "request", "id": number, "kind": kind} | content, buffers, sent)


def test_a_request_is_answered_by_the_function_for_its_kind() -> None:
    def double(request: Request) -> Answer:
        return Answer([2 * request.content["x"]], [bytes(request.buffers[0]) * 2])

    channel, sent = Channel({"double": double}), Sent()
    ask(channel, sent, 7, "double", [memoryview(b"ab")], x=4)
    assert sent.replies == [({"type": "reply", "id": 7, "ok": True, "result": [8]}, [b"abab"])]


def test_messages_of_others_are_left_alone() -> None:
    channel, sent = Channel({}), Sent()
    others = [
        "hello",
        None,
        {"type": "request"},
        {"type": "anywidget-command", "id": "x"},
        {"type": "x", "id": 1},
    ]
    for message in [*others, {"type": "request", "id": True, "kind": "x"}]:
        channel.handle(message, [], sent)
    assert sent.replies == []


def test_an_error_is_said_in_its_words_and_an_unknown_kind_with_the_known_ones() -> None:
    def refuse(_: Request) -> Answer:
        raise InputError("Give another one.")

    channel, sent = Channel({"refuse": refuse}), Sent()
    ask(channel, sent, 1, "refuse")
    ask(channel, sent, 2, "weather")
    first, second = sent.wait(2)
    assert first == {"type": "reply", "id": 1, "ok": False, "error": "Give another one."}
    assert second["error"] == "No request is called 'weather'. There are: refuse."


@pytest.mark.parametrize("kind", ["quick", "table"])
def test_an_unexpected_error_is_said_and_logged_with_its_traceback(
    kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: Request) -> Answer:
        raise ZeroDivisionError("by zero")

    channel, sent = Channel({kind: fail}), Sent()
    with caplog.at_level(logging.ERROR, "embedscope"):
        ask(channel, sent, 1, kind)
        (reply,) = sent.wait()
    assert reply["error"] == "The kernel could not answer: ZeroDivisionError: by zero"
    assert "in fail" in caplog.text


def test_a_reply_that_cannot_be_sent_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    def broken(*_: Any) -> None:
        raise OSError("the comm is closed")

    with caplog.at_level(logging.ERROR, "embedscope"):
        Channel({"x": lambda _: Answer()}).handle({"type": "request", "id": 1, "kind": "x"}, [], broken)
    assert "the comm is closed" in caplog.text


def test_stale_rows_are_asked_for_again() -> None:
    def stale(_: Request) -> Answer:
        raise StaleRowsError

    channel, sent = Channel({"x": stale}), Sent()
    ask(channel, sent, 3, "x")
    assert sent.wait() == [{"type": "reply", "id": 3, "ok": False, "stale": True}]


def test_a_cancelled_request_gets_no_reply_before_or_while_it_runs() -> None:
    begun, go_on, ended = threading.Event(), threading.Event(), threading.Event()

    def slow(request: Request) -> Answer:
        begun.set()
        assert go_on.wait(10)
        try:
            request.check_wanted()
        finally:
            ended.set()
        return Answer("late")

    channel, sent = Channel({"search": slow, "x": lambda _: Answer("x")}), Sent()
    channel.handle({"type": "cancel", "id": 4}, [], sent)
    ask(channel, sent, 4, "x")
    ask(channel, sent, 5, "search")
    assert begun.wait(10)
    channel.handle({"type": "cancel", "id": 5}, [], sent)
    go_on.set()
    assert ended.wait(10)
    ask(channel, sent, 6, "x")
    assert [reply["id"] for reply in sent.wait()] == [6]


def test_what_takes_long_holds_up_neither_other_kinds_nor_items_neighbours() -> None:
    gate = threading.Event()

    def neighbors(request: Request) -> Answer:
        if request.content["query"]["kind"] == "text":
            assert gate.wait(10)
        return Answer(request.content["query"]["kind"])

    channel, sent = Channel({"neighbors": neighbors, "payload": lambda _: Answer("card")}), Sent()
    for number in range(5):
        ask(channel, sent, number, "neighbors", query={"kind": "text", "text": "a"})
    ask(channel, sent, 10, "neighbors", query={"kind": "item", "row": 0})
    ask(channel, sent, 11, "payload")
    assert {reply["result"] for reply in sent.wait(2)} == {"item", "card"}
    # Queued behind one that loads an encoder, given up, and never begun.
    for number in range(1, 5):
        channel.handle({"type": "cancel", "id": number}, [], sent)
    gate.set()
    assert sent.wait(3)[-1]["id"] == 0
    time.sleep(0.1)
    assert len(sent.replies) == 3


def test_an_answer_from_a_lane_keeps_the_context_of_its_request() -> None:
    cell = contextvars.ContextVar("cell", default="none")
    channel, sent = Channel({"table": lambda _: Answer(cell.get())}), Sent()
    cell.set("cell 3")
    ask(channel, sent, 1, "table")
    assert sent.wait()[0]["result"] == "cell 3"


def test_many_threads_that_ask_and_cancel_get_each_their_own_answer() -> None:
    def square(request: Request) -> Answer:
        x = request.content["x"]
        time.sleep(0.0005 * (x % 3))
        request.check_wanted()
        return Answer(x * x, [str(x).encode()])

    kinds = ["table", "search", "quick"]
    channel, sent = Channel(dict.fromkeys(kinds, square)), Sent()

    def one(number: int) -> None:
        ask(channel, sent, number, kinds[number % 3], x=number)
        if number % 5 == 0:
            channel.handle({"type": "cancel", "id": number}, [], sent)

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(one, range(400)))
    wanted = {number for number in range(400) if number % 5}
    sent.wait(len(wanted))
    time.sleep(0.2)
    numbers = [content["id"] for content, _ in sent.replies]
    assert len(numbers) == len(set(numbers))
    assert wanted <= set(numbers)
    for content, buffers in sent.replies:
        assert content["result"] == content["id"] ** 2
        assert buffers == [str(content["id"]).encode()]
