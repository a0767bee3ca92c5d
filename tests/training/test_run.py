"""Runs from outside: real processes that are started, steered, lost and found."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass

import PIL.Image
import psutil
import pytest

from embedscope._errors import InputError, MissingError
from embedscope.encoders.embedding_net import EmbeddingNet, NetConfig
from embedscope.encoders.net_files import save_net
from embedscope.items.payloads import Image
from embedscope.training.run import Run
from embedscope.training.run_folder import RunFolder, read_json, replace_json
from embedscope.training.start import start
from embedscope.training.worker_process import WorkerProcess, signed
from tests.training.toy_jobs import Count, Fail

LONG = Count(steps=100_000, seconds=0.01)


def test_a_run_from_start_to_end(folder) -> None:
    run = start(Count(steps=4, seconds=0.05), folder)
    assert run.state == "running"
    assert run.wait(180) == "done"
    assert run.losses()["step"].to_pylist() == [1, 2, 3, 4]
    assert run.losses()["loss"].to_numpy().tolist() == [1, 1 / 2, 1 / 3, 1 / 4]
    assert [event["state"] for event in run.events("state")] == ["running", "running", "done"]
    assert run.events("progress")[-1]["done"] == 4
    assert run.error is None
    assert run.rate is run.remaining_s is None
    assert repr(run) == f"Run({str(folder)!r}: done, step 4 of 4)"
    assert run.problems == []
    # A second look at a finished run is the run itself; so is the same start again.
    assert Run(folder).state == start(Count(steps=4, seconds=0.05), folder).state == "done"
    assert len(Run(folder).events("state")) == 3
    with pytest.raises(InputError, match="is done"):
        run.resume()
    with pytest.raises(InputError, match="is done; only one that runs"):
        run.pause()
    run.stop()


def test_a_pause_a_stop_and_a_resume(folder, until) -> None:
    run = start(LONG, folder)
    until(lambda: run.losses().num_rows > 100, "the run moves")
    assert run.rate > 0
    assert 0 < run.remaining_s < 1e5
    assert "steps/s" in repr(run)
    assert start(LONG, folder).state == "running"
    run.pause()
    until(lambda: run.state == "paused", "the run pauses")
    assert run.remaining_s is None
    worker = psutil.Process(signed(run.folder).pid)
    before, cpu = run.losses().num_rows, sum(worker.cpu_times()[:2])
    assert run.wait(1.0) == "paused"
    assert run.losses().num_rows == before
    assert sum(worker.cpu_times()[:2]) - cpu < 0.1
    run.resume()
    until(lambda: run.losses().num_rows > before, "the run goes on")
    assert run.state == "running"
    assert signed(run.folder).pid == worker.pid
    run.stop()
    assert run.wait(180) == "stopped"
    # A new process goes on, and its state is its own: not the end of the one before.
    assert run.resume().state == "running"
    until(lambda: len(run.events("state")) >= 6, "the second worker begins")
    assert signed(run.folder).pid != worker.pid
    os.kill(signed(run.folder).pid, signal.SIGTERM)
    assert run.wait(180) == "stopped"


def test_a_stop_ends_a_pause(folder, until) -> None:
    run = start(LONG, folder)
    run.pause()
    until(lambda: run.state == "paused", "the run pauses")
    run.stop()
    assert run.wait(180) == "stopped"
    assert run.resume() is run
    run.stop()
    assert run.resume().state == "running"
    until(lambda: run.losses().num_rows, "it goes on although it was told to stop")


def test_another_kernel_finds_it_and_a_killed_worker_is_dead(folder, until, kill) -> None:
    run = start(LONG, folder)
    until(lambda: run.losses().num_rows, "the run moves")
    code = f"from embedscope.training.run import Run; r = Run({str(folder)!r}); print(r.state); r.pause()"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert other.stdout.split() == ["running"]
    until(lambda: run.state == "paused", "the other kernel paused it")
    pid = kill(run)
    assert run.state == "dead"
    assert f"({pid} on" in run.error
    assert "run.resume() begins it again" in run.error
    with pytest.raises(InputError, match="is dead"):
        run.pause()
    assert run.resume().state == "running"


def test_a_worker_outlives_the_kernel_that_started_it(folder, until) -> None:
    code = (
        "from embedscope.training.start import start; from tests.training.toy_jobs import Count; "
        f"start(Count(100_000, 0.01), {str(folder)!r})"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    run = Run(folder)
    count = run.losses().num_rows
    until(lambda: run.losses().num_rows > count + 3, "the run moves")
    assert run.state == "running"


def test_a_pid_that_another_process_has_got_is_not_the_worker(tmp_path) -> None:
    folder = RunFolder(tmp_path)
    replace_json(folder.config, {"job": "test:count", "module": "tests.training.toy_jobs", "options": {}})
    me = WorkerProcess.of(os.getpid())
    replace_json(folder.worker, me.record)
    assert Run(tmp_path).state == "running"
    replace_json(folder.worker, {**me.record, "created": me.created - 3600})
    assert Run(tmp_path).state == "dead"
    replace_json(folder.worker, {**me.record, "host": "elsewhere", "created": me.created - 3600})
    assert Run(tmp_path).state == "running"


def test_a_zombie_is_gone() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    worker = WorkerProcess.of(process.pid)
    while psutil.Process(process.pid).status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)
    assert not worker.is_alive
    process.wait()


@pytest.mark.parametrize(
    ("how", "state", "words"),
    [
        ("input", "failed", "The domain 'emoji' has no items.\n"),
        ("bug", "failed", "KeyError: 'domain'\n"),
        ("exit", "dead", "is gone without an end"),
    ],
)
def test_a_failure_is_put_into_words(folder, how: str, state: str, words: str) -> None:
    run = start(Fail(how), folder)
    assert run.wait(180) == state
    assert words in run.error
    assert "last words ‮ <b>" in run.error
    assert ("Traceback" in run.error) == (state == "failed")
    shown = run._repr_html_()
    assert words.split("\n")[0].split("'")[0] in shown
    assert "<b>" not in shown


def test_a_resumed_run_shows_only_its_own_log(folder) -> None:
    run = start(Fail("bug"), folder)
    assert run.wait(180) == "failed"
    assert start(Fail("bug"), folder).wait(180) == "failed"
    assert run.error.count("Traceback") == 1
    assert run.folder.log.read_text().count("Traceback") == 2


def test_a_folder_with_something_else_is_refused(folder, tmp_path) -> None:
    assert start(Count(steps=1), folder).wait(180) == "done"
    with pytest.raises(InputError, match=r"steps was 1 and is 2 now"):
        start(Count(steps=2), folder)
    with pytest.raises(InputError, match=r"the job 'test:count', not 'test:fail'"):
        start(Fail("bug"), folder)
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.png").touch()
    with pytest.raises(InputError, match="holds no run"):
        start(Count(), tmp_path / "photos")
    assert [path.name for path in (tmp_path / "photos").iterdir()] == ["cat.png"]
    with pytest.raises(MissingError, match="no run in"):
        Run(tmp_path / "photos")


def test_jobs_that_no_worker_could_make_are_refused(folder) -> None:
    @dataclass(frozen=True)
    class Unknown:
        def run(self, desk):
            return "done"

    with pytest.raises(InputError, match="no registered job"):
        start(Unknown(), folder)
    assert not folder.exists()


def test_one_worker_a_folder(folder, until) -> None:
    run = start(LONG, folder)
    until(lambda: run.losses().num_rows, "the run moves")
    command = [sys.executable, "-m", "embedscope.training.worker", str(folder)]
    second = subprocess.run(command, capture_output=True, text=True)
    assert second.returncode == 75
    assert "Another worker has" in second.stderr
    assert run.state == "running"
    assert read_json(run.folder.worker)["pid"] == signed(run.folder).pid != second


def test_a_worker_without_a_run_says_so(tmp_path) -> None:
    command = [sys.executable, "-m", "embedscope.training.worker"]
    for arguments, words in ([str(tmp_path)], "There is no run"), ([], "usage:"):
        ended = subprocess.run([*command, *arguments], capture_output=True, text=True)
        assert (ended.returncode, words in ended.stderr) == (2, True)


def test_the_model_that_a_job_left_is_an_encoder(folder) -> None:
    run = start(Count(steps=1), folder)
    assert run.wait(180) == "done"
    with pytest.raises(MissingError, match="has left no model; it is done"):
        _ = run.model
    save_net(EmbeddingNet(NetConfig("test_efficientnet", image_size=32, dims=12)).eval(), run.folder.model)
    picture = io.BytesIO()
    PIL.Image.new("RGB", (32, 32), (200, 30, 30)).save(picture, "PNG")
    vectors = run.model.encode([Image(data=picture.getvalue())])
    assert vectors.shape == (1, 12)
    assert float((vectors**2).sum()) == pytest.approx(1, abs=1e-4)


def test_damaged_lines_are_reported_and_a_new_run_in_the_folder_is_read_anew(folder) -> None:
    run = start(Count(steps=2), folder)
    assert run.wait(180) == "done"
    events = run.folder.events
    events.write_bytes(events.read_bytes() + b"{]\n" + b'{"t": 1')
    assert run.state == "done"
    assert len(run.problems) == 2
    assert "damaged" in run._repr_html_()
    events.write_bytes(b"")
    assert run.events() == []
