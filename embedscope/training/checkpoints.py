"""Checkpoints that appear whole or not at all, and of which the last good one is found."""

from __future__ import annotations

import os
import shutil
import sys
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from embedscope._errors import StoreError
from embedscope.training.checkpoint_files import (
    PARTIAL,
    checkpoint_path,
    checkpoint_steps,
    latest_step,
)
from embedscope.training.state_files import read_state, write_state


def save_checkpoint(folder: Path, step: int, state: Mapping[str, Any]) -> Path:
    """Write a checkpoint beside the others and give it its name when the disk has all of it.

    Parameters
    ----------
    folder : Path
        All checkpoints of a run; made if it is not there.
    step : int
        Steps that are done.
    state : mapping
        What `write_state` takes.

    Returns
    -------
    Path
        The checkpoint's folder.

    Raises
    ------
    StoreError
        If it cannot be written, as on a full disk; those before it stay as they are.
    """
    final = checkpoint_path(folder, step)
    fresh = folder / f".{final.name}.{uuid.uuid4().hex}{PARTIAL}"
    try:
        fresh.mkdir(parents=True)
        write_state(fresh, state)
        _sync_folder(fresh)
        if final.exists():
            # One of this step that could not be read: the run did it again from an older one.
            final.rename(fresh.with_name(f".{final.name}.{uuid.uuid4().hex}{PARTIAL}"))
        fresh.rename(final)
        _sync_folder(folder)
    except OSError as error:
        raise StoreError(_words(folder, step, error)) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return final


def _words(folder: Path, step: int, error: OSError) -> str:
    last = latest_step(folder)
    intact = f"That of step {last:,} is intact" if last else "There is none before it"
    return (
        f"The checkpoint of step {step:,} could not be written to {folder}: {error.strerror or error}. "
        f"{intact}; make room and resume."
    )


def _sync_folder(folder: Path) -> None:
    """Have the folder's entries on the disk too, where a system lets one."""
    if sys.platform == "win32":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A checkpoint that was read.

    Parameters
    ----------
    step : int
        Steps that were done.
    state : dict
        What was kept.
    damaged : tuple of str
        Why newer ones were passed over, a sentence each.
    """

    step: int
    state: dict[str, Any]
    damaged: tuple[str, ...] = ()


def load_last(folder: Path) -> Checkpoint | None:
    """Read the newest checkpoint that can be read.

    Parameters
    ----------
    folder : Path
        All checkpoints of a run.

    Returns
    -------
    Checkpoint or None
        None where there is no checkpoint at all.

    Raises
    ------
    StoreError
        If there are some and none can be read.
    """
    damaged: list[str] = []
    for step in reversed(checkpoint_steps(folder)):
        try:
            state = read_state(checkpoint_path(folder, step))
        except StoreError as error:
            damaged.append(str(error))
        else:
            return Checkpoint(step, state, tuple(damaged))
    if damaged:
        raise StoreError(f"No checkpoint in {folder} can be read. {' '.join(damaged)}")
    return None
