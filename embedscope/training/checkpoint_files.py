"""Which checkpoints lie in a run's folder; whole ones only, since they appear by a rename."""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection
from pathlib import Path

_NAME = re.compile(r"step-(\d{6,})")
PARTIAL = ".partial"


def checkpoint_path(folder: Path, step: int) -> Path:
    """Give the folder of a step's checkpoint.

    Parameters
    ----------
    folder : Path
        All checkpoints of a run.
    step : int
        Steps that are done.

    Returns
    -------
    Path
        Its folder, whether it is there or not.

    Examples
    --------
    >>> checkpoint_path(Path("checkpoints"), 123).name
    'step-000123'
    """
    return folder / f"step-{step:06d}"


def checkpoint_steps(folder: Path) -> list[int]:
    """List the steps that have a checkpoint, oldest first.

    Parameters
    ----------
    folder : Path
        All checkpoints of a run; it may be missing.

    Returns
    -------
    list of int
        Steps.
    """
    if not folder.is_dir():
        return []
    matches = (_NAME.fullmatch(entry.name) for entry in folder.iterdir() if entry.is_dir())
    return sorted(int(match[1]) for match in matches if match)


def latest_step(folder: Path) -> int:
    """Give the step that a run goes on from.

    Parameters
    ----------
    folder : Path
        All checkpoints of a run; it may be missing.

    Returns
    -------
    int
        The last checkpoint's step; 0 where there is none.
    """
    return max(checkpoint_steps(folder), default=0)


def keep_last(folder: Path, count: int, also: Collection[int] = ()) -> None:
    """Delete the older checkpoints, and what writes that were cut off have left.

    Parameters
    ----------
    folder : Path
        All checkpoints of a run.
    count : int
        How many of the newest stay.
    also : collection of int
        Steps that stay besides.
    """
    for left in folder.glob(f".*{PARTIAL}"):
        shutil.rmtree(left, ignore_errors=True)
    for step in checkpoint_steps(folder)[:-count]:
        if step not in also:
            # Under the old name a half-deleted one would look whole.
            doomed = folder / f".step-{step:06d}{PARTIAL}"
            checkpoint_path(folder, step).rename(doomed)
            shutil.rmtree(doomed, ignore_errors=True)
