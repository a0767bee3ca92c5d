"""The process of a run: ``python -m embedscope.training.worker FOLDER``.

``accelerate launch -m embedscope.training.worker FOLDER`` does the same on several GPUs.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from pathlib import Path
from types import FrameType

from filelock import FileLock, Timeout

from embedscope._errors import EmbedscopeError, StoreError
from embedscope._progress import Cancelled
from embedscope.training.checkpoint_files import latest_step
from embedscope.training.control import Control
from embedscope.training.desk import Desk
from embedscope.training.jobs import from_config
from embedscope.training.run_folder import RunFolder, read_json, replace_json
from embedscope.training.worker_process import WorkerProcess, is_first_process, signature, signed

DONE, FAILED, USAGE, TAKEN = 0, 1, 2, 75
_LOCK_S = 1.0


def main(arguments: list[str]) -> int:
    """Work on a run until it ends.

    Parameters
    ----------
    arguments : list of str
        The run's folder.

    Returns
    -------
    int
        0: done or stopped; 1: failed; 2: wrong arguments; 75: another worker has the folder.
    """
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m embedscope.training.worker FOLDER\n")
        return USAGE
    folder = RunFolder(Path(arguments[0]))
    if not folder.has_run:
        sys.stderr.write(f"There is no run in {folder.path}: it has no {folder.config.name}.\n")
        return USAGE
    if not is_first_process():
        return _work(folder, is_first=False)
    lock = FileLock(folder.lock)
    try:
        lock.acquire(timeout=_LOCK_S)
    except Timeout:
        sys.stderr.write(f"Another worker has {folder.path}; this one (pid {os.getpid()}) ends.\n")
        return TAKEN
    with lock:
        _sign(folder)
        return _work(folder, is_first=True)


def _sign(folder: RunFolder) -> None:
    """Say in the folder which process works, unless whoever started it did so already."""
    me = WorkerProcess.of(os.getpid())
    known = signed(folder)
    if me is not None and (known is None or not known.is_same(me)):
        replace_json(folder.worker, me.record)


def _work(folder: RunFolder, *, is_first: bool) -> int:
    desk = Desk(folder, Control(folder.control), is_first, latest_step(folder.checkpoints))

    def stop(_number: int, _frame: FrameType | None) -> None:
        desk.control.stop()
        # A worker that never comes to its next step ends at the second one.
        signal.signal(signal.SIGTERM, signal.SIG_DFL)

    signal.signal(signal.SIGTERM, stop)
    try:
        desk.say_state("running", {"worker": signature(os.getpid())})
        with desk.hearing():
            outcome = from_config(read_json(folder.config)).run(desk)
        desk.say_state(outcome)
    except Cancelled:
        desk.say_state("stopped")
    except BaseException as error:
        traceback.print_exc()
        return _fail(desk, error)
    finally:
        desk.close()
    _leave_group()
    return DONE


def _leave_group() -> None:
    """Part from the other processes of a run on several GPUs, where the job met them."""
    distributed = sys.modules.get("torch.distributed")
    if distributed is not None and distributed.is_available() and distributed.is_initialized():
        distributed.destroy_process_group()


def _fail(desk: Desk, error: BaseException) -> int:
    try:
        desk.say_state("failed", {"error": error_words(error), "type": type(error).__name__})
    except StoreError:
        # The disk is full: the log, or the missing end, is all that can be said.
        traceback.print_exc()
    return FAILED


def error_words(error: BaseException) -> str:
    """Say what ended a run, in words.

    Parameters
    ----------
    error : BaseException
        What was raised.

    Returns
    -------
    str
        The message, after the kind of error where embedscope did not raise it on purpose.

    Examples
    --------
    >>> error_words(KeyError("emoji"))
    "KeyError: 'emoji'"
    """
    words = str(error).strip()
    if isinstance(error, EmbedscopeError) and words:
        return words
    if isinstance(error, KeyboardInterrupt):
        return "It was interrupted (Ctrl-C)."
    name = type(error).__name__
    return f"{name}: {words}" if words else name


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
