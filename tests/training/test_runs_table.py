"""The table of runs: each is found, told by its own events, and a damaged one hides none."""

from __future__ import annotations

import json

import pytest

from embedscope._errors import MissingError
from embedscope.training.events import EventLog
from embedscope.training.run_folder import RunFolder
from embedscope.training.runs_table import runs
from embedscope.training.start import start
from tests.training.toy_jobs import Count


def write_run(path, events, job="distill", **options):
    path.mkdir(parents=True)
    folder = RunFolder(path)
    config = {"job": job, "module": "embedscope.training.distill_job", "options": options}
    folder.config.write_text(json.dumps(config))
    with EventLog(folder.events) as log:
        for kind, step, values in events:
            log.append(kind, step, values)
    return folder


def validation(step, recall):
    return ("validation", step, {"recall_at_1": recall, "is_best": True})


def test_each_run_is_told_by_its_events(tmp_path):
    begun = ("state", 0, {"state": "running", "total": 40})
    # What a resume did again does not count: the 0.9 was lost with its process.
    lost = [validation(10, 0.5), validation(20, 0.9), ("state", 10, {"state": "running", "total": 40})]
    again = [validation(20, 0.75), validation(40, 0.625), ("state", 40, {"state": "done"})]
    write_run(tmp_path / "runs" / "deep" / "er", [begun, *lost, *again], loss="kl")
    write_run(tmp_path / "runs" / "new", [], loss="rkd")
    table = runs(tmp_path / "runs")
    row = dict(zip(table.columns, table.rows[0], strict=True))
    assert row.pop("begun").startswith("20")
    assert row == {
        "folder": str(tmp_path / "runs" / "deep" / "er"),
        "job": "distill",
        "loss": "kl",
        "state": "done",
        "step": 40,
        "of": 40,
        "recall@1": 0.75,
        "best step": 20,
    }
    assert table.rows[1][1:] == ("distill", "rkd", "dead", 0, None, None, None, None)


def test_the_newest_comes_first_and_a_nets_folder_is_no_run(tmp_path):
    older = write_run(tmp_path / "a", [("state", 0, {"state": "done"})])
    write_run(tmp_path / "b", [("state", 0, {"state": "done"})])
    older.model.mkdir()
    (older.model / "config.json").write_text('{"format": "embedscope.EmbeddingNet", "net": {}}')
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "config.json").write_text('{"format": "embedscope.EmbeddingNet", "net": {}}')
    assert [row[0] for row in runs(tmp_path).rows] == [str(tmp_path / "b"), str(tmp_path / "a")]
    # A run's own folder lists itself.
    assert len(runs(tmp_path / "a")) == 1


def test_a_damaged_run_hides_no_other(tmp_path):
    write_run(tmp_path / "whole", [("state", 0, {"state": "stopped"})])
    torn = write_run(tmp_path / "torn", [("state", 0, {"state": "done"})])
    torn.config.write_text('{"job": "dist')
    assert {row[0]: row[3] for row in runs(tmp_path).rows} == {
        str(tmp_path / "whole"): "stopped",
        str(tmp_path / "torn"): "damaged",
    }


def test_where_there_is_none(tmp_path):
    assert repr(runs(tmp_path)).startswith(f"No run in {tmp_path}")
    with pytest.raises(MissingError, match=r"no folder .*gone"):
        runs(tmp_path / "gone")


def test_a_real_run(folder):
    start(Count(steps=2), folder).wait(180)
    (row,) = runs(folder.parent).rows
    assert row[:6] == (str(folder), "test:count", None, "done", 2, 2)
