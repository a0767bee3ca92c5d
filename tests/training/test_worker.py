"""Workers under a launcher: several processes train one model, and one of them speaks."""

from __future__ import annotations

import socket

import pytest

from embedscope.training.checkpoint_files import checkpoint_steps
from embedscope.training.fit_options import FitOptions
from embedscope.training.jobs import to_config
from embedscope.training.run import Run
from embedscope.training.run_folder import RunFolder, replace_json
from embedscope.training.state_files import read_state
from embedscope.training.worker import error_words
from embedscope.training.worker_process import is_first_process, signed
from tests.training.toy_training import Train


def launcher_variables(rank: int, port: int) -> dict[str, str]:
    """What torchrun and accelerate tell each of two processes."""
    size = {"WORLD_SIZE": "2", "LOCAL_WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    return {**size, "RANK": str(rank), "LOCAL_RANK": str(rank), "ACCELERATE_USE_CPU": "1"}


def free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return opened.getsockname()[1]


def test_two_processes_train_one_model(folder, nursery, until) -> None:
    files = RunFolder(folder)
    folder.mkdir()
    options = FitOptions(steps=6, log_every=2, validate_every=3, checkpoint_every=4, keep=5, device="cpu")
    replace_json(files.config, to_config(Train(options)))
    run, port = Run(folder), free_port()
    first, _ = (nursery.work(run, **launcher_variables(rank, port)) for rank in (0, 1))
    until(lambda: run.is_over and run.events(), "it ends")
    assert (run.state, run.error) == ("done", None)
    assert signed(files).pid == first
    assert [event.get("processes") for event in run.events("state")] == [None, 2, None]
    # One process told each event, once.
    assert run.losses()["step"].to_pylist() == [2, 4, 6]
    assert run.validations()["step"].to_pylist() == [3, 6]
    assert checkpoint_steps(files.checkpoints)[-1] == 6
    state = read_state(files.checkpoints / "step-000006")
    # Both drew all batches, and each has a state of chance.
    assert state["batches"]["drawn"] == 12
    assert len(state["random"]) == 2


@pytest.mark.parametrize(("rank", "is_first"), [(None, True), ("0", True), ("3", False)])
def test_the_first_process_is_known_by_its_rank(monkeypatch, rank: str | None, is_first: bool) -> None:
    monkeypatch.delenv("RANK", raising=False)
    if rank is not None:
        monkeypatch.setenv("RANK", rank)
    assert is_first_process() is is_first


def test_an_interrupt_and_an_error_without_words_are_named() -> None:
    assert "Ctrl-C" in error_words(KeyboardInterrupt())
    assert error_words(RuntimeError()) == "RuntimeError"
