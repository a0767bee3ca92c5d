"""The real google-genai client against a server of this file's own that speaks generateContent."""

from __future__ import annotations

import json
import logging
import threading
import traceback
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from embedscope._errors import InputError, MissingError
from embedscope.items.items import Items
from embedscope.training.generators import GenerationError
from embedscope.training.generators_gemini import GeminiGenerator, next_wait
from embedscope.training.generators_sampling import Sampling
from embedscope.training.synthetic_queries import synthetic_queries
from embedscope.training.synthetic_raters import relevance_rater

KEY = "the-key-that-nobody-may-see"


def answered(text: str, reason: str = "STOP") -> dict:
    content = {"role": "model", "parts": [{"text": text}]}
    return {"candidates": [{"content": content, "finishReason": reason, "index": 0}]}


def refused(code: int, message: str, delay: str | None = None) -> tuple[int, dict]:
    info = [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay}] if delay else []
    return code, {"error": {"code": code, "message": message, "status": "SAID_NO", "details": info}}


class Gemini:
    """A server that does what its script says for a prompt, and else answers with the prompt turned round."""

    def __init__(self) -> None:
        self.script: dict[str, list] = {}
        self.requests: list[tuple[str, dict, dict]] = []
        self.lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                prompt = body["contents"][0]["parts"][0]["text"]
                with outer.lock:
                    outer.requests.append((self.path, dict(self.headers), body))
                    step = outer.script[prompt].pop(0) if outer.script.get(prompt) else answered(prompt[::-1])
                if step == "drop":
                    self.close_connection = True
                    return
                code, content = step if isinstance(step, tuple) else (200, step)
                payload = json.dumps(content).encode()
                self.send_response(code)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def prompts(self) -> list[str]:
        return [body["contents"][0]["parts"][0]["text"] for _, _, body in self.requests]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def gemini(monkeypatch) -> Iterator[Gemini]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    opened = Gemini()
    yield opened
    opened.close()


@pytest.fixture
def fast(monkeypatch) -> None:
    """The delays that nobody asked for are short."""
    monkeypatch.setattr("embedscope.encoders.hosted_failure._FIRST_WAIT", 0.01)


def connect(gemini: Gemini, **options) -> GeminiGenerator:
    return GeminiGenerator("test-model", api_key=KEY, base_url=gemini.address, **options)


def test_answers_in_the_order_of_the_prompts(gemini) -> None:
    ask = connect(gemini, sampling=Sampling(0.5, max_tokens=40, seed=7))
    prompts = [f"prompt {number}" for number in range(9)]
    assert ask(prompts) == [prompt[::-1] for prompt in prompts]
    path, headers, body = gemini.requests[0]
    assert path.endswith("/models/test-model:generateContent")
    assert {name.lower(): value for name, value in headers.items()}["x-goog-api-key"] == KEY
    assert body["generationConfig"] == {"temperature": 0.5, "maxOutputTokens": 40, "seed": 7}
    assert ask.name == "gemini:test-model temperature=0.5 seed=7 max_tokens=40"
    assert ask([]) == []


@pytest.mark.parametrize(
    "fault", [refused(429, "slow down", "0.02s"), refused(500, "try again"), "drop"], ids=str
)
def test_a_fault_that_passes_is_asked_again(gemini, fast, fault) -> None:
    gemini.script["ab"] = [fault, fault]
    assert connect(gemini)(["ab", "cd"]) == ["ba", "dc"]
    assert sorted(gemini.prompts()) == ["ab", "ab", "ab", "cd"]


def test_a_fault_that_stays_keeps_the_other_answers(gemini, fast) -> None:
    gemini.script["bad"] = [refused(500, f"broken, key {KEY}")] * 9
    with pytest.raises(
        GenerationError, match=r"asked 3 times\. ServerError 500: broken, key \*\*\*"
    ) as caught:
        connect(gemini, attempts=3, workers=1)(["one", "bad", "two"])
    assert caught.value.answers[0] == "eno"
    assert gemini.prompts().count("bad") == 3


def test_what_will_not_change_is_asked_once(gemini) -> None:
    gemini.script["a"] = [refused(400, f"API key {KEY} not valid")]
    with pytest.raises(GenerationError, match=r"asked once\. ClientError 400"):
        connect(gemini)(["a"])
    gemini.script["b"] = [refused(429, "Quota of the day", "9000s")]
    with pytest.raises(GenerationError, match="429: Quota of the day"):
        connect(gemini)(["b"])
    assert gemini.prompts() == ["a", "b"]


def test_the_servers_delay_is_heeded(gemini, fast) -> None:
    from google.genai import errors

    rng = np.random.default_rng(0)

    def delay(*told, attempt: int = 4) -> float | None:
        code, content = refused(*told)
        return next_wait(errors.APIError(code, content), attempt, rng)

    # Never less than asked for, and not everybody at one moment.
    assert 3.5 <= delay(429, "no", "3.5s") <= 4
    assert 0.25 <= delay(429, "Please retry in 250ms.") <= 0.75
    assert 0.04 <= delay(503, "no") <= 0.08
    assert delay(429, "no", "121s") is None
    assert delay(429, "Please retry in 2m1s.") is None
    assert delay(404, "no", "1s") is None
    assert next_wait(KeyError("x"), 1, rng) is None


def test_a_header_says_when(gemini, fast) -> None:
    import httpx
    from google.genai import errors

    rng = np.random.default_rng(0)
    response = httpx.Response(429, headers={"Retry-After": "7"})
    assert 7 <= next_wait(errors.APIError(*refused(429, "no"), response), 1, rng) <= 7.5
    assert 0.005 <= next_wait(httpx.ReadError("gone"), 1, rng) <= 0.01


@pytest.mark.parametrize("part", [answered("8", "MAX_TOKENS"), answered("x", "SAFETY"), {"candidates": []}])
def test_what_is_cut_off_or_blocked_is_no_answer(gemini, part) -> None:
    gemini.script["a"] = [part]
    assert connect(gemini)(["a", "bc"]) == ["", "cb"]


def test_a_run_goes_on_after_a_fault(gemini, fast, tmp_path) -> None:
    passages = Items.from_texts([f"passage {number}" for number in range(5)], ids=list("abcde"))

    def rate(prompts):
        return ["3"] * len(prompts)

    def run():
        ask = connect(gemini, attempts=1, workers=1)
        return synthetic_queries(passages, ask, relevance_rater(rate), folder=tmp_path, batch_size=3)

    prompt = next(p for p in run_prompts(passages) if p.endswith("passage 4"))
    gemini.script[prompt] = [refused(503, "later")]
    with pytest.raises(GenerationError, match="503") as caught:
        run()
    assert "4 of 5 answers are kept" in caught.value.__notes__[0]
    assert "on one line" in prompt
    made = run()
    # Each prompt was sent once, but for the one that failed.
    assert sorted(gemini.prompts()) == sorted([*run_prompts(passages), prompt])
    assert made.kept.queries.ids == ()
    assert made.counts == {"asked": 5, "kept": 0, "not one line of text": 5}


def run_prompts(passages: Items) -> list[str]:
    asked: list[str] = []

    def write(prompts):
        asked.extend(prompts)
        return [""] * len(prompts)

    synthetic_queries(passages, write, relevance_rater(write))
    return asked


def test_the_key_is_nowhere(gemini, fast, tmp_path, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    ask = connect(gemini, attempts=2, workers=2)
    passages = Items.from_texts(["a", "b", "c"])
    prompts = run_prompts(passages)
    gemini.script[prompts[2]] = [refused(500, f"who are you, {KEY}?")] * 2
    rater = relevance_rater(ask)
    with pytest.raises(GenerationError) as caught:
        synthetic_queries(passages, ask, rater, folder=tmp_path, batch_size=1)
    told = "".join(traceback.format_exception(caught.value))
    error: BaseException | None = caught.value
    while error is not None:
        told += f"{error!r}{error}{vars(error)}"
        error = error.__cause__ or error.__context__
    made = synthetic_queries(passages, ask, rater, folder=tmp_path)
    told += f"{ask!r}{ask.name}{made!r}{made.dropped.to_pylist()}{made.kept.columns.to_pylist()}{rater!r}"
    told += "".join(record.getMessage() for record in caplog.records)
    told += "".join(file.read_text() for file in tmp_path.rglob("*") if file.is_file())
    assert "***" in told
    assert len(list(tmp_path.rglob("*"))) == 1
    assert KEY not in told


def test_without_a_key_or_with_a_wrong_number(monkeypatch) -> None:
    for name in ("GEMINI_API_KEY", "GOOGLE_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(MissingError, match=r"set GEMINI_API_KEY \(or GOOGLE_API_KEY\)"):
        GeminiGenerator()
    with pytest.raises(InputError, match="attempts must be 1 or more; got 0"):
        GeminiGenerator(api_key=KEY, attempts=0)


def test_the_key_of_the_environment(gemini, monkeypatch) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "from-outside")
    monkeypatch.delenv("GOOGLE_API_KEY", raising=False)
    assert GeminiGenerator("m", base_url=gemini.address)(["ab"]) == ["ba"]
    headers = {name.lower(): value for name, value in gemini.requests[0][1].items()}
    assert headers["x-goog-api-key"] == "from-outside"
