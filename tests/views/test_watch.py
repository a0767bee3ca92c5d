"""A run in a view: it follows, it steers, and it is found again."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import traitlets
from PIL import Image as PILImage

from embedscope._errors import MissingError
from embedscope.training.events import EventLog
from embedscope.training.run import Run
from embedscope.training.run_folder import RunFolder
from embedscope.training.start import start
from embedscope.views.watch import Watch, watch
from embedscope.views.wire import from_wire
from tests.views.watched import Watched, data_in, finished, measures, snapshots_of, vectors_at

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 180


def until(seen: Callable[[], Any], what: str) -> None:
    """Wait as long as a busy machine needs."""
    end = time.monotonic() + PATIENCE
    while not seen():
        assert time.monotonic() < end, what
        time.sleep(0.05)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return finished(tmp_path_factory.mktemp("runs") / "run")


@pytest.fixture
def opened() -> Iterator[Callable[..., Watch]]:
    """Open views that are closed with the test."""
    views: list[Watch] = []

    def open_one(run: Run | str | Path, **options: Any) -> Watch:
        views.append(watch(run, **options))
        return views[-1]

    yield open_one
    for view in views:
        view.close()


@pytest.fixture
def working(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """A run in a process of its own that takes long."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
    data = data_in(tmp_path / "pictures")
    run = start(Watched(steps=100_000, seconds=0.05), tmp_path / "run", lambda path: data.save(path))
    yield run
    run.stop()
    until(lambda: run.is_over, "the run stops")


def places(view: Watch) -> np.ndarray:
    return from_wire(view.coords)


def test_a_finished_run_is_shown_with_its_newest_map(done: Path, opened: Callable[..., Watch]) -> None:
    view = opened(done)
    assert view.panes == ["training"]
    assert view.training["state"] == "done"
    assert view.universe["title"] == "test:watched: emoji and flags"
    until(lambda: view.training["maps"]["steps"] == [0, 10, 20, 30], "the maps are made")
    until(lambda: view.training["maps"]["shown"] == 30, "the newest is shown")
    assert view.universe["n"] == 48
    assert np.array_equal(places(view), view._maps.places(30))
    assert view.color["names"] == ["emoji", "flags"]
    assert view.color["colors"] == [domain["color"] for domain in view.training["domains"]]
    assert "done, step 30 of 30" in repr(view)
    # There is nothing more to come: the thread has ended.
    until(lambda: not view._following.is_alive, "it follows no more")


def test_the_map_of_a_step_is_shown_when_it_is_set(done: Path, opened: Callable[..., Watch]) -> None:
    view = opened(str(done))
    view.wait_for_maps()
    for wanted, shown in ((10, 10), (15, 10), (0, 0), (10_000, 30), (-1, 30)):
        view.map_step = wanted
        assert view.training["maps"]["shown"] == shown
        assert np.array_equal(places(view), view._maps.places(shown))
    with pytest.raises(traitlets.TraitError):
        view.map_step = -2


def test_its_colours_are_the_domains_or_the_classes(done: Path, opened: Callable[..., Watch]) -> None:
    view = opened(done)
    view.wait_for_maps()
    view.color_by = "label"
    assert len(view.color["names"]) == 12
    view.color_by = "none"
    assert view.color["kind"] == "none"
    with pytest.raises(MissingError, match="domain"):
        view.color_by = "size"
    view.selection = ["flags-03", "emoji-01"]
    assert view.selection == ["emoji-01", "flags-03"]


def test_of_one_domain_the_classes_are_coloured(tmp_path: Path, opened: Callable[..., Watch]) -> None:
    view = opened(finished(tmp_path / "run", 10, ("emoji",)))
    view.wait_for_maps()
    assert view.color_by == "label"
    assert view.color["names"] == [f"emoji {row}" for row in range(6)]
    view.color_by = "domain"
    assert view.color["counts"] == [24, 0]


def ask(view: Watch, monkeypatch: pytest.MonkeyPatch, kind: str, **content: Any) -> dict[str, Any]:
    """Play the page: send a request and wait for its reply."""
    replies: list[dict[str, Any]] = []
    monkeypatch.setattr(view, "send", lambda reply, buffers=None: replies.append(reply))
    view._handle_custom_msg({"type": "request", "id": 7, "kind": kind, **content}, [])
    until(lambda: replies, f"an answer to {kind}")
    return replies[0]


def test_cards_and_originals_of_the_maps_items(
    done: Path, opened: Callable[..., Watch], monkeypatch: pytest.MonkeyPatch
) -> None:
    view = opened(done)
    view.wait_for_maps()
    (card,) = ask(view, monkeypatch, "payload", rows=[30])["result"]
    assert card["id"] == "flags-06"
    assert card["columns"] == {"label": "flags 0", "domain": "flags"}
    assert card["thumbnail"] == 0
    assert ask(view, monkeypatch, "original", row=30)["result"]["id"] == "flags-06"


def test_a_run_that_works_is_followed_paused_and_stopped(
    working: Run, opened: Callable[..., Watch], monkeypatch: pytest.MonkeyPatch
) -> None:
    view = opened(working)
    until(lambda: view.training["step"] > 10 and view.training["loss"]["steps"], "it steps")
    assert view.training["state"] == "running"
    until(lambda: view.training["maps"]["shown"] is not None, "a map comes")
    first = view.training["maps"]["steps"]
    until(lambda: len(view.training["maps"]["steps"]) > len(first), "the next one comes")
    assert view.training["maps"]["shown"] == view.training["maps"]["steps"][-1]
    assert ask(view, monkeypatch, "control_run", want="pause")["ok"]
    until(lambda: view.training["state"] == "paused", "it pauses")
    assert view.training["rate"] is None
    assert ask(view, monkeypatch, "control_run", want="resume")["ok"]
    until(lambda: view.training["state"] == "running", "it goes on")
    assert ask(view, monkeypatch, "control_run", want="stop")["ok"]
    until(lambda: view.training["state"] == "stopped", "it stops")
    stopped = view.training["step"]
    # A second view, as after a restart of the kernel, finds the same run, and goes on with it.
    again = opened(working.folder.path)
    assert again.training["state"] == "stopped"
    assert ask(again, monkeypatch, "control_run", want="resume")["ok"]
    until(lambda: again.training["state"] == "running", "it works again")
    # The first one, which nobody has told, sees it too.
    until(lambda: view.training["state"] == "running" and view.training["step"] > stopped, "both see it")


def test_what_cannot_be_told_is_refused_in_words(
    done: Path, opened: Callable[..., Watch], monkeypatch: pytest.MonkeyPatch
) -> None:
    view = opened(done)
    for want, words in (
        ("pause", "only one that runs"),
        ("resume", "is done"),
        ("jump", "pause, resume or stop"),
    ):
        reply = ask(view, monkeypatch, "control_run", want=want)
        assert not reply["ok"]
        assert words in reply["error"]


def test_what_comes_after_the_view_is_seen(tmp_path: Path, opened: Callable[..., Watch]) -> None:
    run = finished(tmp_path / "run")
    files = RunFolder(run)
    with EventLog(files.events) as log:
        log.append("state", 30, {"state": "stopped"})
    view = opened(run)
    view.wait_for_maps()
    assert view.training["state"] == "stopped"
    with EventLog(files.events) as log:
        snapshots_of(run, 40).write(vectors_at(40))
        log.append("validation", 40, measures(40))
        log.append("note", 40, {"text": "<b>An image</b> was lost."})
        log.append("state", 40, {"state": "done"})
    until(lambda: view.training["state"] == "done", "it sees the end")
    until(lambda: view.training["maps"]["shown"] == 40, "it makes the last map")
    assert view.training["notes"] == [{"step": 40, "text": "<b>An image</b> was lost."}]
    assert view.training["validation"]["steps"][-1] == 40


def test_a_closed_view_looks_no_more(tmp_path: Path, opened: Callable[..., Watch]) -> None:
    run = finished(tmp_path / "run")
    with EventLog(RunFolder(run).events) as log:
        log.append("state", 30, {"state": "stopped"})
    view = opened(run)
    assert view._following.is_alive
    view.close()
    until(lambda: not view._following.is_alive, "the thread ends")


def test_a_run_without_vectors_or_items_is_shown_by_its_curves(
    tmp_path: Path, opened: Callable[..., Watch]
) -> None:
    run = finished(tmp_path / "run")
    for path in (*(run / "snapshots").iterdir(), *(run / "data").iterdir()):
        path.unlink()
    view = opened(run)
    view.wait_for_maps()
    assert view.universe["n"] == 0
    assert view.training["maps"]["shown"] is None
    assert view.to_png()[1:4] == b"PNG"


def test_vectors_of_items_that_are_gone_are_said(tmp_path: Path, opened: Callable[..., Watch]) -> None:
    run = finished(tmp_path / "run")
    for path in (run / "data").iterdir():
        path.unlink()
    view = opened(run)
    view.wait_for_maps()
    assert view.universe["n"] == 0
    assert view.training["maps"]["problem"].startswith("There is no map: ")
    assert str(run / "data") in view.training["maps"]["problem"]


def test_a_folder_without_a_run_is_said(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="There is no run"):
        watch(tmp_path)


def test_a_picture_has_the_curves_and_the_map(
    done: Path, opened: Callable[..., Watch], tmp_path: Path
) -> None:
    view = opened(done, title="<b>A run</b>")
    view.to_png(tmp_path / "run.png", width=1000, height=600, scale=1)
    shown = np.asarray(PILImage.open(tmp_path / "run.png").convert("RGB")).astype(int)
    for color in view.color["colors"]:
        rgb = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)])
        like = np.abs(shown - rgb).max(axis=2) < 30
        # Both as lines at the left and as points at the right.
        assert like[100:, :440].sum() > 100
        assert like[100:, 440:780].sum() > 100
    assert view.to_svg().count("<svg") == 1
    with_words = view.picture()
    assert with_words.words == "Done · step 30 of 30 · best Recall@1 0.700 at step 20 · the map is of step 30"
    assert [chart.title for chart in with_words.charts] == [
        "Loss",
        "Recall@1 on what is held out",
        "KL from the specialist, nats",
    ]
