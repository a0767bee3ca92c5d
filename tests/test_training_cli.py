"""Runs and scores from the command line: begun, followed, steered and evaluated."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pyarrow.parquet as pq
import pytest

import embedscope as es
from embedscope import cli
from embedscope.training import run as run_module
from embedscope.training import start as start_module
from embedscope.training.control import write_want
from embedscope.training.start import start
from embedscope.training.worker import main as work
from embedscope.training.worker_process import signed
from tests.training.toy_jobs import Count, Fail

from .labelled_images import DOMAINS, N_CLASSES, PER_CLASS, draw, quick_words

ROOT = Path(__file__).resolve().parents[1]
LONG = Count(steps=100_000, seconds=0.01)


@pytest.fixture
def here(monkeypatch):
    """Workers do their work in this process, before the call comes back."""

    def launch(files) -> None:
        write_want(files.control, "run")
        work([str(files.path)])

    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(start_module, "launch", launch)
    monkeypatch.setattr(run_module, "launch", launch)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(draw(tmp_path))
    return tmp_path


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A run's folder, whose worker finds the tests' jobs and ends with the test."""
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    path = tmp_path / "a run"
    yield path
    worker = signed(es.Run(path).folder)
    if worker is not None and worker.is_alive and worker.pid != os.getpid():
        with contextlib.suppress(psutil.NoSuchProcess):
            psutil.Process(worker.pid).kill()


def until(holds, what: str) -> None:
    end = time.monotonic() + 180
    while not holds():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def test_from_two_folders_to_a_table_of_scores(place, here, capsys) -> None:
    words = ["train-specialist", "dots=dots", "--backbone", "net", "--label", "folder"]
    assert cli.main([*words, "--folder", "runs/dots", "--validation", "0.34", *quick_words()]) == 0
    told = capsys.readouterr()
    assert (
        "specialist in runs/dots is done after 2 steps; its best Recall@1 on what was held out is "
        in told.out
    )
    assert told.out.endswith("The model: runs/dots/model\n")
    assert "Ctrl-C leaves it at work" in told.err
    assert "100%" in told.err

    words = [
        "distill",
        "--specialist",
        "dots=runs/dots",
        "--specialist",
        "stripes=trained:net",
        "--student",
        "net",
    ]
    words += [
        "--items",
        "dots=dots",
        "--items",
        "stripes=stripes",
        "--label",
        "folder",
        "--folder",
        "runs/both",
    ]
    words += ["--bandwidth", "mean:0.25", "--validation", "none", *quick_words()]
    assert cli.main([*words, "--detach"]) == 0
    assert capsys.readouterr().out == "runs/both\n"
    # The same words find the run, which is done.
    assert cli.main(words) == 0
    assert (
        capsys.readouterr().out == "distill in runs/both is done after 2 steps.\nThe model: runs/both/model\n"
    )
    assert cli.main(["runs"]) == 0
    listed = capsys.readouterr().out
    assert all(name in listed for name in ("runs/dots", "runs/both", "proxy_anchor", "done"))

    words = ["evaluate", "runs/both", *(f"{name}={name}" for name in DOMAINS), "--label", "folder"]
    assert cli.main([*words, "--ks", "1", "3", "--failures", "failed.parquet"]) == 0
    told = capsys.readouterr()
    lines = told.out.splitlines()
    assert lines[0].startswith(f"Retrieval: {2 * N_CLASSES * PER_CLASS} queries")
    assert {tuple(line.split()[:2]) for line in lines if line.startswith(DOMAINS)} == {
        (name, index) for name in DOMAINS for index in ("own", "merged")
    }
    assert "failed.parquet" in told.err
    assert cli.main([*words, "--against", "own", "--json"]) == 0
    records = json.loads(capsys.readouterr().out)
    own = {record["domain"]: record["value"] for record in records if record["measure"] == "recall@1"}
    failed = pq.read_table("failed.parquet").to_pylist()
    for name in DOMAINS:
        lost = [row for row in failed if (row["searched"], row["query_domain"]) == ("own", name)]
        assert own[name] == pytest.approx(1 - len(lost) / (N_CLASSES * PER_CLASS))


def test_ctrl_c_leaves_the_run_at_work_and_says_how_to_go_on(folder, capfd) -> None:
    run = start(LONG, folder)
    until(lambda: run.losses().num_rows, "the run moves")
    command = [sys.executable, "-c", "import sys; from embedscope.cli import main; sys.exit(main())"]
    with subprocess.Popen([*command, "watch", str(folder)], stderr=subprocess.PIPE, text=True) as watching:
        assert "Ctrl-C leaves it at work" in watching.stderr.readline()
        # The bar begins on the same line as it goes on: it listens now.
        watching.stderr.read(1)
        watching.send_signal(signal.SIGINT)
        told = watching.stderr.read()
    assert watching.returncode == 130
    assert f"`embedscope watch '{folder}'` follows it again, `embedscope stop '{folder}'` ends it" in told
    assert run.state == "running"

    assert cli.main(["pause", str(folder)]) == 0
    until(lambda: run.state == "paused", "the run pauses")
    assert cli.main(["resume", str(folder), "--detach"]) == 0
    until(lambda: run.state == "running", "the run goes on")
    assert cli.main(["stop", str(folder)]) == 0
    assert run.state == "stopped"
    assert (
        f"is stopped at step {run.step:,}. `embedscope resume '{folder}'` goes on." in capfd.readouterr().err
    )
    assert cli.main(["watch", str(folder)]) == 1
    assert cli.main(["pause", str(folder)]) == 2


def test_a_run_that_fails_fails_the_command(folder, here, capsys) -> None:
    start(Fail("input"), folder)
    assert cli.main(["watch", str(folder)]) == 1
    told = capsys.readouterr().err
    assert "is failed at step 0" in told
    assert "The domain 'emoji' has no items." in told


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["train-specialist"], "required: ITEMS"),
        (["train-specialist", "flagz"], "Did you mean 'flags'"),
        (["train-specialist", "dots", "--loss", "arcfac", "--label", "folder"], "arcface"),
        (["distill", "--items", "a=dots"], "required: --specialist"),
        (["distill", "--specialist", "a=resnt", "--items", "a=dots", "--label", "folder"], "'resnt'"),
        (["distill", "--specialist", "a=net", "--items", "a=dots", "--loss", "klm"], "reverse_kl"),
        (["evaluate", "net"], "What shall 'net' encode?"),
        (["evaluate", "net", "dots", "--failures", "x.txt"], "'x.txt' came"),
        (["evaluate", "net", "dots", "--failures", "none/x.csv"], "there is no folder 'none'"),
        (["evaluate", "net", "dots"], "no column 'label'"),
        (["watch", "net"], "There is no run in 'net'"),
        (["stop", "nowhere"], "There is no run in 'nowhere'"),
        (["runs", "nowhere"], "There is no folder"),
    ],
)
def test_a_wrong_word_gets_one_line_and_status_2(place, words, wanted, capsys) -> None:
    assert cli.main(words) == 2
    error = capsys.readouterr().err
    assert wanted in error
    assert error.count("\n") == 1


@pytest.mark.network
def test_tasks_from_the_command_line_with_their_failures(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    words = [
        "evaluate",
        "wordllama",
        "--tasks",
        "simlex",
        "docstrings",
        "--size",
        "40",
        "--failures",
        "f.parquet",
    ]
    assert cli.main(words) == 0
    told = capsys.readouterr()
    assert "simlex" in told.out
    assert "docstrings" in told.out
    failed = pq.read_table("f.parquet")
    assert set(failed["in_task"].to_pylist()) <= {"simlex", "docstrings"}
    assert cli.main([*words, "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {row["task"] for row in rows} == {"simlex", "docstrings"}
    assert cli.main([*words, "--own-splits"]) == 2
    assert "Tasks bring their own items: leave --own-splits out" in capsys.readouterr().err
