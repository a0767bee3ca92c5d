"""What is wanted of a worker: asked for from outside in a file, heard between two steps."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Literal, TypeAlias, cast

from embedscope._errors import MissingError, StoreError
from embedscope.training.run_folder import read_json, replace_json

Want: TypeAlias = Literal["run", "pause", "stop"]

_LOOK_EVERY_S = 0.2


def write_want(path: Path, want: Want) -> None:
    """Ask a worker to go on, to pause or to stop; the file changes at one moment.

    Parameters
    ----------
    path : Path
        The run's control file.
    want : {"run", "pause", "stop"}
        What is wanted.
    """
    replace_json(path, {"want": want})


def read_want(path: Path) -> Want:
    """Read what is wanted of a worker.

    Parameters
    ----------
    path : Path
        The run's control file; where there is none, the worker runs.

    Returns
    -------
    {"run", "pause", "stop"}
        What is wanted.

    Raises
    ------
    StoreError
        If the file holds something else.
    """
    try:
        want = read_json(path).get("want")
    except MissingError:
        return "run"
    if want not in ("run", "pause", "stop"):
        raise StoreError(f'{path} wants {want!r}; it may be "run", "pause" or "stop".')
    return cast("Want", want)


class Control:
    """The worker's ear: the file, and a stop that came as a signal.

    Parameters
    ----------
    path : Path
        The run's control file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._is_told_to_stop = False
        self._seen: tuple[int, int, int] | None = None
        self._want: Want = "run"

    def stop(self) -> None:
        """Want a stop whatever the file says; safe in a signal's handler."""
        self._is_told_to_stop = True

    @property
    def want(self) -> Want:
        """What is wanted now; costs one look at the file's entry, so that every step may ask."""
        if self._is_told_to_stop:
            return "stop"
        seen = _version(self._path)
        if seen != self._seen:
            self._seen, self._want = seen, read_want(self._path)
        return self._want

    def wait_while_paused(self) -> Want:
        """Sleep until something else than a pause is wanted.

        Returns
        -------
        {"run", "stop"}
            What is wanted then.
        """
        # A handler of a signal runs between two waits, so that SIGTERM ends a pause too.
        asleep = threading.Event()
        while (want := self.want) == "pause":
            asleep.wait(_LOOK_EVERY_S)
        return want


def _version(path: Path) -> tuple[int, int, int] | None:
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return stat.st_ino, stat.st_mtime_ns, stat.st_size
