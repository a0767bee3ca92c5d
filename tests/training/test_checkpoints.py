"""Checkpoints: whole or not there, and the last good one survives whatever happens to the next."""

from __future__ import annotations

import errno
import random
import subprocess
import sys

import numpy as np
import pytest
import torch

from embedscope._errors import StoreError
from embedscope.training import state_files
from embedscope.training.checkpoint_files import checkpoint_steps, keep_last, latest_step
from embedscope.training.checkpoints import load_last, save_checkpoint
from embedscope.training.random_state import random_state, restore_random_state, seed_all


def names(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_newest_is_read(tmp_path) -> None:
    assert load_last(tmp_path / "none") is None
    for step in (5, 1_000_000, 20):
        save_checkpoint(tmp_path, step, {"weight": torch.full((2,), float(step))})
    assert names(tmp_path) == ["step-000005", "step-000020", "step-1000000"]
    last = load_last(tmp_path)
    assert (last.step, last.state["weight"].tolist(), last.damaged) == (1_000_000, [1e6, 1e6], ())


def test_the_last_ones_and_the_best_stay(tmp_path) -> None:
    for step in range(1, 7):
        save_checkpoint(tmp_path, step, {})
    (tmp_path / ".step-000009.1234.partial").mkdir()
    keep_last(tmp_path, 2, also=(3,))
    assert names(tmp_path) == ["step-000003", "step-000005", "step-000006"]


@pytest.mark.parametrize("after", [0, 1])
def test_a_full_disk_leaves_the_last_one_intact(tmp_path, monkeypatch, after: int) -> None:
    save_checkpoint(tmp_path, 1, {"weight": torch.ones(2)})
    real, writes = state_files.write_through, []

    def full(file, data: bytes) -> None:
        writes.append(len(data))
        if len(writes) > after:
            real(file, data[: len(data) // 2])
            raise OSError(errno.ENOSPC, "No space left on device")
        real(file, data)

    monkeypatch.setattr(state_files, "write_through", full)
    with pytest.raises(StoreError, match=r"step 2 could not be .*No space left on device.*step 1 is intact"):
        save_checkpoint(tmp_path, 2, {"weight": torch.zeros(2)})
    assert len(writes) == after + 1
    assert names(tmp_path) == ["step-000001"]
    assert load_last(tmp_path).state["weight"].tolist() == [1, 1]


def test_a_real_limit_on_files_leaves_the_last_one_intact(tmp_path) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows has no limit on the size of a process's files.")
    code = (
        "import resource, sys, torch; from pathlib import Path; "
        "from embedscope.training.checkpoints import save_checkpoint as save; "
        "folder = Path(sys.argv[1]); save(folder, 1, {'weight': torch.ones(50_000)}); "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)); "
        "save(folder, 2, {'weight': torch.zeros(50_000)})"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True)
    assert "StoreError: The checkpoint of step 2 could not be written" in ended.stderr
    assert names(tmp_path) == ["step-000001"]
    assert float(load_last(tmp_path).state["weight"].sum()) == 50_000


def test_a_damaged_one_is_passed_over_and_written_again(tmp_path) -> None:
    for step in (1, 2):
        save_checkpoint(tmp_path, step, {"step": step})
    (tmp_path / "step-000002" / "state.json").write_text("{")
    last = load_last(tmp_path)
    assert (last.step, len(last.damaged)) == (1, 1)
    assert "step-000002" in last.damaged[0]
    save_checkpoint(tmp_path, 2, {"step": 2})
    keep_last(tmp_path, 5)
    assert load_last(tmp_path).state == {"step": 2}
    assert names(tmp_path) == ["step-000001", "step-000002"]
    (tmp_path / "step-000001" / "state.json").unlink()
    (tmp_path / "step-000002" / "state.json").unlink()
    with pytest.raises(StoreError, match="No checkpoint in"):
        load_last(tmp_path)


def test_other_names_are_no_checkpoints(tmp_path) -> None:
    for name in ("step-12", "step-000012.bak", ".step-000013.partial"):
        (tmp_path / name).mkdir()
    (tmp_path / "step-000014").touch()
    assert checkpoint_steps(tmp_path) == []
    assert latest_step(tmp_path) == 0


def test_chance_goes_on_where_it_was(tmp_path) -> None:
    def draw() -> list[float]:
        # The second number of a pair is kept by each generator: it must come back too.
        odd = [random.gauss(0, 1), float(np.random.standard_normal()), float(torch.randn(()))]  # noqa: NPY002
        return [*odd, random.random(), float(np.random.random()), float(torch.rand(()))]  # noqa: NPY002

    seed_all(3)
    draw()
    save_checkpoint(tmp_path, 1, {"random": random_state()})
    first = draw()
    restore_random_state(load_last(tmp_path).state["random"])
    assert draw() == first
    seed_all(3)
    assert draw() != first
