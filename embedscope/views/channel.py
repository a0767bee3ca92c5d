"""The Python end of the widget's channel: requests in, answers out, from any thread."""

from __future__ import annotations

import contextvars
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from embedscope._errors import EmbedscopeError, unknown_name
from embedscope.views.lanes import Lane

Buffer: TypeAlias = bytes | bytearray | memoryview
Send: TypeAlias = Callable[[dict[str, Any], list[bytes]], None]

_LOG = logging.getLogger("embedscope")
_REMEMBERED_CANCELS = 256
# What may take longer than a moment, by its lane; the rest is answered on the thread that brought it.
_LANES = {
    **dict.fromkeys(("composition", "export", "neighbors", "original", "search", "table"), "work"),
    **dict.fromkeys(("anchor", "changes", "control_run"), "work"),
    "heatmap": "heatmaps",
    **dict.fromkeys(("distributions", "pairs", "truncation"), "pairs"),
}
# Of a text or an image these need an encoder.
_QUERIES = frozenset({"changes", "neighbors"})


class StaleRowsError(Exception):
    """The rows that a request is about are not the kernel's selection: the front end must send them."""


class CancelledRequestError(Exception):
    """A request was given up while it was answered."""


def _never() -> bool:
    return False


@dataclass(frozen=True)
class Request:
    """What a pane asks.

    Parameters
    ----------
    kind : str
        What it asks for.
    content : mapping
        The message, JSON values.
    buffers : sequence of bytes
        Arrays or files that came along.
    is_cancelled : callable
        Tells whether the pane does not want the answer any more.
    """

    kind: str
    content: Mapping[str, Any] = field(default_factory=dict)
    buffers: Sequence[Buffer] = ()
    is_cancelled: Callable[[], bool] = _never

    def check_wanted(self) -> None:
        """Stop here if the answer is not wanted any more.

        Raises
        ------
        CancelledRequestError
            If the request was cancelled.
        """
        if self.is_cancelled():
            raise CancelledRequestError


@dataclass(frozen=True)
class Answer:
    """What a pane gets.

    Parameters
    ----------
    result : object
        JSON values.
    buffers : sequence of bytes
        Arrays or files, to which the result points by their place.
    """

    result: Any = None
    buffers: Sequence[bytes] = ()


AnswerFunction: TypeAlias = Callable[[Request], Answer]


class Channel:
    """Hands each request to the function for its kind, and sends back what it gives.

    What is quick is answered on the thread that brings the request. What may take long has lanes of threads:
    one for queries that may have to load an encoder, two for passes over all pairs of items, and one for the
    rest, so that neither a cancel nor another request waits for it.

    Parameters
    ----------
    answers : mapping of str to callable
        By kind: takes a `Request`, gives an `Answer`. They are called from several threads at once.

    Notes
    -----
    A cancelled request gets no reply. An `EmbedscopeError` becomes a reply in its own words; any other error
    one with its type, and it is logged with its traceback under ``embedscope``.
    """

    def __init__(self, answers: Mapping[str, AnswerFunction]) -> None:
        self._answers = dict(answers)
        self._cancelled: OrderedDict[int, None] = OrderedDict()
        self._lock = threading.Lock()
        # A pass uses all cores by itself: two at once would only take turns.
        self._lanes = {
            "encoder": Lane("queries"),
            "work": Lane("answers"),
            "heatmaps": Lane("heatmaps", 1),
            "pairs": Lane("pairs", 1),
        }

    def handle(self, message: object, buffers: Sequence[Buffer], send: Send) -> None:
        """Take one message of the widget's channel.

        Parameters
        ----------
        message : object
            ``{"type": "request", "id", "kind", ...}`` or ``{"type": "cancel", "id"}``; other messages are not
            for this channel.
        buffers : sequence of bytes
            What came along.
        send : callable
            Gets the content and the buffers of the reply, maybe later and on another thread.
        """
        if not isinstance(message, Mapping) or type(message.get("id")) is not int:
            return
        if message.get("type") == "cancel":
            self._cancel(message["id"])
        elif message.get("type") == "request":
            self._start(message, buffers, send)

    def _start(self, message: Mapping[str, Any], buffers: Sequence[Buffer], send: Send) -> None:
        number = message["id"]
        request = Request(
            str(message.get("kind")), message, tuple(buffers or ()), lambda: self._is_cancelled(number)
        )
        lane = _lane_of(request)
        if lane is None:
            self._reply(number, request, send)
            return
        # The kernel finds by context which cell or comm a message answers.
        context = contextvars.copy_context()
        self._lanes[lane].run(lambda: context.run(self._reply, number, request, send))

    def _reply(self, number: int, request: Request, send: Send) -> None:
        """Answer a request; on a lane nobody is above to hear of an error."""
        try:
            content, buffers = self._answer(request)
            if not request.is_cancelled():
                send({"type": "reply", "id": number, **content}, buffers)
        except CancelledRequestError:
            _LOG.debug("The request %d for %s was cancelled.", number, request.kind)
        except Exception:
            _LOG.exception("A reply to the request for %s could not be sent.", request.kind)

    def _answer(self, request: Request) -> tuple[dict[str, Any], list[bytes]]:
        request.check_wanted()
        try:
            if request.kind not in self._answers:
                raise unknown_name("request", request.kind, self._answers)
            answer = self._answers[request.kind](request)
        except CancelledRequestError:
            raise
        except StaleRowsError:
            return {"ok": False, "stale": True}, []
        except EmbedscopeError as error:
            return {"ok": False, "error": str(error)}, []
        except Exception as error:
            _LOG.exception("The request for %s could not be answered.", request.kind)
            words = f"The kernel could not answer: {type(error).__name__}: {error}"
            return {"ok": False, "error": words}, []
        return {"ok": True, "result": answer.result}, list(answer.buffers)

    def _cancel(self, number: int) -> None:
        with self._lock:
            self._cancelled[number] = None
            while len(self._cancelled) > _REMEMBERED_CANCELS:
                self._cancelled.popitem(last=False)

    def _is_cancelled(self, number: int) -> bool:
        with self._lock:
            return number in self._cancelled


def _lane_of(request: Request) -> str | None:
    query = request.content.get("query")
    of_item = not isinstance(query, Mapping) or query.get("kind") == "item"
    return "encoder" if request.kind in _QUERIES and not of_item else _LANES.get(request.kind)
