"""Start the process of a run, apart from the one that asks for it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import Any

from filelock import FileLock

from embedscope._errors import InputError, StoreError
from embedscope.training.control import write_want
from embedscope.training.run_folder import RunFolder, replace_json
from embedscope.training.worker_process import WorkerProcess, signed

_START_LOCK_S = 10.0


def launch(folder: RunFolder) -> None:
    """Start a worker and return at once; it outlives this process.

    Parameters
    ----------
    folder : RunFolder
        A run's files, with its config.

    Raises
    ------
    InputError
        If a worker is alive on this run.
    StoreError
        If the folder cannot be written, or no process can be started.
    """
    with FileLock(folder.start_lock, timeout=_START_LOCK_S):
        worker = signed(folder)
        if worker is not None and worker.is_alive:
            raise InputError(f"The process {worker.pid} works on the run in {folder.path} already.")
        write_want(folder.control, "run")
        try:
            with folder.log.open("ab") as log:
                log_from = log.tell()
                process = subprocess.Popen(
                    [sys.executable, "-m", "embedscope.training.worker", str(folder.path.absolute())],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"},
                    **_apart(),
                )
        except OSError as error:
            raise StoreError(f"No process can be started for the run in {folder.path}: {error}.") from error
        begun = WorkerProcess.of(process.pid, log_from)
        if begun is not None:
            replace_json(folder.worker, begun.record)
    # Else it would stay a zombie until this process ends.
    threading.Thread(target=process.wait, name="embedscope worker", daemon=True).start()


def _apart() -> dict[str, Any]:
    """Keep the kernel's interrupts and its end away from the worker."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}
