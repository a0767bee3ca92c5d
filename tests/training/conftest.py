"""What the tests of runs share: workers that find the tests' jobs, and none that outlives its test."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from embedscope.training.run import Run
from embedscope.training.run_folder import RunFolder
from embedscope.training.worker_process import signed

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _importable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers import the jobs of the tests, and compute on one thread."""
    known = os.environ.get("PYTHONPATH")
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}{os.pathsep}{known}" if known else str(ROOT))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("TQDM_DISABLE", "1")


@pytest.fixture
def folder(tmp_path: Path):
    """A run's folder, whose worker is ended with the test."""
    path = tmp_path / "run"
    yield path
    worker = signed(RunFolder(path))
    if worker is not None and worker.is_alive:
        process = psutil.Process(worker.pid)
        process.kill()
        process.wait(10)


@pytest.fixture
def until() -> Callable[[Callable[[], object], str], None]:
    """Wait for something that another process does."""

    def wait(holds: Callable[[], object], what: str) -> None:
        end = time.monotonic() + 40
        while not holds():
            assert time.monotonic() < end, what
            time.sleep(0.02)

    return wait


@pytest.fixture
def kill():
    """Kill the worker of a run, as a system that is out of memory does."""

    def kill_worker(run: Run) -> int:
        worker = signed(run.folder)
        process = psutil.Process(worker.pid)
        process.kill()
        process.wait(10)
        return worker.pid

    return kill_worker
