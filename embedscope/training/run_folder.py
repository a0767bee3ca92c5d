"""The files of a training run, which its worker and any number of readers share."""

from __future__ import annotations

import json
import os
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from embedscope._errors import MissingError, StoreError


@dataclass(frozen=True)
class RunFolder:
    """Where each file of a run lies.

    Parameters
    ----------
    path : Path
        The run's folder.

    Examples
    --------
    >>> RunFolder(Path("runs/emoji")).events.name
    'events.jsonl'
    """

    path: Path

    @property
    def config(self) -> Path:
        """The job and its options, written once."""
        return self.path / "config.json"

    @property
    def events(self) -> Path:
        """What happened, one JSON object a line, only ever appended to."""
        return self.path / "events.jsonl"

    @property
    def control(self) -> Path:
        """What is wanted of the worker."""
        return self.path / "control.json"

    @property
    def worker(self) -> Path:
        """Which process works, or worked last."""
        return self.path / "worker.json"

    @property
    def log(self) -> Path:
        """What the worker printed."""
        return self.path / "log.txt"

    @property
    def lock(self) -> Path:
        """Held by the one worker as long as it lives."""
        return self.path / "worker.lock"

    @property
    def start_lock(self) -> Path:
        """Held for a moment by whoever starts a worker."""
        return self.path / "start.lock"

    @property
    def checkpoints(self) -> Path:
        """One folder a checkpoint."""
        return self.path / "checkpoints"

    @property
    def model(self) -> Path:
        """The trained encoder, where the job leaves one."""
        return self.path / "model"

    @property
    def data(self) -> Path:
        """The items, where the job has some."""
        return self.path / "data"

    @property
    def teachers(self) -> Path:
        """Vectors of specialists that came as such."""
        return self.path / "teachers"

    @property
    def snapshots(self) -> Path:
        """What the net made of the validation's items, one file a step."""
        return self.path / "snapshots"

    @property
    def maps(self) -> Path:
        """Maps of the snapshots, kept by whoever looked at them."""
        return self.path / "maps"

    @property
    def has_run(self) -> bool:
        """Whether a run was ever started here."""
        return self.config.is_file()


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    dict
        Its values.

    Raises
    ------
    MissingError
        If there is no such file.
    StoreError
        If it cannot be read, or holds something else.
    """
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise MissingError(f"There is no {path.name} in {path.parent}.") from None
    except (OSError, ValueError) as error:
        raise StoreError(f"{path} cannot be read: {error}.") from error
    if not isinstance(value, dict):
        raise StoreError(f"{path} holds a {type(value).__name__}; a JSON object was expected.")
    return value


def replace_json(path: Path, value: dict[str, Any]) -> None:
    """Write a JSON object to a file that is whole at every moment, for every reader.

    Parameters
    ----------
    path : Path
        The file; its folder is there.
    value : dict
        JSON values by name.

    Raises
    ------
    StoreError
        If it cannot be written; the old content then stays.
    """
    fresh = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        with fresh.open("w", encoding="utf-8") as file:
            json.dump(value, file, indent=1, allow_nan=False)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error}.") from error
    finally:
        fresh.unlink(missing_ok=True)
