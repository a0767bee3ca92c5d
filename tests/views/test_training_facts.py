"""What the page is told of a run, and that it stays small whatever the run says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from embedscope.training.control import write_want
from embedscope.training.events import EventLog
from embedscope.training.jobs import to_config
from embedscope.training.run import Run
from embedscope.training.run_folder import RunFolder, replace_json
from embedscope.views.palette import PALETTE
from embedscope.views.training_facts import training_facts
from tests.views.watched import SIZES, Watched, finished


def told(folder: Path, *events: tuple[str, int, dict[str, Any]]) -> dict[str, Any]:
    """Facts of a run that said just this."""
    files = RunFolder(folder)
    folder.mkdir(parents=True, exist_ok=True)
    replace_json(files.config, to_config(Watched(backbone="tiny")))
    with EventLog(files.events) as log:
        for kind, step, values in events:
            log.append(kind, step, values)
    return training_facts(Run(folder))


STARTED = ("state", 0, {"state": "running", "worker": {"pid": 1, "created": 0.0, "host": "x", "log_from": 0}})


def test_a_finished_run(tmp_path: Path) -> None:
    facts = training_facts(Run(finished(tmp_path / "run")))
    assert (facts["state"], facts["step"], facts["total"]) == ("done", 30, 30)
    assert facts["rate"] is facts["remaining_s"] is facts["progress"] is None
    assert [domain["name"] for domain in facts["domains"]] == ["emoji", "flags"]
    assert [domain["color"] for domain in facts["domains"]] == list(PALETTE[:2])
    assert facts["domains"][0]["validation"] == {"images": 24, "classes": 6}
    assert facts["best"] == {"step": 20, "recall": pytest.approx(0.7)}
    assert facts["validation"]["steps"] == [0, 10, 20, 30]
    assert facts["validation"]["kl_domains"] == [[2.0, 1.0, 0.66667, 0.5], [3.0, 2.0, 1.6667, 1.5]]
    assert facts["loss"]["steps"] == list(range(31))
    assert facts["net"]["dims"] == 8
    assert facts["want"] == facts["error"] == ""
    assert json.loads(json.dumps(facts, allow_nan=False)) == facts


def test_the_work_before_the_first_step(tmp_path: Path) -> None:
    def progress(done: int, description: str = "Features of flags") -> tuple[str, int, dict[str, Any]]:
        values = {"description": description, "done": done, "total": 500, "unit": "image", "note": ""}
        return "progress", 0, values

    facts = told(tmp_path / "a", STARTED, progress(90, "Features of emoji"), progress(0), progress(100))
    # The process that the events name is gone: nothing is under way.
    assert (facts["state"], facts["progress"]) == ("dead", None)
    from embedscope.views.training_facts import _progress

    events = Run(tmp_path / "a").events()
    for event, seconds in zip(events, (0, 10, 20, 30), strict=True):
        event["t"] = float(seconds)
    assert _progress(events) == {
        "stage": "Features of flags",
        "done": 100,
        "total": 500,
        "unit": "image",
        "note": "",
        "rate": 10.0,
        "remaining_s": 40.0,
    }
    assert _progress([*events, {"kind": "data", "t": 40.0, "step": 0}]) is None
    assert _progress(events[:1]) is None
    # After a new start the same work is told again; what came before it is another process's.
    assert _progress([*events, {"kind": "loss", "t": 40.0, "step": 1}, {**events[0], "step": 1}]) is None


def test_steps_that_a_resume_did_again_come_once(tmp_path: Path) -> None:
    facts = told(
        tmp_path / "a",
        STARTED,
        ("loss", 1, {"loss": 1.0}),
        ("loss", 2, {"loss": 9.0}),
        ("validation", 2, {"recall_at_1": 0.9, "is_best": True}),
        ("state", 1, {"state": "running"}),
        ("loss", 2, {"loss": 0.5}),
        ("validation", 2, {"recall_at_1": 0.4, "is_best": True}),
    )
    assert facts["loss"] == {"steps": [1, 2], "total": [1.0, 0.5], "domains": []}
    assert facts["best"] == {"step": 2, "recall": 0.4}


def test_what_is_wanted_is_told_while_a_process_works_only(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    told(folder, STARTED)
    write_want(RunFolder(folder).control, "stop")
    assert training_facts(Run(folder))["want"] == ""


def test_a_failure_comes_in_words(tmp_path: Path) -> None:
    facts = told(tmp_path / "a", ("state", 3, {"state": "failed", "error": "The disk is full."}))
    assert facts["state"] == "failed"
    assert facts["error"].startswith("The disk is full.\nrun.resume() begins it again.")


def test_however_long_and_loud_a_run_is_little_travels(tmp_path: Path) -> None:
    names = [f"{'long ' * 100}{rank}" for rank in range(300)]
    domains = {"domains": names, "train": [{"images": 1, "classes": 1}] * 300, "validation": None}
    losses = {f"loss/{name}": 1 / 3 for name in names[:40]}
    loud = "\u202e<script>" + "x" * 1_000_000
    facts = told(
        tmp_path / "a",
        ("data", 0, {**SIZES, **domains}),
        *(("loss", step, {"loss": 1 / 7, **losses}) for step in range(1500)),
        *(("note", step, {"text": loud}) for step in range(60)),
        ("state", 3, {"state": "failed", "error": loud}),
    )
    assert len(json.dumps(facts)) < 400_000
    assert len(facts["domains"]) == 24
    assert len(facts["notes"]) == 50
    assert max(len(note["text"]) for note in facts["notes"]) == 1000
    assert facts["domains"][0]["validation"] is None
    assert facts["loss"]["domains"][23][0] == pytest.approx(1 / 3, rel=1e-4)


def test_a_run_of_another_kind_is_told_too(tmp_path: Path) -> None:
    facts = told(tmp_path / "a", ("loss", 1, {"loss": 1.0, "loss/x": 2.0}), ("state", 1, {"state": "done"}))
    assert [domain["name"] for domain in facts["domains"]] == ["x"]
    assert facts["domains"][0]["train"] is None
    assert facts["loss"]["domains"] == [[2.0]]
    assert facts["has_model"] is False
    assert facts["checkpoint"] == 0
