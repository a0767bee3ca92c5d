"""A server on this machine that speaks the embedding part of the Gemini API, and misbehaves when told to."""

from __future__ import annotations

import hashlib
import json
import re
import socket
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np

KEY = "AIzaSyNot-A-Real-Key_0123456789abcdefgh"
_PATH = re.compile(r"/v1[a-z0-9]*/models/(?P<model>[\w.-]+):(?P<verb>embedContent|batchEmbedContents)")


@dataclass(frozen=True)
class Answer:
    """What goes back instead of vectors."""

    code: int = 200
    status: str = ""
    message: str = ""
    details: list[dict] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = None

    def text(self) -> str:
        if self.body is not None:
            return self.body
        error = {"code": self.code, "message": self.message, "status": self.status, "details": self.details}
        return json.dumps({"error": error})


def busy(message: str = "Resource has been exhausted.", retry: str | None = None, **headers: str) -> Answer:
    """A 429, with a RetryInfo where a delay is given."""
    info = [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": retry}] if retry else []
    return Answer(429, "RESOURCE_EXHAUSTED", message, info, headers)


DOWN = Answer(500, "INTERNAL", "An internal error has occurred.")
GARBAGE = Answer(body="<html>not found</html>")
DROP = "drop"


def true_vector(content: dict[str, Any]) -> np.ndarray:
    """3,072 numbers drawn from what is sent, in float64 and of length 1."""
    return _drawn(json.dumps(content["parts"], sort_keys=True))


@lru_cache(maxsize=1000)
def _drawn(parts: str) -> np.ndarray:
    digest = hashlib.sha256(parts.encode()).digest()
    drawn = np.random.default_rng(int.from_bytes(digest[:8], "big")).standard_normal(3072)
    return drawn / np.linalg.norm(drawn)


def true_prefix(text: str, dims: int) -> np.ndarray:
    """What an encoder must give for a text that is sent as it is."""
    prefix = true_vector({"parts": [{"text": text}]})[:dims]
    return prefix / np.linalg.norm(prefix)


@dataclass
class GeminiServer:
    """What the server saw, and how it shall misbehave.

    ``plan`` is used up, a request an entry: None answers rightly; DROP closes the connection; an `Answer`
    goes back; a function changes the list of vectors. ``always`` takes over when the plan is used up.
    """

    address: str = ""
    plan: deque[Any] = field(default_factory=deque)
    always: Any = None
    longest: int | None = None
    requests: list[list[dict]] = field(default_factory=list)
    models: list[str] = field(default_factory=list)
    answered: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def sizes(self) -> list[int]:
        return [len(request) for request in self.requests]

    def reset(self) -> None:
        """Forget what was seen and behave."""
        with self.lock:
            self.plan.clear()
            self.always = self.longest = None
            self.requests, self.models = [], []
            self.answered = Counter()

    def respond(self, path: str, key: str | None, body: dict) -> Answer | str:
        with self.lock:
            matched = _PATH.fullmatch(path)
            if matched is None:
                return Answer(404, "NOT_FOUND", f"No such path: {path}")
            single = matched["verb"] == "embedContent"
            requests = [body] if single else body["requests"]
            self.requests.append(requests)
            self.models.append(matched["model"])
            if key != KEY:
                reason = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}
                return Answer(400, "INVALID_ARGUMENT", f"API key not valid: {key}", [reason])
            return self._answer(requests, single)

    def _answer(self, requests: list[dict], single: bool) -> Answer | str:
        wanted = self.plan.popleft() if self.plan else self.always
        if isinstance(wanted, Answer) or wanted == DROP:
            return wanted
        if len(requests) > 100:
            return Answer(400, "INVALID_ARGUMENT", "at most 100 requests can be in one batch")
        if self.longest is not None and any(len(_text(r)) > self.longest for r in requests):
            return Answer(
                400, "INVALID_ARGUMENT", "The input token count exceeds the maximum number of tokens."
            )
        vectors = [
            true_vector(r["content"])[: r.get("outputDimensionality", 3072)].tolist() for r in requests
        ]
        if wanted is not None:
            vectors = wanted(vectors)
        else:
            self.answered.update(json.dumps(r["content"]["parts"], ensure_ascii=False) for r in requests)
        values = [{"values": vector} for vector in vectors]
        return Answer(body=json.dumps({"embedding": values[0]} if single else {"embeddings": values}))


def _text(request: dict) -> str:
    return "".join(part.get("text", "") for part in request["content"]["parts"])


@contextmanager
def gemini_server() -> Iterator[GeminiServer]:
    """Run a server on a free port of this machine until the block ends."""
    state = GeminiServer()
    http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(state.respond))
    http.daemon_threads = True
    state.address = f"http://127.0.0.1:{http.server_address[1]}"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        http.shutdown()
        http.server_close()
        thread.join(5)


def _handler(respond: Callable[[str, str | None, dict], Answer | str]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            answer = respond(self.path, self.headers.get("x-goog-api-key"), body)
            if isinstance(answer, str):
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            content = answer.text().encode()
            self.send_response(answer.code)
            for name, value in {"Content-Type": "application/json", **answer.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: Any) -> None:
            """Stay quiet."""

    return Handler
