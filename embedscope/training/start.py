"""Begin a job in a process of its own, or find the one that its folder has already."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from embedscope._errors import InputError
from embedscope.training.jobs import Job, to_config
from embedscope.training.launch import launch
from embedscope.training.run import Run
from embedscope.training.run_folder import RunFolder, read_json, replace_json

# What `prepare` may leave where the process was killed before the run began.
_PREPARED = ("data", "teachers")


def start(job: Job, folder: str | Path, prepare: Callable[[Path], None] | None = None) -> Run:
    """Begin a job in a process of its own and return at once.

    Where the folder has a run of the same job and options, that run is found: a finished or a living one as
    it is, any other goes on from its last checkpoint.

    Parameters
    ----------
    job : Job
        Of a registered class.
    folder : str or Path
        An empty or a new folder, or one of an earlier start.
    prepare : callable, optional
        Writes what the job needs beside its options into the new folder's ``data`` and ``teachers``.

    Returns
    -------
    Run
        The run.

    Raises
    ------
    InputError
        If the folder has a run of something else, or holds files that are no run.
    """
    files = RunFolder(Path(folder).expanduser())
    config = to_config(job)
    if files.has_run:
        return _found(files, config)
    if files.path.exists() and (not files.path.is_dir() or _foreign(files.path)):
        raise InputError(f"{files.path} is there and holds no run; name a new or an empty folder for it.")
    files.path.mkdir(parents=True, exist_ok=True)
    if prepare is not None:
        prepare(files.path)
    replace_json(files.config, config)
    launch(files)
    return Run(files.path)


def _foreign(folder: Path) -> bool:
    # Killed while it wrote the config, a start leaves a piece of it.
    piece = f".{RunFolder(folder).config.name}."
    return any(entry.name not in _PREPARED and not entry.name.startswith(piece) for entry in folder.iterdir())


def _found(files: RunFolder, config: dict[str, Any]) -> Run:
    old = read_json(files.config)
    if old != config:
        raise InputError(
            f"{files.path} has a run of something else: {_difference(old, config)}. "
            "Name another folder, or open that one with Run(folder)."
        )
    run = Run(files.path)
    return run.resume() if run.state in ("stopped", "failed", "dead") else run


def _difference(old: dict[str, Any], new: dict[str, Any]) -> str:
    if old.get("job") != new.get("job"):
        return f"the job {old.get('job')!r}, not {new.get('job')!r}"
    was, now = old.get("options", {}), new["options"]
    changed = [name for name in {**was, **now} if was.get(name) != now.get(name)]
    return ", ".join(f"{name} was {was.get(name)!r} and is {now.get(name)!r} now" for name in changed[:5])
