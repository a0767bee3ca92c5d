"""SIGKILL in the middle of a training: the curve is that of an uninterrupted one, bit for bit."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from embedscope.training.checkpoint_files import latest_step
from embedscope.training.fit_options import FitOptions
from embedscope.training.jobs import to_config
from embedscope.training.run import Run
from embedscope.training.run_folder import RunFolder, replace_json
from embedscope.training.worker_process import signed
from tests.training.toy_training import Train

OPTIONS = FitOptions(steps=40, log_every=1, validate_every=4, checkpoint_every=7)


def begin(path: Path, job: Train) -> Run:
    folder = RunFolder(path)
    path.mkdir()
    replace_json(folder.config, to_config(job))
    return Run(path)


def told(run: Run, kind: str) -> list[dict[str, object]]:
    """What was told, in the order of the file, without times."""
    return [{**event, "t": None} for event in run.events(kind)]


def test_the_curve_is_the_uninterrupted_one(folder, tmp_path, nursery, until) -> None:
    run = begin(folder, Train(OPTIONS, waits=(11, 25), terminates=33))
    whole = begin(tmp_path / "whole", Train(OPTIONS))
    for step in (11, 25):
        pid = nursery.work(run)
        until((folder / f"was-in-{step}").exists, f"it comes to step {step}")
        assert (run.state, signed(run.folder).pid) == ("running", pid)
        os.kill(pid, signal.SIGKILL)
        until(lambda: run.state == "dead", "the worker is gone")
        # Between two checkpoints: steps are lost, and done again.
        assert 0 < latest_step(run.folder.checkpoints) < run.step == step - 1
    nursery.work(run)
    until(lambda: run.state == "stopped", "it ends at SIGTERM")
    assert latest_step(run.folder.checkpoints) == run.step == 33
    for ended in (run, whole):
        nursery.work(ended)
        until(lambda ended=ended: ended.state == "done", "it ends")

    assert run.losses()["step"].to_pylist() == list(range(1, OPTIONS.steps + 1))
    for kind, mine in (("losses", run.losses()), ("validations", run.validations())):
        theirs = getattr(whole, kind)()
        assert mine.drop_columns("time").equals(theirs.drop_columns("time"))
    assert run.losses()["loss"].to_numpy().tobytes() == whole.losses()["loss"].to_numpy().tobytes()
    # What was done again came out the same as what was lost.
    again = {event["step"]: event for event in told(run, "loss")}
    assert all(event == again[event["step"]] for event in told(run, "loss"))
    assert len(told(run, "loss")) > OPTIONS.steps
