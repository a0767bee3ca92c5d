"""In a real kernel, answers from threads of their own reach the front end, also while a cell runs."""

from __future__ import annotations

import ast
import time
from collections.abc import Iterator
from typing import Any

import jupyter_client
import numpy as np
import pytest

_MAKE = """
import numpy as np
import embedscope as es
from embedscope.items.items import Items

items = Items.from_texts([f"text {i}" for i in range(200)], columns={"label": ["a", "b"] * 100})
vectors = np.random.default_rng(0).normal(size=(200, 4))
shown = es.explore(es.Space.from_arrays(vectors, ids=items.ids, items=items), layout="pca")
shown.selection = [3, 5]
shown.comm.comm_id
"""


class Kernel:
    """Speaks to a kernel as a page does."""

    def __init__(self) -> None:
        self.manager, self.client = jupyter_client.manager.start_new_kernel(kernel_name="python3")
        self.comm = ast.literal_eval(self.run(_MAKE))

    def run(self, code: str) -> str:
        asked = self.client.execute(code)
        result = ""
        while True:
            message = self.client.get_iopub_msg(timeout=120)
            if message["parent_header"].get("msg_id") != asked:
                continue
            content = message["content"]
            if message["msg_type"] == "error":
                raise AssertionError("\n".join(content["traceback"]))
            if message["msg_type"] == "execute_result":
                result = content["data"]["text/plain"]
            if message["msg_type"] == "status" and content["execution_state"] == "idle":
                return result

    def send(self, content: dict[str, Any], buffers: list[bytes] | None = None) -> None:
        data = {"method": "custom", "content": content}
        session, channel = self.client.session, self.client.shell_channel
        message = session.msg("comm_msg", {"comm_id": self.comm, "data": data})
        session.send(channel.socket, message, buffers=buffers)

    def replies(self, count: int) -> list[tuple[dict[str, Any], list[bytes]]]:
        found: list[tuple[dict[str, Any], list[bytes]]] = []
        end = time.monotonic() + 60
        while len(found) < count and time.monotonic() < end:
            message = self.client.get_iopub_msg(timeout=60)
            if message["msg_type"] == "comm_msg" and message["content"]["data"].get("method") == "custom":
                found.append(
                    (message["content"]["data"]["content"], [bytes(part) for part in message["buffers"]])
                )
        return found


@pytest.fixture(scope="module")
def kernel() -> Iterator[Kernel]:
    opened = Kernel()
    yield opened
    opened.client.stop_channels()
    opened.manager.shutdown_kernel(now=True)


def test_every_kind_of_request_is_answered(kernel: Kernel) -> None:
    kernel.send(
        {"type": "request", "id": 1, "kind": "neighbors", "query": {"kind": "item", "row": 3}, "k": 4}
    )
    kernel.send({"type": "request", "id": 2, "kind": "search", "words": "TEXT 19"})
    kernel.send(
        {"type": "request", "id": 3, "kind": "table", "view": {"limit": 5}, "check": {"count": 1, "sum": 1}}
    )
    rows = np.array([3, 5], "<u4").tobytes()
    kernel.send({"type": "request", "id": 4, "kind": "table", "view": {"limit": 5}}, [rows])
    kernel.send({"type": "request", "id": 5, "kind": "payload", "rows": [7]})
    kernel.send(
        {"type": "request", "id": 6, "kind": "neighbors", "query": {"kind": "text", "text": "a"}, "k": 4}
    )
    replies = {content["id"]: (content, buffers) for content, buffers in kernel.replies(6)}
    assert len(replies[1][0]["result"]["rows"]) == 4
    assert np.frombuffer(replies[2][1][0], "<u4").tolist() == [19, *range(190, 200)]
    assert replies[3][0]["stale"] is True
    assert [entry["row"] for entry in replies[4][0]["result"]["rows"]] == [3, 5]
    assert replies[5][0]["result"][0]["text"] == "text 7"
    assert "Type to match names" in replies[6][0]["error"]


def test_what_the_page_keeps_is_there_in_python(kernel: Kernel) -> None:
    rows = np.array([1, 2], "<u4").tobytes()
    kernel.send({"type": "request", "id": 7, "kind": "save_selection", "name": "pair"}, [rows])
    kernel.send(
        {"type": "request", "id": 8, "kind": "label_selection", "label": "odd", "column": "verdict"}, [rows]
    )
    assert all(content["ok"] for content, _ in kernel.replies(2))
    assert kernel.run("shown.selections['pair'].ids") == "(1, 2)"
    assert kernel.run("shown.items.column('verdict').tolist()[:4]") == "[None, 'odd', 'odd', None]"
