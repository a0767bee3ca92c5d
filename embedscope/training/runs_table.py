"""The runs below a folder as a table: what each does, how it stands and how good it became."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from embedscope._errors import MissingError, StoreError
from embedscope._table import Table
from embedscope.training.events import Event, settled
from embedscope.training.new_run import RUNS
from embedscope.training.run import Run
from embedscope.training.run_folder import RunFolder, read_json

_MEASURE = "recall_at_1"
_DAMAGED = "damaged"
_COLUMNS = ("folder", "job", "loss", "state", "step", "of", "recall@1", "best step", "begun")


def runs(folder: str | Path = RUNS) -> Table:
    """List the runs below a folder, the newest first.

    Parameters
    ----------
    folder : str or Path
        All folders below it are looked into; a run's own are not.

    Returns
    -------
    Table
        A row a run: its folder, job and loss, how it stands, the steps that are done and in all, the best
        Recall@1 of its validations with its step, and when it began. `Run` opens one by its folder.

    Raises
    ------
    MissingError
        If there is no such folder.

    Notes
    -----
    Reads the events of every run. A run whose files cannot be read is listed as damaged.

    Examples
    --------
    >>> runs("runs")  # doctest: +SKIP
    folder         job         loss          state    step   of  recall@1  best step  begun
    runs/emoji     specialist  proxy_anchor  done      800  800     0.712        720  2026-11-24 18:20
    """
    place = Path(folder).expanduser()
    if not place.is_dir():
        raise MissingError(
            f"There is no folder {place.absolute()}. train_specialist and distill begin their runs in "
            f"{RUNS!r} of the working directory, or in the folder= that they are given."
        )
    found = sorted((_Row.of(path) for path in _run_folders(place)), key=lambda row: row.begun, reverse=True)
    title = f"Runs in {place}" if found else f"No run in {place.absolute()}"
    return Table(_COLUMNS, [row.cells for row in found], title)


def _run_folders(place: Path) -> Iterator[Path]:
    for path, below, files in os.walk(place):
        here = Path(path)
        if _is_run(here, files):
            below.clear()
            yield here
        # Order makes the list the same everywhere where two runs began at once.
        below.sort()


def _is_run(path: Path, files: list[str]) -> bool:
    """Tell a run from the other folders that have a config.json, such as a net's."""
    folder = RunFolder(path)
    if folder.config.name not in files:
        return False
    try:
        config = read_json(folder.config)
    except StoreError:
        return folder.events.name in files
    return isinstance(config.get("job"), str) and isinstance(config.get("options"), dict)


@dataclass(frozen=True)
class _Row:
    """A run's cells, and when it began, to sort by."""

    begun: float
    cells: tuple[Any, ...]

    @classmethod
    def of(cls, path: Path) -> _Row:
        try:
            return cls._read(Run(path))
        except StoreError:
            return cls(0.0, (str(path), None, None, _DAMAGED, None, None, None, None, None))

    @classmethod
    def _read(cls, run: Run) -> _Row:
        events = run.events()
        pace, best = run.pace, _best(events)
        begun = float(events[0]["t"]) if events else 0.0
        loss = read_json(run.folder.config)["options"].get("loss")
        cells = (
            str(run.folder.path),
            run.job,
            loss if isinstance(loss, str) else None,
            run.state,
            pace.step,
            pace.total,
            None if best is None else best[_MEASURE],
            None if best is None else best["step"],
            _time(begun) if begun else None,
        )
        return cls(begun, cells)


def _best(events: list[Event]) -> Event | None:
    measured = [
        event
        for event in settled(events)
        if event["kind"] == "validation" and isinstance(event.get(_MEASURE), int | float)
    ]
    return max(measured, key=lambda event: float(event[_MEASURE]), default=None)


def _time(seconds: float) -> str:
    return datetime.datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d %H:%M")
