"""Runs on a thread: real encoders, cancelled in the middle, failing in words."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from embedscope._errors import MissingError
from embedscope._progress import Cancelled
from embedscope.clusters.cluster import Clusters
from embedscope.comparison.comparison import Comparison
from embedscope.encoders.load import load_encoder
from embedscope.layouts.layout import Layout
from embedscope.spaces.encode import encode
from embedscope.spaces.space import Space
from embedscope.views import job as room
from embedscope.views.job import Job
from embedscope.views.job_words import Order


class Run:
    """A job with everything it published and showed."""

    def __init__(self, order: Order, data: Any) -> None:
        self.published: list[dict[str, Any]] = []
        self.shown: list[tuple[Any, Layout, Clusters]] = []
        self.when: Any = lambda _status: None
        self.job = Job(order, data, lambda *parts: self.shown.append(parts), self.publish)

    def publish(self, status: dict[str, Any]) -> None:
        self.published.append(status)
        self.when(status)

    def finish(self) -> Run:
        self.job.start()
        self.job.wait()
        return self

    @property
    def stages(self) -> list[str]:
        return list(dict.fromkeys(status["stage"] for status in self.published))


def numbered(n: int, start: int = 0) -> list[str]:
    return [f"text {row} of a few words {row % 7}" for row in range(start, start + n)]


@pytest.fixture
def every_update(monkeypatch: pytest.MonkeyPatch) -> None:
    """Publish each update, however soon it comes."""
    monkeypatch.setattr(room, "_EVERY_S", 0.0)


def test_texts_become_a_space_a_layout_and_clusters(every_update: None) -> None:
    texts = numbered(40)
    run = Run(Order("variable:texts", "wordllama"), texts).finish()
    (space, layout, clusters), *more = run.shown
    assert not more
    assert space.items.payloads == tuple(texts)
    assert (len(layout), len(clusters.labels)) == (40, 40)
    assert run.stages[:-1] == [
        "Starting",
        "Loading texts",
        "Loading wordllama",
        "Encoding with wordllama",
        "Laying out the map",
        "Finding clusters",
        "Opening the explorer",
    ]
    assert run.stages[-1].startswith("40 texts of texts by wordllama, in ")
    assert run.job.status.state == "done"
    assert run.job.error is None
    expected = encode(texts, load_encoder("wordllama", device="cpu"), progress=False)
    np.testing.assert_array_equal(space.vectors, expected.vectors)


def test_two_encoders_become_a_comparison(tiny_text_encoder: str, every_update: None) -> None:
    texts = numbered(60, start=50_000)
    run = Run(Order("variable:texts", tiny_text_encoder, "cpu", 40, student="wordllama"), texts).finish()
    assert run.job.status.error == ""
    ((comparison, layout, clusters),) = run.shown
    assert isinstance(comparison, Comparison)
    assert (len(comparison), len(layout), len(clusters.labels)) == (40, 40, 40)
    assert (comparison.teacher.dims, comparison.student.dims) == (32, 256)
    expected = encode(comparison.teacher.items, load_encoder("wordllama", device="cpu"), progress=False)
    np.testing.assert_array_equal(comparison.student.vectors, expected.vectors)
    assert run.stages[:-1] == [
        "Starting",
        "Loading texts",
        f"Loading {tiny_text_encoder}, the teacher",
        f"Encoding with {tiny_text_encoder}, the teacher",
        "Loading wordllama, the student",
        "Encoding with wordllama, the student",
        "Laying out the teacher's map",
        "Finding clusters",
        "Laying out the student's map",
    ]
    words = f"40 texts of texts by {tiny_text_encoder} (teacher) and wordllama (student), in "
    assert run.stages[-1].startswith(words)
    assert repr(run.job).startswith(f"Job('texts', {tiny_text_encoder!r} and 'wordllama': done")


def test_a_spaces_own_vectors_are_a_teacher(space: Space) -> None:
    order = Order("variable:space", "", None, 20, has_vectors=True, student="wordllama")
    comparison = Run(order, space).finish().shown[0][0]
    np.testing.assert_array_equal(comparison.teacher.vectors, space.subset(comparison.ids).vectors)
    assert comparison.student.dims == 256
    assert comparison.groups().by == "label"
    assert "of space by its own vectors (teacher) and wordllama (student)" in order.summary(space, 1.0)


def test_a_cancel_within_the_student_counts_what_both_have(
    tiny_text_encoder: str, every_update: None
) -> None:
    texts = numbered(640, start=60_000)
    run = Run(Order("variable:texts", "wordllama", student=tiny_text_encoder), texts)
    run.when = lambda status: (
        run.job.cancel() if "the student" in status["stage"] and status["done"] >= 200 else None
    )
    run.finish()
    assert run.job.status.state == "cancelled"
    kept = int(run.job.status.stage.removeprefix("Cancelled. ").split(" of ")[0].replace(",", ""))
    assert "of 1,280 vectors are kept" in run.job.status.stage
    assert 640 + 128 <= kept < 1280
    assert run.shown == []


@pytest.mark.filterwarnings("ignore::embedscope._errors.EmbedscopeWarning")
def test_the_students_memory_is_told_with_the_students_name(
    tiny_text_encoder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from transformers import BertModel

    def fail(*_: Any, **__: Any) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory.")

    monkeypatch.setattr(BertModel, "forward", fail)
    order = Order("variable:texts", "wordllama", "cpu", student=tiny_text_encoder)
    status = Run(order, numbered(9, start=70_000)).finish().job.status
    assert "The memory of cpu did not suffice" in status.error
    assert "9 of 18 vectors are kept" in status.error
    assert f'es.encode(..., "{tiny_text_encoder}", batch_size=8)' in status.error


def test_a_student_of_the_wrong_kind_is_refused_before_anything_is_encoded(
    photos: Path, tiny_image_encoder: str
) -> None:
    run = Run(Order(str(photos), tiny_image_encoder, student="minilm"), str(photos)).finish()
    assert "'minilm' takes texts" in run.job.status.error
    assert not [stage for stage in run.stages if stage.startswith("Encoding")]


def test_a_folder_of_images_with_a_model_of_ones_own(photos: Path, tiny_image_encoder: str) -> None:
    run = Run(Order(str(photos), tiny_image_encoder, "cpu", 15), str(photos)).finish()
    assert run.job.status.error == ""
    assert len(run.shown[0][0]) == 15
    assert run.shown[0][0].items.modality == "image"


def test_it_counts_what_is_encoded(tiny_text_encoder: str, every_update: None) -> None:
    run = Run(Order("variable:texts", tiny_text_encoder), numbered(150, start=10_000)).finish()
    counts = [status["done"] for status in run.published if status["total"] == 150]
    assert counts[0] == 0
    assert counts[-1] == 150
    assert counts == sorted(counts)
    assert len(counts) > 2
    assert {status["unit"] for status in run.published if status["total"]} == {"texts"}


def test_at_most_about_five_messages_a_second(tiny_text_encoder: str) -> None:
    began = time.monotonic()
    run = Run(Order("variable:texts", tiny_text_encoder), numbered(600, start=20_000)).finish()
    encoding = [status for status in run.published if status["total"] == 600]
    seconds = time.monotonic() - began
    assert 0 < len(encoding) <= 3 + 6 * seconds
    assert run.job.status.state == "done"


def test_a_cancel_in_the_middle_keeps_what_is_encoded(tiny_text_encoder: str, every_update: None) -> None:
    texts = numbered(640, start=30_000)
    run = Run(Order("variable:texts", tiny_text_encoder), texts)
    run.when = lambda status: run.job.cancel() if status["done"] >= 200 else None
    run.finish()
    status = run.job.status
    assert status.state == "cancelled"
    assert isinstance(run.job.error, Cancelled)
    assert run.shown == []
    kept = int(status.stage.removeprefix("Cancelled. ").split(" of ")[0].replace(",", ""))
    assert status.stage == f"Cancelled. {kept} of 640 vectors are kept; run again to go on."
    assert 128 <= kept < 640
    again = Run(Order("variable:texts", tiny_text_encoder), texts).finish()
    assert f"Encoding with {tiny_text_encoder}; {kept} kept already" in again.stages
    totals = {status["total"] for status in again.published if status["unit"] == "texts"}
    assert totals == {640 - kept}
    assert len(again.shown[0][0]) == 640


def test_a_cancel_before_the_encoder_is_there_says_so() -> None:
    run = Run(Order("variable:texts", "wordllama"), numbered(10))
    run.when = lambda status: run.job.cancel() if status["stage"] == "Loading texts" else None
    assert run.finish().job.status.stage == "Cancelled. Nothing was computed yet."


def test_a_late_cancel_changes_nothing() -> None:
    run = Run(Order("variable:texts", "wordllama"), numbered(10)).finish()
    before = run.job.status
    run.job.cancel()
    assert run.job.status is before


@pytest.mark.filterwarnings("ignore::embedscope._errors.EmbedscopeWarning")
def test_memory_that_does_not_suffice_is_said_in_words(
    tiny_text_encoder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from transformers import BertModel

    def fail(*_: Any, **__: Any) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")

    monkeypatch.setattr(BertModel, "forward", fail)
    run = Run(Order("variable:texts", tiny_text_encoder, "cpu"), numbered(9, start=40_000)).finish()
    status = run.job.status
    assert status.state == "failed"
    assert status.error.startswith("The memory of cpu did not suffice (CUDA out of memory. Tried to allocate")
    assert "0 of 9 vectors are kept" in status.error
    assert "batch_size=8" in status.error


def test_an_encoder_that_no_hub_gives_names_those_that_are_here() -> None:
    run = Run(Order("variable:texts", "sentence-transformers:nobody/nothing"), numbered(9)).finish()
    assert isinstance(run.job.error, MissingError)
    assert "'nobody/nothing' is no folder here, and the Hugging Face hub" in run.job.status.error
    assert "Ready without a network: " in run.job.status.error
    assert run.shown == []


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("./no/such/folder", "There is no folder or file 'no/such/folder'"),
        ("nosuch.csv", "There is no file 'nosuch.csv'"),
        ("hf:nobody/nothing", "could not be loaded"),
    ],
)
def test_data_that_is_not_there(data: str, words: str) -> None:
    run = Run(Order(data, "minilm"), data).finish()
    assert run.job.status.state == "failed"
    assert words in run.job.status.error


@pytest.mark.filterwarnings("ignore::embedscope._errors.EmbedscopeWarning")
@pytest.mark.parametrize("texts", [[], ["", ""]])
def test_nothing_to_embed(texts: list[str]) -> None:
    run = Run(Order("variable:texts", "minilm"), texts).finish()
    assert run.job.status.error.startswith("There is nothing to embed in 'texts'.")


def test_a_folder_of_the_wrong_kind_is_refused_before_the_encoder_is_loaded(photos: Path) -> None:
    run = Run(Order(str(photos), "minilm"), str(photos)).finish()
    assert "'minilm' takes texts" in run.job.status.error
    assert "Loading minilm" not in run.stages


def test_what_nobody_expected_is_told_too(space: Space) -> None:
    def show(*_: Any) -> None:
        raise ZeroDivisionError("division by zero")

    job = Job(Order("variable:space", has_vectors=True), space, show, lambda _: None)
    job.start()
    job.wait()
    assert job.status.state == "failed"
    assert job.status.error.startswith("ZeroDivisionError: division by zero.")
    assert isinstance(job.error, ZeroDivisionError)


def test_a_space_is_explored_with_its_own_vectors(space: Space) -> None:
    run = Run(Order("variable:space", "", None, 20, has_vectors=True), space).finish()
    shown = run.shown[0][0]
    assert shown.ids == space.items.sample(20).ids
    assert "Loading" not in " ".join(run.stages)


def test_the_notebook_stays_free_while_it_runs() -> None:
    gate, entered = threading.Event(), threading.Event()

    def show(*_: Any) -> None:
        entered.set()
        gate.wait(30)

    space = Space.from_arrays(np.eye(4))
    job = Job(Order("variable:space", has_vectors=True), space, show, lambda _: None)
    job.start()
    assert entered.wait(60)
    assert job.is_running
    gate.set()
    job.wait()
    assert not job.is_running
