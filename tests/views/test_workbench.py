"""The workbench: the button's path from choice to explorer, and the same from Python."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell

import embedscope as es
from embedscope._errors import InputError, MissingError
from embedscope.spaces.space import Space
from embedscope.views.workbench import Workbench, workbench

TEXTS = [f"a text about {kind}, number {row}" for row in range(12) for kind in ("cats", "bridges")]


class Page:
    """The front end's side: sends requests and keeps the replies."""

    def __init__(self, bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
        self.bench = bench
        self.replies: list[dict[str, Any]] = []
        monkeypatch.setattr(bench.form, "send", lambda content, buffers=None: self.replies.append(content))

    def ask(self, kind: str, **content: Any) -> dict[str, Any]:
        request = {"type": "request", "id": len(self.replies), "kind": kind, **content}
        self.bench.form._handle_custom_msg(request, [])
        return self.replies[-1]

    def start(
        self, data: str, encoder: str, device: str = "auto", sample: Any = None, student: Any = ""
    ) -> dict[str, Any]:
        chosen = {"data": data, "encoder": encoder, "student": student}
        return self.ask("start_job", **chosen, device=device, sample=sample)


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Page:
    return Page(Workbench({"texts": TEXTS}), monkeypatch)


def test_the_front_end_can_read_all_that_it_gets(page: Page) -> None:
    state = page.bench.form.get_state()
    assert state["panes"] == ["workbench"]
    assert (state["coords"]["dtype"], state["coords"]["shape"]) == ("float32", [0, 2])
    assert (state["selection_rows"]["dtype"], state["selection_rows"]["shape"]) == ("uint32", [0])


def test_the_button_runs_and_the_explorer_opens_in_place(page: Page) -> None:
    bench = page.bench
    assert bench.children == (bench.form,)
    assert page.start("variable:texts", "wordllama", sample=20) == {
        "type": "reply",
        "id": 0,
        "ok": True,
        "result": None,
    }
    bench.job.wait()
    assert bench.form.job["state"] == "done"
    assert bench.children == (bench.form, bench.explorer)
    assert bench.explorer.space is bench.space
    assert len(bench.space) == 20
    assert bench.form.job["stage"].startswith("20 texts of texts by wordllama, in ")


def test_the_line_that_is_shown_does_the_same(page: Page, tmp_path: Path) -> None:
    bench = page.bench
    page.start("variable:texts", "wordllama", "cpu", 15)
    bench.job.wait()
    line = bench.form.job["line"]
    assert line == 'es.explore(es.encode(es.load_items(texts, sample=15), "wordllama", device="cpu"))'
    explorer = eval(line, {"es": es, "texts": TEXTS})
    assert explorer.space.ids == bench.space.ids
    np.testing.assert_array_equal(explorer.space.vectors, bench.space.vectors)
    assert isinstance(bench.explorer, es.Explorer)
    np.testing.assert_array_equal(explorer.layout.coords, bench.explorer.layout.coords)


def test_a_teacher_and_a_student_open_as_a_comparison_in_place(page: Page, tiny_text_encoder: str) -> None:
    bench = page.bench
    assert page.start("variable:texts", "wordllama", "cpu", 20, tiny_text_encoder)["ok"]
    bench.job.wait()
    assert bench.form.job["error"] == ""
    assert bench.children == (bench.form, bench.explorer)
    assert "heatmap" in bench.explorer.panes
    assert bench.comparison.names == ("wordllama", tiny_text_encoder)
    assert bench.space is bench.comparison.teacher
    explorer = eval(bench.form.job["line"], {"es": es, "texts": TEXTS})
    assert explorer.space.ids == bench.space.ids
    np.testing.assert_array_equal(explorer.layout.coords, bench.explorer.layout.coords)
    assert explorer.coords_b == bench.explorer.coords_b
    page.start("variable:texts", "wordllama", "cpu", 20)
    bench.job.wait()
    assert bench.comparison is None
    assert "heatmap" not in bench.explorer.panes


def test_two_encoders_from_python(space: Space) -> None:
    bench = Workbench({"trees": space})
    bench.run("variable:trees", student="wordllama")
    assert bench.comparison.teacher is space
    explorer = eval(bench.job.status.line, {"es": es, "trees": space})
    assert explorer.space.ids == space.ids


def test_a_student_that_cannot_work_is_refused_before_any_work(page: Page) -> None:
    refused = page.start("variable:texts", "wordllama", student="timm:efficientnet_lite0")
    assert "takes images, and 'texts' holds texts" in refused["error"]
    assert "are texts" in page.start("variable:texts", "wordllama", student=["minilm"])["error"]
    assert page.bench.job is None


def test_the_line_of_a_space_does_the_same(space: Space) -> None:
    bench = Workbench({"teacher": space})
    bench.run("variable:teacher", sample=20)
    explorer = eval(bench.job.status.line, {"es": es, "teacher": space})
    assert explorer.space.ids == bench.space.ids


def test_a_folder_of_images_from_python(photos: Path, tiny_image_encoder: str) -> None:
    bench = Workbench({})
    bench.run(str(photos), tiny_image_encoder, "cpu")
    assert bench.space.ids == es.load_items(str(photos)).ids
    explorer = eval(bench.job.status.line, {"es": es})
    assert explorer.space.ids == bench.space.ids


@pytest.mark.parametrize(
    ("data", "encoder", "sample", "words"),
    [
        ("variable:texts", "timm:efficientnet_lite0", None, "takes images, and 'texts' holds texts"),
        ("flags", "minilm", None, "takes texts, and 'flags' holds images"),
        ("variable:gone", "minilm", None, "No variable is called 'gone'. There are: texts"),
        ("", "minilm", None, "Choose what to embed"),
        ("variable:texts", "", None, "Choose an encoder"),
        ("variable:texts", "minilm", 0, "1 item or more"),
        ("variable:texts", "minilm", "many", "whole number"),
        ("variable:texts", "minilm", True, "whole number"),
        (["texts"], "minilm", None, "are texts"),
    ],
)
def test_what_cannot_work_is_refused_before_any_work(
    page: Page, data: Any, encoder: str, sample: Any, words: str
) -> None:
    reply = page.start(data, encoder, sample=sample)
    assert reply["ok"] is False
    assert words in reply["error"]
    assert page.bench.job is None
    assert page.bench.form.job == {}


def test_a_second_start_is_refused_and_a_cancel_ends_the_first(
    page: Page, tiny_text_encoder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = page.bench
    bench._namespace["many"] = [f"{row} of many texts" for row in range(5000)]
    monkeypatch.setattr("embedscope.views.job._EVERY_S", 0.0)
    encoding = threading.Event()
    bench.form.observe(lambda change: change["new"]["done"] >= 256 and encoding.set(), "job")
    assert page.start("variable:many", tiny_text_encoder)["ok"]
    assert encoding.wait(120)
    first = bench.job
    refused = page.start("variable:texts", "wordllama")
    assert refused["error"] == "A run is under way: wait for it, or cancel it first."
    assert bench.job is first
    assert page.ask("cancel_job")["ok"]
    bench.job.wait()
    assert bench.form.job["state"] == "cancelled"
    assert "of 5,000 vectors are kept" in bench.form.job["stage"]
    assert bench.children == (bench.form,)
    assert page.start("variable:texts", "wordllama")["ok"]
    bench.job.wait()
    assert bench.form.job["state"] == "done"


def test_variables_are_listed_anew(page: Page) -> None:
    def listed() -> list[str]:
        return [row["key"] for row in page.bench.form.workbench["data"] if row["group"] == "variable"]

    assert listed() == ["variable:texts"]
    page.bench._namespace["more"] = ["one"]
    del page.bench._namespace["texts"]
    assert page.ask("refresh_workbench")["ok"]
    assert listed() == ["variable:more"]


def test_run_raises_what_ended_it() -> None:
    bench = Workbench({"texts": TEXTS})
    with pytest.raises(MissingError, match="nobody/nothing"):
        bench.run("variable:texts", "sentence-transformers:nobody/nothing")
    with pytest.raises(InputError, match="takes images"):
        bench.run("variable:texts", "timm:efficientnet_lite0")
    assert bench.explorer is None


def test_an_interrupt_while_waiting_cancels_the_run(
    tiny_text_encoder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("embedscope.views.job._EVERY_S", 0.0)
    bench = Workbench({"many": [f"{row} more of many texts" for row in range(5000)]})
    sent = threading.Event()

    def interrupt(change: Any) -> None:
        if change["new"]["done"] >= 256 and not sent.is_set():
            sent.set()
            os.kill(os.getpid(), signal.SIGINT)

    bench.form.observe(interrupt, "job")
    with pytest.raises(KeyboardInterrupt):
        bench.run("variable:many", tiny_text_encoder)
    bench.job.wait()
    assert bench.job.status.state == "cancelled"


def test_each_run_tells_its_observers(page: Page) -> None:
    bench, seen = page.bench, []
    bench.observe(lambda change: seen.append(change["new"]), "explorer")
    for encoder in ("wordllama", "wordllama"):
        bench.run("variable:texts", encoder)
    assert len(seen) == 2
    assert seen[-1] is bench.explorer


def test_it_takes_the_notebooks_own_variables() -> None:
    shell = InteractiveShell.instance()
    shell.user_ns["notes"] = ["one", "two"]
    listed = [row["key"] for row in workbench().form.workbench["data"]]
    assert "variable:notes" in listed
    InteractiveShell.clear_instance()


def test_it_displays_as_a_widget(page: Page) -> None:
    bundle = page.bench._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert repr(page.bench) == "Workbench(nothing has run yet)"
