"""Hosted Gemini models: Google's own client against a server on this machine that misbehaves when told to."""

from __future__ import annotations

import base64
import io
import json
import logging
import pickle
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image as PILImage

import embedscope as es
from embedscope._errors import DependencyError, InputError, MissingError
from embedscope.encoders.gemini import GeminiEncoder
from embedscope.encoders.gemini_client import GeminiClient
from embedscope.encoders.gemini_models import MODELS, TASKS
from embedscope.encoders.hosted_errors import Finished, HostedError, RefusedError
from embedscope.encoders.hosted_failure import asked_wait, wait_before
from embedscope.encoders.hosted_memory import Memory
from embedscope.encoders.hosted_pace import Clock, Pace
from embedscope.encoders.load import load_encoder
from embedscope.encoders.protocol import Encoder
from embedscope.items.items import Items
from embedscope.items.payloads import Image
from embedscope.spaces.encode import encode
from embedscope.spaces.space import Space
from embedscope.spaces.store import VectorStore

from .gemini_server import (
    DOWN,
    DROP,
    GARBAGE,
    KEY,
    Answer,
    GeminiServer,
    busy,
    gemini_server,
    true_prefix,
    true_vector,
)

FIRST, SECOND = "gemini:gemini-embedding-001", "gemini:gemini-embedding-2"
TEXTS = [f"text number {place}" for place in range(250)]


class QuickClock(Clock):
    """A clock that is turned instead of waited for."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float | int) -> None:
        self.slept.append(seconds)
        self.time += seconds


class Bar:
    """Hears what a progress bar would."""

    def __init__(self) -> None:
        self.steps: list[int] = []
        self.notes: list[str] = []

    def __call__(self, n: int) -> None:
        self.steps.append(n)

    def note(self, text: str) -> None:
        self.notes.append(text)


@pytest.fixture(scope="module")
def running() -> Iterator[GeminiServer]:
    with gemini_server() as server:
        yield server


@pytest.fixture
def server(running, monkeypatch) -> GeminiServer:
    """The server with nothing seen, and an environment that leads to it and to nowhere else."""
    for name in ("GOOGLE_API_KEY", "GOOGLE_GENAI_USE_VERTEXAI", "GOOGLE_GENAI_USE_ENTERPRISE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GEMINI_API_KEY", KEY)
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", running.address)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    running.reset()
    return running


@pytest.fixture(scope="module")
def clients(running) -> dict[str, GeminiClient]:
    """Open clients by model: to open one reads all certificates, which is most of the time of a test."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GEMINI_API_KEY", KEY)
        patch.setenv("GOOGLE_GEMINI_BASE_URL", running.address)
        patch.setenv("NO_PROXY", "127.0.0.1")
        return {name: GeminiClient(name) for name in MODELS}


@pytest.fixture
def make(server, clients) -> Callable[..., GeminiEncoder]:
    """Load an encoder that talks through an open client."""

    def load(name: str, **options) -> GeminiEncoder:
        made = load_encoder(name, **options)
        assert isinstance(made, GeminiEncoder)
        made._client = clients[made.record.parameters["model"]]
        return made

    return load


@pytest.fixture
def clock() -> QuickClock:
    return QuickClock()


@pytest.fixture
def encoder(make, clock) -> GeminiEncoder:
    return make(FIRST, dims=128, clock=clock)


def truth(texts, dims: int = 128) -> np.ndarray:
    return np.array([true_prefix(text, dims) for text in texts])


def seen_once(server: GeminiServer, texts) -> bool:
    """Whether each of these texts, and no other, was answered exactly once."""
    return server.answered == {json.dumps([{"text": text}], ensure_ascii=False): 1 for text in texts}


# What is sent, and what comes back


def test_vectors_are_the_servers_in_order_a_hundred_a_request(encoder, server):
    vectors = encoder.encode(TEXTS)
    assert server.sizes == [100, 100, 50]
    assert vectors.dtype == np.float32
    assert vectors.flags.c_contiguous
    np.testing.assert_allclose(vectors, truth(TEXTS), atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(vectors.astype(np.float64), axis=1), 1, atol=1e-6)
    assert seen_once(server, TEXTS)
    assert server.requests[0][0] == {
        "model": "models/gemini-embedding-001",
        "content": {"parts": [{"text": "text number 0"}]},
        "outputDimensionality": 128,
    }


def test_it_is_an_encoder_whose_name_loads_it_again(encoder):
    assert isinstance(encoder, Encoder)
    record = encoder.record
    assert (record.name, record.dims, record.modalities) == (f"{FIRST}?dims=128", 128, {"text"})
    assert load_encoder(record.name, device="cpu").record == record
    assert record.matryoshka
    prints = {load_encoder(name).record.fingerprint for name in (record.name, FIRST, SECOND)}
    assert len(prints) == 3
    assert load_encoder(FIRST, per_minute=5, batch_size=3).record == load_encoder(FIRST, dims=3072).record


def test_nothing_in_nothing_out(encoder, server):
    assert encoder.encode([]).shape == (0, 128)
    assert server.requests == []


def test_batch_size_is_heeded_and_no_more_than_the_api_takes(make, server):
    make(FIRST, dims=128, batch_size=60).encode(TEXTS[:100])
    make(FIRST, dims=128, batch_size=400).encode(TEXTS[:130])
    assert server.sizes == [60, 40, 100, 30]


@pytest.mark.parametrize("dims", [128, 768, 1536, 3072])
def test_every_length_is_of_norm_one(make, server, dims):
    vectors = make(FIRST, dims=dims).encode(TEXTS[:2])
    np.testing.assert_allclose(vectors, truth(TEXTS[:2], dims), atol=1e-6)
    assert server.requests[0][0]["outputDimensionality"] == dims


def test_shorter_vectors_are_asked_for_in_a_call(make, server):
    encoder = make(FIRST)
    assert encoder.record.dims == 3072
    np.testing.assert_allclose(encoder.encode(TEXTS[:2], dims=256), truth(TEXTS[:2], 256), atol=1e-6)
    assert server.requests[0][0]["outputDimensionality"] == 256


@pytest.mark.parametrize("dims", [0, -1, 64, 127, 3073])
def test_other_lengths_are_refused_with_the_range(server, dims):
    said = rf"dims={dims} came; gemini-embedding-001 gives vectors of 128 to 3072 dims \(768, 1536 and 3072"
    with pytest.raises(InputError, match=said):
        load_encoder(FIRST, dims=dims)
    with pytest.raises(InputError, match=said):
        load_encoder(FIRST).encode(["a"], dims=dims)
    with pytest.raises(InputError, match=r"dims=1000 came; .* 128 to 768 dims"):
        load_encoder(FIRST, dims=768).encode(["a"], dims=1000)
    assert server.requests == []


@pytest.mark.parametrize(
    ("role", "task", "field", "prefix"),
    [
        (None, None, None, ""),
        ("query", None, "RETRIEVAL_QUERY", "task: search result | query: "),
        ("document", None, "RETRIEVAL_DOCUMENT", "title: none | text: "),
        (None, "retrieval_query", "RETRIEVAL_QUERY", "task: search result | query: "),
        ("query", "retrieval_document", "RETRIEVAL_QUERY", "task: search result | query: "),
        (None, "semantic_similarity", "SEMANTIC_SIMILARITY", "task: sentence similarity | query: "),
        ("document", "classification", "CLASSIFICATION", "task: classification | query: "),
        ("query", "clustering", "CLUSTERING", "task: clustering | query: "),
        (None, "CODE_RETRIEVAL_QUERY", "CODE_RETRIEVAL_QUERY", "task: code retrieval | query: "),
        ("document", "code_retrieval_query", "RETRIEVAL_DOCUMENT", "title: none | text: "),
        ("query", "question_answering", "QUESTION_ANSWERING", "task: question answering | query: "),
        ("query", "fact_verification", "FACT_VERIFICATION", "task: fact checking | query: "),
        ("document", "fact_verification", "RETRIEVAL_DOCUMENT", "title: none | text: "),
    ],
)
def test_a_task_is_a_field_for_the_one_and_a_prefix_for_the_other(make, server, role, task, field, prefix):
    make(FIRST, dims=128).encode(["a cat"], role=role, task=task)
    make(SECOND, dims=128).encode(["a cat"], role=role, task=task)
    (one,), (two,) = server.requests
    assert one.get("taskType") == field
    assert one["content"]["parts"] == [{"text": "a cat"}]
    assert "taskType" not in two
    assert two["content"]["parts"] == [{"text": f"{prefix}a cat"}]
    assert server.models == ["gemini-embedding-001", "gemini-embedding-2"]


@pytest.mark.parametrize("name", [FIRST, SECOND])
def test_an_unknown_task_lists_the_known(make, server, name):
    encoder = make(name)
    assert encoder.tasks == TASKS
    with pytest.raises(MissingError, match=r"No task is called 'summary'.*semantic_similarity"):
        encoder.encode(["a"], task="summary")


def test_many_texts_of_the_second_model_are_many_contents(make, server):
    texts = TEXTS[:150]
    vectors = make(SECOND, dims=128).encode(texts)
    assert server.sizes == [100, 50]
    assert all(len(one["content"]["parts"]) == 1 for request in server.requests for one in request)
    np.testing.assert_allclose(vectors, truth(texts), atol=1e-6)


def test_images_go_as_they_are_or_as_png_on_white(make, server, pictures):
    photo = io.BytesIO()
    turned = io.BytesIO()
    shot = PILImage.effect_noise((6, 4), 90).convert("RGB")
    exif = PILImage.Exif()
    exif[0x0112] = 6
    shot.save(photo, "JPEG")
    shot.save(turned, "JPEG", exif=exif)
    bitmap = io.BytesIO()
    shot.save(bitmap, "BMP")
    images = [*pictures, *(Image(data=raw.getvalue()) for raw in (photo, turned, bitmap))]
    vectors = make(SECOND, dims=128).encode(images, role="document")
    assert server.sizes == [6, 4]
    # The API takes either spelling of a field, and the client writes both.
    sent = [one["content"]["parts"][0]["inline_data"] for request in server.requests for one in request]
    for image, part, vector in zip(images, sent, vectors, strict=True):
        data = base64.urlsafe_b64decode(part["data"])
        opened = PILImage.open(io.BytesIO(data))
        assert f"image/{opened.format.lower()}" == part["mime_type"]
        assert not opened.has_transparency_data
        np.testing.assert_array_equal(opened.convert("RGB"), image.open())
        prefix = true_vector({"parts": [{"inline_data": part}]})[:128]
        np.testing.assert_allclose(vector, prefix / np.linalg.norm(prefix), atol=1e-6)
    kept = [
        base64.urlsafe_b64decode(part["data"]) == image.read()
        for part, image in zip(sent, images, strict=True)
    ]
    assert kept == [True, True, True, False, False, True, True, True, False, False]
    assert "image/jpeg" in {part["mime_type"] for part in sent}


def test_what_is_no_payload_for_it_is_named(make, server, pictures, tmp_path):
    first, second = make(FIRST), make(SECOND)
    broken = tmp_path / "broken.png"
    broken.write_bytes(pictures[0].read()[:60])
    with pytest.raises(
        InputError, match="Item 1 is an image; the encoder 'gemini:gemini-embedding-001' takes"
    ):
        first.encode(["a", pictures[0]])
    with pytest.raises(InputError, match="Item 1 is a text; the encoder 'gemini:gemini-embedding-2' takes"):
        second.encode([pictures[0], "a"])
    with pytest.raises(InputError, match=r"Item 2 \(.*broken\.png\) cannot be read as an image"):
        second.encode([pictures[0], pictures[1], Image(path=broken)])
    with pytest.raises(InputError, match="task='clustering' came with images"):
        second.encode([pictures[0]], task="clustering")
    with pytest.raises(InputError, match="One str came"):
        first.encode("a")
    with pytest.raises(
        InputError, match=r"Item 1 cannot be sent: it holds half of a surrogate pair \(at 2\)"
    ):
        first.encode(["fine", "no\ud83d"])
    assert server.requests == []


@pytest.mark.parametrize(
    "text", [" ", "\u200b", "\x00", "e\u0301", "שלום", "🙂" * 50, "\u2028", "a" * 50_000]
)
def test_texts_of_every_kind_arrive_as_they_are(encoder, server, text):
    np.testing.assert_allclose(encoder.encode([text]), truth([text]), atol=1e-6)
    assert seen_once(server, [text])


# Faults


@pytest.mark.parametrize(
    ("answer", "least"),
    [
        (busy(retry="34.5s"), 34.5),
        (busy("You exceeded your quota. Please retry in 12.25s."), 12.25),
        (busy("Please retry in 1m2s.", retry="3s"), 62),
        (busy(**{"Retry-After": "7"}), 7),
        (busy(), 0.5),
        (DOWN, 0.5),
        (Answer(503, "UNAVAILABLE", "The model is overloaded."), 0.5),
        (Answer(504, body="<html>upstream timed out</html>"), 0.5),
        (Answer(408, body=""), 0.5),
        (DROP, 0.5),
        (lambda vectors: vectors[:-1], 0.5),
        (lambda vectors: [vector[:-1] for vector in vectors], 0.5),
        (lambda vectors: [[float("nan")] * 128, *vectors[1:]], 0.5),
        (lambda vectors: [], 0.5),
        (GARBAGE, 0.5),
    ],
)
def test_a_fault_is_waited_out_and_nothing_is_lost_or_doubled(encoder, server, clock, answer, least):
    server.plan.extend([None, answer, None])
    bar = Bar()
    vectors = encoder.encode(TEXTS, progress=bar)
    np.testing.assert_allclose(vectors, truth(TEXTS), atol=1e-6)
    assert server.sizes == [100, 100, 100, 50]
    assert seen_once(server, TEXTS)
    (slept,) = clock.slept
    assert least <= slept <= max(1, least + 0.5)
    assert bar.steps == [100, 100, 50]
    assert encoder.calls == 4


def test_it_gives_up_and_goes_on_from_there(encoder, server, clock):
    server.plan.append(None)
    server.always = busy("Quota exceeded for requests per minute.")
    with pytest.raises(HostedError) as caught:
        encoder.encode(TEXTS)
    assert str(caught.value) == (
        "gemini:gemini-embedding-001?dims=128 gave no vectors for items 100 to 199: 429 RESOURCE_EXHAUSTED: "
        "Quota exceeded for requests per minute (tried 6 times). "
        "Done are 100 of 250 items, which are kept: the same call goes on from there."
    )
    assert isinstance(caught.value, OSError)
    finished = caught.value.finished
    assert finished.places.tolist() == list(range(100))
    np.testing.assert_allclose(finished.vectors, truth(TEXTS[:100]), atol=1e-6)
    assert len(server.requests) == 7
    assert [2**k / 2 <= wait <= 2**k for k, wait in enumerate(clock.slept)] == [True] * 5

    server.always = None
    bar = Bar()
    np.testing.assert_allclose(encoder.encode(TEXTS, progress=bar), truth(TEXTS), atol=1e-6)
    assert server.sizes[7:] == [100, 50]
    assert seen_once(server, TEXTS)
    assert sum(bar.steps) == 250


def test_what_is_kept_is_kept_for_its_task_and_length(encoder, server):
    server.plan.extend([None, Answer(403, "PERMISSION_DENIED", "no")])
    with pytest.raises(HostedError):
        encoder.encode(TEXTS[:150])
    encoder.encode(TEXTS[:10], task="clustering")
    assert server.sizes == [100, 50, 10]
    encoder.encode(TEXTS[:10])
    assert server.sizes == [100, 50, 10]


def test_a_wait_of_hours_is_not_waited(encoder, server, clock):
    server.always = busy("Daily quota used up.", retry="7200s")
    with pytest.raises(
        HostedError, match=r"Daily quota used up \(it asks to wait 7,200 s\). Done are 0 of 3"
    ):
        encoder.encode(TEXTS[:3])
    assert clock.slept == []
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (lambda vectors: vectors[:-1], "3 items went out and 2 vectors came back"),
        (lambda vectors: vectors[:1], "3 items went out and 1 vectors came back"),
        (lambda vectors: [v[:100] for v in vectors], "128 dims were asked for, and 100 dims came back"),
        (lambda vectors: [*vectors[:2], []], "128 dims were asked for, and 0, 128 dims came back"),
        (lambda vectors: [[1e300] * 128] * 3, "NaN or infinity"),
        (GARBAGE, "the answer cannot be read"),
        (DROP, "Disconnected|disconnected|closed|reset"),
    ],
)
def test_a_fault_that_stays_is_one_clear_error(encoder, server, fault, said):
    server.always = fault
    with pytest.raises(HostedError, match=said) as caught:
        encoder.encode(TEXTS[:3])
    assert len(server.requests) == (6 if fault == DROP else 2)
    assert caught.value.finished.vectors.shape == (0, 128)
    assert caught.value.__cause__ is caught.value.__context__ is None


@pytest.mark.parametrize(
    "answer",
    [
        Answer(404, "NOT_FOUND", "models/x is not found."),
        Answer(400, "FAILED_PRECONDITION", "User location is not supported for the API use."),
        Answer(401, "UNAUTHENTICATED", "Request had invalid credentials."),
        Answer(403, "PERMISSION_DENIED", f"Consumer 'api_key:{KEY}' has been suspended."),
    ],
)
def test_what_no_attempt_can_change_is_said_at_once(encoder, server, clock, answer):
    server.always = answer
    with pytest.raises(HostedError, match=str(answer.code)) as caught:
        encoder.encode(TEXTS)
    assert not isinstance(caught.value, InputError)
    assert len(server.requests) == 1
    assert clock.slept == []
    assert ("is the key in" in str(caught.value)) == (answer.code in (401, 403))


def test_an_item_over_the_limit_is_found_and_the_others_before_it_are_done(encoder, server, clock):
    texts = [*TEXTS[:137], "x" * 500, *TEXTS[137:]]
    server.longest = 400
    with pytest.raises(
        RefusedError, match=r"Item 137 was refused by gemini:.*: 400 INVALID_ARGUMENT: The"
    ) as caught:
        encoder.encode(texts)
    assert str(caught.value).endswith("maximum number of tokens. It takes up to 2,048 tokens an item.")
    assert caught.value.finished.places.tolist() == list(range(137))
    assert seen_once(server, TEXTS[:137])
    requests = len(server.requests)
    assert requests <= 2 + 2 * 7
    with pytest.raises(RefusedError, match="Item 137 was refused"):
        encoder.encode(texts)
    assert len(server.requests) == requests
    clock.time += 60
    server.longest = None
    encoder.encode(["x" * 500])
    assert len(server.requests) == requests + 1
    np.testing.assert_allclose(encoder.encode(TEXTS), truth(TEXTS), atol=1e-6)
    assert seen_once(server, [*TEXTS, "x" * 500])


def test_an_interrupt_keeps_what_is_done(encoder, server, clock, monkeypatch):
    server.plan.extend([None, DOWN])

    def interrupted(seconds: float | int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(clock, "sleep", interrupted)
    with pytest.raises(KeyboardInterrupt):
        encoder.encode(TEXTS)
    encoder.encode(TEXTS)
    assert seen_once(server, TEXTS)


FAULTS = [None, None, busy(), busy(retry="2s"), DOWN, DROP, GARBAGE, lambda vectors: vectors[1:]]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    faults=st.lists(st.sampled_from(FAULTS), max_size=10),
    count=st.integers(1, 40),
    long=st.integers(0, 60),
    size=st.integers(1, 20),
)
def test_whatever_goes_wrong_each_text_is_answered_once(make, server, faults, count, long, size):
    server.reset()
    server.plan.extend(faults)
    server.longest = 100
    texts = TEXTS[:count]
    with_long = [*texts[:long], "y" * 101, *texts[long:]] if long < count else texts
    encoder = make(FIRST, dims=128, batch_size=size, clock=QuickClock(), per_minute=None)
    places: list[int] = []
    for _ in range(12):
        try:
            vectors = encoder.encode(with_long)
            break
        except RefusedError as error:
            places.append(error.place)
            with_long = texts
        except HostedError as error:
            known = error.finished
            expected = truth([with_long[place] for place in known.places]).reshape(-1, 128)
            np.testing.assert_allclose(known.vectors, expected, atol=1e-6)
    np.testing.assert_allclose(vectors, truth(texts), atol=1e-6)
    assert seen_once(server, texts)
    assert places == ([long] if long < count else [])


# Through encode and a store


def test_a_broken_run_goes_on_from_the_store(server, tmp_path):
    items = Items.from_texts(TEXTS)
    options = {"store": tmp_path / "store", "chunk": 100, "progress": False}
    server.plan.extend([None, DOWN, None])
    server.always = Answer(403, "PERMISSION_DENIED", "no more")
    with pytest.raises(HostedError, match="403"):
        encode(items, load_encoder(FIRST, dims=128, clock=QuickClock()), **options)
    assert VectorStore(tmp_path / "store").contents().column("vectors") == [200]

    server.always = None
    space = encode(items, load_encoder(FIRST, dims=128), **options)
    np.testing.assert_allclose(space.vectors, truth(TEXTS), atol=1e-6)
    assert seen_once(server, TEXTS)
    assert server.sizes == [100, 100, 100, 50, 50]
    encode(items, FIRST + "?dims=128", **options)
    assert len(server.requests) == 5


def test_a_chunk_that_broke_off_is_not_paid_for_twice(encoder, server, tmp_path):
    options = {"store": tmp_path / "store", "progress": False}
    server.plan.extend([None, None, Answer(403, "PERMISSION_DENIED", "no")])
    with pytest.raises(HostedError, match="403"):
        encode(TEXTS, encoder, **options)
    np.testing.assert_allclose(encode(TEXTS, encoder, **options).vectors, truth(TEXTS), atol=1e-6)
    assert seen_once(server, TEXTS)


def test_an_item_that_is_refused_is_named_without_paying_for_the_search(encoder, server, tmp_path):
    options = {"store": tmp_path / "store", "progress": False}
    server.longest = 400
    texts = {"long one": "x" * 500} | {f"t{place}": text for place, text in enumerate(TEXTS)}
    items = Items.from_texts(list(texts.values()), ids=list(texts))
    with pytest.raises(InputError, match=r"The item 'long one' cannot be encoded: .*exceeds the maximum"):
        encode(items, encoder, **options)
    # Longest first, so its half is refused until it is alone, and after that no request is made.
    assert server.sizes == [100, 50, 25, 12, 6, 3, 1]
    encode(items.subset(list(texts)[1:]), encoder, **options)
    assert seen_once(server, TEXTS)


def test_what_is_in_the_store_needs_no_key_and_no_client(server, tmp_path, monkeypatch):
    options = {"store": tmp_path / "store", "progress": False, "dims": 128}
    encode(TEXTS[:5], FIRST, **options)
    monkeypatch.delenv("GEMINI_API_KEY")
    monkeypatch.setitem(sys.modules, "google.genai", None)
    assert encode(TEXTS[:5], FIRST, **options).dims == 128
    with pytest.raises(DependencyError, match=r"pip install 'embedscope\[gemini\]'"):
        encode(TEXTS[:6], FIRST, **options)


def test_documents_are_searched_by_queries(encoder, server, tmp_path):
    space = encode(TEXTS[:20], encoder, role="document", store=tmp_path, progress=False)
    space.search("which text?", k=3)
    assert [request[0]["taskType"] for request in server.requests] == [
        "RETRIEVAL_DOCUMENT",
        "RETRIEVAL_QUERY",
    ]


# How fast


def test_no_more_calls_a_minute_than_allowed(make, server, clock):
    encoder = make(FIRST, dims=128, batch_size=1, per_minute=2, clock=clock)
    begun: list[float] = []
    server.always = lambda vectors: begun.append(clock.time) or vectors
    encoder.encode(TEXTS[:5])
    assert [round(moment - 1000) for moment in begun] == [0, 0, 60, 60, 120]
    assert repr(encoder) == "GeminiEncoder('gemini:gemini-embedding-001?dims=128', 5 calls, 2 a minute)"


@settings(max_examples=50, deadline=None)
@given(per_minute=st.integers(1, 5), gaps=st.lists(st.floats(0, 50), min_size=1, max_size=30))
def test_any_sixty_seconds_hold_no_more_than_the_limit(per_minute, gaps):
    clock = QuickClock()
    pace = Pace(per_minute, clock)
    begun = []
    for gap in gaps:
        clock.time += gap
        pace.take()
        begun.append(clock.time)
    assert pace.calls == len(gaps)
    for first, later in zip(begun, begun[per_minute:], strict=False):
        assert later - first >= 60 - 1e-5


def test_the_bar_shows_calls_and_limit_and_waits(make, server, clock):
    server.plan.extend([None, busy("Slow down.", retry="20s")])
    bar = Bar()
    make(FIRST, dims=128, clock=clock).encode(TEXTS, progress=bar)
    assert bar.notes[:2] == ["1 call, 300 a minute", "2 calls, 300 a minute"]
    assert bar.notes[2].startswith("2 calls, 300 a minute; waiting 2")
    assert bar.notes[2].endswith("s, 429 RESOURCE_EXHAUSTED: Slow down")
    assert bar.notes[3:] == ["3 calls, 300 a minute", "4 calls, 300 a minute"]
    other = Bar()
    make(FIRST, dims=128, per_minute=None).encode(["a"], progress=other)
    assert other.notes == ["1 call"]


@pytest.mark.parametrize(
    ("details", "message", "headers", "seconds"),
    [
        ({}, "", {}, None),
        (None, "try again later", {"retry-after": "soon"}, None),
        ({"error": {"details": [{"retryDelay": "1.5s"}]}}, "", {}, 1.5),
        ({"details": [{"retryDelay": "90s"}, {"reason": "x"}]}, "retry in 2m", {"Retry-After": "1"}, 120),
        ([], "Please retry in 850ms.", {}, 0.85),
        ({}, "Retry in 1h1m1s", {}, 3661),
        ({}, "", {"RETRY-AFTER": " 3 "}, 3),
        ({"error": {"details": "none"}}, "", {"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0),
    ],
)
def test_the_servers_wait_is_read_wherever_it_stands(details, message, headers, seconds):
    assert asked_wait(details, message, headers) == pytest.approx(seconds)


def test_a_date_to_come_back_at_is_a_wait():
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)
    assert 90 < asked_wait({}, "", {"Retry-After": later}) <= 100


@given(attempt=st.integers(1, 40), asked=st.none() | st.floats(0, 600), seed=st.integers(0, 99))
def test_waits_are_bounded_and_never_shorter_than_asked(attempt, asked, seed):
    wait = wait_before(attempt, asked, np.random.default_rng(seed))
    if asked is None:
        assert 0.5 * min(60, 2 ** (attempt - 1)) <= wait <= min(60, 2 ** (attempt - 1))
    else:
        assert asked <= wait <= asked + 0.5


def test_memory_is_bounded():
    memory = Memory()
    texts = [str(number) for number in range(4100)]
    memory.keep(texts, "", Finished(np.arange(4100), np.ones((4100, 2), np.float32), 4100))
    assert len(memory.recall(texts[:3], "")) == 3
    memory.trim()
    assert sorted(memory.recall(texts[:6], "")) == [4, 5]


# The key


def test_the_key_is_nowhere_but_in_the_requests_header(server, clock, tmp_path, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    encoder = load_encoder(FIRST, dims=128, clock=clock)
    told: list[str] = []
    suspended = Answer(403, "PERMISSION_DENIED", "x" * 470 + f" Consumer 'api_key:{KEY}' is suspended. {KEY}")
    for fault in (suspended, busy(f"quota of {KEY}", retry="9999s"), Answer(500, body=KEY), GARBAGE, DROP):
        server.always = fault
        with pytest.raises(HostedError) as caught:
            encode(TEXTS[:5], encoder, store=tmp_path / "store", progress=True)
        error = caught.value
        told += ["".join(traceback.format_exception(error)), repr(error), repr(vars(error)), repr(error.args)]
        assert error.__context__ is None
    server.reset()
    server.longest = 5
    with pytest.raises(InputError) as refused:
        encode(TEXTS[:5], encoder, store=tmp_path / "store", progress=True)
    told.append("".join(traceback.format_exception(refused.value)))
    server.reset()
    clock.time += 60
    bar = Bar()
    space = encode(TEXTS[:30], encoder, store=tmp_path / "store", progress=True)
    encoder.encode(TEXTS, progress=bar)
    space.save(tmp_path / "space")
    space.to_parquet(tmp_path / "space.parquet")
    space.to_npy(tmp_path / "space.npy")
    again = Space.load(tmp_path / "space")
    told += [repr(space), space._repr_html_(), repr(again.encoder), repr(encoder), str(vars(encoder))]
    told += [encoder.record.fingerprint, *bar.notes, repr(es.encoders()), caplog.text, *capfd.readouterr()]
    with pytest.raises(TypeError):
        pickle.dumps(encoder)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) > 5
    for secret in (KEY, KEY[:12], KEY[-12:]):
        assert not [text for text in told if secret in text]
        assert not [path for path in files if secret.encode() in path.read_bytes()]
        assert not [path for path in files if secret in path.name]
    assert server.requests  # which were answered, so the key was in their header


@pytest.mark.parametrize("name", ["GEMINI_API_KEY", "GOOGLE_API_KEY"])
def test_the_key_comes_from_either_variable(server, monkeypatch, name):
    monkeypatch.delenv("GEMINI_API_KEY")
    monkeypatch.setenv(name, f" {KEY}\n")
    assert load_encoder(FIRST, dims=128).encode(["a"]).shape == (1, 128)


@pytest.mark.parametrize("key", [None, "", "  "])
def test_no_key_says_what_to_set(server, monkeypatch, tmp_path, key):
    monkeypatch.delenv("GEMINI_API_KEY")
    if key is not None:
        monkeypatch.setenv("GOOGLE_API_KEY", key)
    encoder = load_encoder(FIRST)
    with pytest.raises(MissingError, match="no key for the Gemini API: set GEMINI_API_KEY"):
        encode(["a"], encoder, store=tmp_path, progress=False)
    assert server.requests == []


@pytest.mark.parametrize("key", ["secret\nkey", "sécret", "two words"])
def test_a_key_that_cannot_be_one_is_not_quoted(server, monkeypatch, key):
    monkeypatch.setenv("GEMINI_API_KEY", key)
    with pytest.raises(MissingError, match=f"GEMINI_API_KEY holds {len(key)} characters") as caught:
        load_encoder(FIRST).encode(["a"])
    assert key not in str(caught.value)


def test_a_wrong_key_is_said_to_be_one_and_not_shown(server, monkeypatch):
    monkeypatch.setenv("GEMINI_API_KEY", "some-other-key")
    with pytest.raises(
        HostedError, match=r"API key not valid: \(the key\) \(is the key in GOOGLE_API_KEY or"
    ) as caught:
        load_encoder(FIRST).encode(TEXTS)
    assert "some-other-key" not in str(caught.value)
    assert len(server.requests) == 1


def test_another_address_cannot_come_out_of_a_name(server):
    # A name may come out of somebody else's saved space: the key must not go where that says.
    for option in ("base_url", "http_options", "client", "api_key", "key"):
        with pytest.raises(InputError, match=f"no option '{option}'"):
            load_encoder(f"{FIRST}?{option}=http://127.0.0.1:9")
    with pytest.raises(InputError, match="takes a Clock"):
        load_encoder(f"{FIRST}?clock=1")


def test_an_environment_of_vertex_changes_nothing(server, monkeypatch):
    monkeypatch.setenv("GOOGLE_GENAI_USE_VERTEXAI", "true")
    np.testing.assert_allclose(load_encoder(FIRST, dims=128).encode(["a"]), truth(["a"]), atol=1e-6)


def test_an_address_that_is_none_is_said_to_be_one(server, monkeypatch, clock):
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", "nowhere")
    with pytest.raises(HostedError, match="the address in GOOGLE_GEMINI_BASE_URL cannot be used"):
        load_encoder(FIRST, clock=clock).encode(["a"])


# Loading


def test_an_unknown_model_lists_the_known(server):
    with pytest.raises(MissingError, match="Did you mean 'gemini-embedding-001'"):
        load_encoder("gemini:gemini-embedding-01")
    with pytest.raises(MissingError, match="There are: gemini-embedding-001, gemini-embedding-2"):
        load_encoder("gemini:")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"dims": "many"}, "dims='many' came; wanted a whole number"),
        ({"dims": True}, "dims=True came; wanted a whole number"),
        ({"per_minute": 0}, "per_minute=0 came; wanted 1 or more"),
        ({"per_minute": 0.5}, "per_minute=0.5 came; wanted a whole number"),
        ({"attempts": 0}, "attempts=0 came; wanted 1 or more"),
        ({"path": "/somewhere"}, "has no path and no revision"),
        ({"pooling": "mean"}, "has no option 'pooling'. It has: .*per_minute"),
    ],
)
def test_options_that_do_not_fit_are_refused(server, options, said):
    with pytest.raises(InputError, match=said):
        load_encoder(FIRST, **options)


def test_the_table_of_encoders_tells_the_truth_about_them():
    table = es.encoders()
    rows = {row[0]: dict(zip(table.columns, row, strict=True)) for row in table.rows}
    for model in MODELS.values():
        row = rows[f"gemini:{model.name}"]
        record = load_encoder(row["name"]).record
        assert (record.name, record.dims, record.licence) == (row["name"], row["dims"], row["licence"])
        assert ", ".join(sorted(record.modalities)) == row["modality"]
        assert row["source"] == "Gemini API"


def test_a_hosted_model_needs_no_torch(server):
    code = (
        "import sys; from embedscope import load_encoder\n"
        f"encoder = load_encoder({FIRST!r}, dims=128)\n"
        "assert 'google.genai' not in sys.modules\n"
        "assert encoder.encode(['a cat']).shape == (1, 128)\n"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=Path.cwd()).returncode == 0
