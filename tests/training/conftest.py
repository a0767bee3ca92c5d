"""What the tests of runs share: workers that find the tests' jobs, and none that outlives its test."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from embedscope.training import run, start
from embedscope.training.control import write_want
from embedscope.training.run import Run
from embedscope.training.run_folder import RunFolder
from embedscope.training.worker import main
from embedscope.training.worker_process import signed

ROOT = Path(__file__).resolve().parents[2]


def worker_environment() -> dict[str, str]:
    """Workers import the jobs of the tests, and compute on one thread."""
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {"PYTHONPATH": os.pathsep.join(paths), "OMP_NUM_THREADS": "1", "TQDM_DISABLE": "1"}


@pytest.fixture(autouse=True)
def _importable(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in worker_environment().items():
        monkeypatch.setenv(name, value)


class Nursery:
    """The process that workers with torch are forked from: to load it takes each one seconds."""

    def __init__(self) -> None:
        script = Path(__file__).with_name("train_process.py")
        self._process = subprocess.Popen(
            [sys.executable, str(script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **worker_environment()},
        )

    def work(self, begun: Run, **environment: str) -> int:
        """Fork a worker, and give its pid."""
        order = {"folder": str(begun.folder.path), "environment": environment}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        """End it when its workers have ended."""
        self._process.stdin.close()
        self._process.wait(timeout=180)


@pytest.fixture(scope="session")
def nursery():
    if sys.platform == "win32":
        pytest.skip("Windows has no fork.")
    opened = Nursery()
    yield opened
    opened.close()


@pytest.fixture
def forked(nursery, monkeypatch, until):
    """Runs begin and go on in forked workers."""

    def launch(files: RunFolder) -> None:
        write_want(files.control, "run")
        pid = nursery.work(Run(files.path))
        until(lambda: (worker := signed(files)) is not None and worker.pid == pid, "the worker signs")

    monkeypatch.setattr(start, "launch", launch)
    monkeypatch.setattr(run, "launch", launch)


@pytest.fixture
def here(monkeypatch):
    """Runs begin and end in this process before the call comes back."""

    def launch(files: RunFolder) -> None:
        write_want(files.control, "run")
        main([str(files.path)])

    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(start, "launch", launch)
    monkeypatch.setattr(run, "launch", launch)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def folder(tmp_path: Path):
    """A run's folder, whose worker is ended with the test."""
    path = tmp_path / "run"
    yield path
    worker = signed(RunFolder(path))
    if worker is not None and worker.is_alive:
        # It may be ending by itself just now.
        with contextlib.suppress(psutil.NoSuchProcess):
            process = psutil.Process(worker.pid)
            process.kill()
            process.wait(60)


@pytest.fixture
def until() -> Callable[[Callable[[], object], str], None]:
    """Wait for something that another process does."""

    def wait(holds: Callable[[], object], what: str) -> None:
        end = time.monotonic() + 180
        while not holds():
            assert time.monotonic() < end, what
            time.sleep(0.02)

    return wait


@pytest.fixture
def kill():
    """Kill the worker of a run, as a system that is out of memory does."""

    def kill_worker(killed: Run) -> int:
        worker = signed(killed.folder)
        process = psutil.Process(worker.pid)
        process.kill()
        process.wait(60)
        return worker.pid

    return kill_worker
