"""Which process works on a run: known by its pid, its start and its machine."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from typing import Any

import psutil

from embedscope._errors import MissingError, StoreError
from embedscope.training.run_folder import RunFolder, read_json

# The clock of a process's start has ticks, and is moved a little when the system's clock is set.
_SAME_START_S = 2.0


@dataclass(frozen=True)
class WorkerProcess:
    """A process that works, or worked, on a run.

    Parameters
    ----------
    pid : int
        Its number, which another process may get once it is gone.
    created : float
        When it started, in seconds since 1970, as the system tells it.
    host : str
        The machine that it runs on.
    log_from : int
        Where in the log what it prints begins, in bytes.
    """

    pid: int
    created: float
    host: str
    log_from: int = 0

    @classmethod
    def of(cls, pid: int, log_from: int = 0) -> WorkerProcess | None:
        """Describe a process of this machine.

        Parameters
        ----------
        pid : int
            Its number.
        log_from : int
            Where in the log what it prints begins.

        Returns
        -------
        WorkerProcess or None
            None if there is no such process.

        Examples
        --------
        >>> WorkerProcess.of(os.getpid()).is_alive
        True
        """
        try:
            return cls(pid, psutil.Process(pid).create_time(), platform.node(), log_from)
        except psutil.NoSuchProcess:
            return None

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> WorkerProcess:
        """Read what a ``worker.json`` says.

        Parameters
        ----------
        record : dict
            What `record` gave.

        Returns
        -------
        WorkerProcess
            The process.
        """
        return cls(
            int(record["pid"]),
            float(record["created"]),
            str(record["host"]),
            int(record.get("log_from", 0)),
        )

    def is_same(self, other: WorkerProcess) -> bool:
        """Tell whether two records are of one process.

        Parameters
        ----------
        other : WorkerProcess
            Another record.

        Returns
        -------
        bool
            True where pid, start and machine agree.
        """
        is_one = self.pid == other.pid and self.host == other.host
        return is_one and abs(self.created - other.created) <= _SAME_START_S

    @property
    def record(self) -> dict[str, Any]:
        """JSON values for ``worker.json``."""
        return {"pid": self.pid, "created": self.created, "host": self.host, "log_from": self.log_from}

    @property
    def is_here(self) -> bool:
        """Whether it belongs to this machine; of another one nothing can be told by the pid."""
        return self.host == platform.node()

    @property
    def is_alive(self) -> bool:
        """Whether this very process still runs: another one that got its pid is not taken for it."""
        if not self.is_here:
            return False
        try:
            process = psutil.Process(self.pid)
            if process.status() == psutil.STATUS_ZOMBIE:
                return False
            return bool(abs(process.create_time() - self.created) <= _SAME_START_S)
        except (psutil.NoSuchProcess, psutil.ZombieProcess):
            return False
        except psutil.AccessDenied:
            # A worker is the caller's own process; what may not be looked at is somebody else's.
            return False


def signed(folder: RunFolder) -> WorkerProcess | None:
    """Read which process works on a run, or worked on it last.

    Parameters
    ----------
    folder : RunFolder
        The run's files.

    Returns
    -------
    WorkerProcess or None
        None where nothing readable says so.
    """
    try:
        return WorkerProcess.from_record(read_json(folder.worker))
    except (MissingError, StoreError, KeyError, TypeError, ValueError):
        return None


def signature(pid: int) -> dict[str, Any]:
    """Give what a worker's first event says of it, so that an earlier worker's end is not taken for its own.

    Parameters
    ----------
    pid : int
        The worker's number.

    Returns
    -------
    dict
        JSON values.
    """
    process = WorkerProcess.of(pid)
    return {} if process is None else process.record


def is_first_process() -> bool:
    """Tell whether this is the only process of a run, or the first under a launcher of several.

    Returns
    -------
    bool
        False in the processes beside the first, by the variables that ``torchrun`` and ``accelerate`` set.
    """
    return int(os.environ.get("RANK", "0")) == 0
