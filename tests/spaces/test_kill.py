"""SIGKILL at random moments: nothing is lost but a chunk, and the vectors are the same to the last bit."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from embedscope.spaces.store import VectorStore

SCRIPT = Path(__file__).with_name("encode_process.py")
TEXTS, CHUNK, KILLS = 900, 25, 10
# What one chunk takes: the model on an idle core, and an append to the store.
MODEL_SECONDS, APPEND_SECONDS = 0.05, 0.02


class Nursery:
    """The process that the others are forked from."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(SCRIPT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )

    def ask(self, verb: str, argument: object) -> int | None:
        self._process.stdin.write(json.dumps({verb: argument}) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(timeout=60)


@pytest.fixture(scope="module")
def nursery():
    opened = Nursery()
    yield opened
    opened.close()


@dataclass
class Process:
    """One encode over a store, in a process of its own."""

    nursery: Nursery
    folder: Path
    name: str
    id: int = 0

    @property
    def log(self) -> Path:
        return self.folder / f"{self.name}.log"

    def start(self, store: Path, **options: object) -> Process:
        self.log.touch()
        paths = {"store": store, "log": self.log, "out": self.out, "output": self.folder / f"{self.name}.txt"}
        given = {"texts": TEXTS, "chunk": CHUNK, **{name: str(path) for name, path in paths.items()}}
        self.id = self.nursery.ask("start", {**given, **options})
        return self

    @property
    def out(self) -> Path:
        return self.folder / f"{self.name}.npy"

    @property
    def output(self) -> str:
        return (self.folder / f"{self.name}.txt").read_text()

    def wait(self) -> int:
        return self.nursery.ask("wait", self.id)

    def finish(self, store: Path) -> np.ndarray:
        assert self.start(store).wait() == 0, self.output
        return np.load(self.out)

    def wait_for(self, kind: str, number: int) -> None:
        while len(self.events(kind)) < number:
            assert self.nursery.ask("poll", self.id) is None, self.output
            time.sleep(0.001)

    def events(self, kind: str) -> list[str]:
        """Hashes of the chunks that were started or ended, in order."""
        lines = [line.split() for line in self.log.read_text().splitlines()]
        return [words[1] for words in lines if words[0] == kind and len(words) == 2]


@pytest.fixture(scope="module")
def undisturbed(nursery, tmp_path_factory: pytest.TempPathFactory) -> tuple[np.ndarray, list[str]]:
    """Vectors of a run that nobody disturbed, and its chunks."""
    folder = tmp_path_factory.mktemp("undisturbed")
    run = Process(nursery, folder, "run")
    return run.finish(folder / "store"), run.events("start")


def test_killed_ten_times_it_computes_at_most_a_chunk_a_kill_twice(tmp_path, nursery, undisturbed) -> None:
    vectors, chunks = undisturbed
    assert len(chunks) == len(set(chunks)) > 2 * KILLS
    draw = random.Random(20_03_03_701)
    store = tmp_path / "store"
    started: list[str] = []
    for kill in range(KILLS):
        run = Process(nursery, tmp_path, f"kill{kill}")
        run.start(store)
        # Every other kill while the model runs, the others while the chunk is appended.
        kind, seconds = (("start", MODEL_SECONDS), ("end", APPEND_SECONDS))[kill % 2]
        run.wait_for(kind, draw.randint(1, 3))
        time.sleep(draw.uniform(0, seconds))
        os.kill(run.id, signal.SIGKILL)
        assert run.wait() == -signal.SIGKILL, run.output
        again = set(run.events("start")) & set(started)
        assert len(again) <= 1
        assert again <= set(started[-1:]), "only the chunk that the kill hit may be computed again"
        started += run.events("start")
    last = Process(nursery, tmp_path, "last")
    resumed = last.finish(store)
    started += last.events("start")
    assert set(started) == set(chunks), "a resumed run must cut the same chunks"
    assert len(started) - len(chunks) <= KILLS
    assert resumed.tobytes() == vectors.tobytes()

    once_more = Process(nursery, tmp_path, "once-more")
    assert once_more.finish(store).tobytes() == vectors.tobytes()
    assert once_more.log.read_text() == ""


def test_ctrl_c_keeps_what_is_done_and_says_so(tmp_path, nursery, undisturbed) -> None:
    vectors, chunks = undisturbed
    run = Process(nursery, tmp_path, "interrupted")
    run.start(tmp_path / "store").wait_for("start", 4)
    os.kill(run.id, signal.SIGINT)
    assert run.wait() == 1
    assert "KeyboardInterrupt" in run.output
    assert "the same call goes on from there" in run.output
    last = Process(nursery, tmp_path, "last")
    assert last.finish(tmp_path / "store").tobytes() == vectors.tobytes()
    assert len(set(last.events("start")) & set(run.events("start"))) <= 1
    assert set(last.events("start")) | set(run.events("start")) == set(chunks)


def test_a_full_disk_says_what_is_kept_and_the_rest_is_computed_later(tmp_path, nursery, undisturbed) -> None:
    vectors, chunks = undisturbed
    full = Process(nursery, tmp_path, "full")
    assert full.start(tmp_path / "store", full_at=5).wait() == 3, full.output
    assert "StoreError" in full.output
    assert "File too large" in full.output
    assert f"Kept are {4 * CHUNK} of" in full.output
    last = Process(nursery, tmp_path, "last")
    assert last.finish(tmp_path / "store").tobytes() == vectors.tobytes()
    assert last.events("start") == chunks[4:]


def test_two_processes_at_once_do_not_harm_each_other(tmp_path, nursery, undisturbed) -> None:
    vectors, _ = undisturbed
    runs = [Process(nursery, tmp_path, name) for name in ("one", "other")]
    for run in runs:
        run.start(tmp_path / "store")
    for run in runs:
        assert run.wait() == 0, run.output
        assert np.load(run.out).tobytes() == vectors.tobytes()
    once_more = Process(nursery, tmp_path, "once-more")
    assert once_more.finish(tmp_path / "store").tobytes() == vectors.tobytes()
    assert once_more.log.read_text() == ""
    assert len(VectorStore(tmp_path / "store").contents()) == 1
