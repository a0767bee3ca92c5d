"""One run of the table: begun or found again, waited for, and kept as a record of a few numbers."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from embedscope.training.run import Run

_LOOK_EVERY_S = 1.0
_ATTEMPTS = 2


@dataclass(frozen=True)
class Wanted:
    """A run that the table needs.

    Parameters
    ----------
    key : str
        Its name in the results: method, domain, setting and seed.
    begin : callable
        Starts it in a folder, or finds it there.
    watched : str
        The measure of the validation by which its best step was chosen.
    keeps_checkpoints : bool
        Whether they stay on disk.
    """

    key: str
    begin: Callable[[Path], Run]
    watched: str = "recall_at_1"
    keeps_checkpoints: bool = False


def finish(wanted: Wanted, folder: Path) -> dict[str, Any]:
    """Bring a run to its end, wherever it stands, and give its record; only its net stays on disk."""
    record = folder / "record.json"
    if record.is_file():
        kept: dict[str, Any] = json.loads(record.read_text())
        return kept
    run = wanted.begin(folder)
    for _ in range(_ATTEMPTS):
        while not run.is_over:
            time.sleep(_LOOK_EVERY_S)
        if run.state == "done":
            break
        run = wanted.begin(folder)
    else:
        raise RuntimeError(f"{wanted.key}: {run.error}")
    made = {"key": wanted.key, **_best(run, wanted.watched)}
    heavies = [run.folder.data, run.folder.snapshots]
    for heavy in heavies if wanted.keeps_checkpoints else (*heavies, run.folder.checkpoints):
        shutil.rmtree(heavy, ignore_errors=True)
    record.write_text(json.dumps(made))
    return made


def _best(run: Run, watched: str) -> dict[str, Any]:
    rows = run.validations().to_pylist()
    best = max(rows, key=lambda row: row[watched])
    losses = run.losses().to_pylist()
    measures = {
        name: round(value, 5)
        for name, value in best.items()
        if name not in ("time", "is_best") and value is not None
    }
    return {
        "watched": watched,
        "validation": measures,
        "curve": [round(row[watched], 4) for row in rows],
        "steps": losses[-1]["step"],
        "seconds": round(losses[-1]["time"] - rows[0]["time"]),
    }
