"""A training run, seen and steered from outside: its process works on when the notebook is gone."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Literal, TypeAlias, cast

import pyarrow as pa

from embedscope._errors import InputError, MissingError
from embedscope._table import Table
from embedscope.encoders.load import load_encoder
from embedscope.encoders.protocol import Encoder
from embedscope.training.checkpoint_files import checkpoint_steps, latest_step
from embedscope.training.control import read_want, write_want
from embedscope.training.curves import curve
from embedscope.training.events import Event, read_events, settled
from embedscope.training.launch import launch
from embedscope.training.log_tail import log_tail
from embedscope.training.pace import Pace, pace
from embedscope.training.run_bar import RunBar
from embedscope.training.run_folder import RunFolder, read_json
from embedscope.training.run_words import duration_words, error_text, run_facts
from embedscope.training.worker_process import WorkerProcess, signed

State: TypeAlias = Literal["running", "paused", "stopped", "done", "failed", "dead"]

_LOOK_EVERY_S = 0.1
_CLOSING_S = 10.0


class Run:
    """A run of a job in a folder; whoever knows the folder finds it again, after a restart too.

    Parameters
    ----------
    folder : str or Path
        Where `embedscope.training.start.start` put it.

    Raises
    ------
    MissingError
        If there is no run.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = RunFolder(Path(folder).expanduser())
        if not self.folder.has_run:
            raise MissingError(
                f"There is no run in {self.folder.path}: it has no {self.folder.config.name}. "
                "start(job, folder) begins one."
            )
        self._events: list[Event] = []
        self._offset, self._torn, self._damaged = 0, 0, 0
        self._lock = threading.Lock()

    @property
    def job(self) -> str:
        """The name of what it does."""
        return str(read_json(self.folder.config).get("job"))

    @property
    def state(self) -> State:
        """How it stands; "dead" is a process that is gone without an end.

        On another machine than its worker's, nothing can be told by the process: its last event counts.
        """
        worker = signed(self.folder)
        is_alive = worker is not None and worker.is_alive
        # Read after the look at the process: what it wrote just before its end is then among the events.
        last = self._said_by(worker)
        if last in ("stopped", "done", "failed"):
            return cast("State", last)
        if not is_alive and (worker is None or worker.is_here):
            return "dead"
        return "paused" if last == "paused" else "running"

    def _said_by(self, worker: WorkerProcess | None) -> str | None:
        """Give the last state that this worker told; an earlier worker's end is not its own."""
        last = None
        for event in reversed(self.events("state")):
            last = last or str(event.get("state"))
            if worker is None:
                return last
            record = event.get("worker")
            if record and WorkerProcess.from_record(record).is_same(worker):
                return last
        return None

    @property
    def is_over(self) -> bool:
        """Whether no process works on it any more."""
        return self.state not in ("running", "paused")

    def events(self, kind: str | None = None) -> list[Event]:
        """Give what happened, in the order of the file; what a resume did again comes twice.

        Parameters
        ----------
        kind : str, optional
            Such as "loss", "validation", "checkpoint", "state", "progress" or "note"; by default all.

        Returns
        -------
        list of dict
            Each with ``t`` (seconds since 1970), ``step`` and ``kind``.
        """
        with self._lock:
            self._follow()
            return [event for event in self._events if kind is None or event["kind"] == kind]

    def _follow(self) -> None:
        path = self.folder.events
        if path.is_file() and path.stat().st_size < self._offset:
            # Another run took the folder: what was read is not its own.
            self._events, self._offset, self._damaged = [], 0, 0
        page = read_events(path, self._offset)
        self._events.extend(page.events)
        self._offset, self._torn = page.offset, page.torn
        self._damaged += page.damaged

    def losses(self) -> pa.Table:
        """Give the loss curve.

        Returns
        -------
        pyarrow.Table
            ``step``, ``time`` and a column for every part of the loss; each step once.
        """
        return self._curve("loss")

    def validations(self) -> pa.Table:
        """Give the measures on held-out classes.

        Returns
        -------
        pyarrow.Table
            ``step``, ``time`` and a column for every measure; each step once.
        """
        return self._curve("validation")

    def _curve(self, kind: str) -> pa.Table:
        return curve([event for event in settled(self.events()) if event["kind"] == kind])

    @property
    def pace(self) -> Pace:
        """Steps done and in all, and how fast they go."""
        return pace(self.events())

    @property
    def step(self) -> int:
        """Steps that are done."""
        return self.pace.step

    @property
    def rate(self) -> float | None:
        """Steps a second over the last minute; None while it does not run or that is not known."""
        return self.pace.rate if self.state == "running" else None

    @property
    def remaining_s(self) -> float | None:
        """Seconds that it still takes; None while it does not run or that is not known."""
        return self.pace.remaining_s if self.state == "running" else None

    @property
    def error(self) -> str | None:
        """What went wrong, in words, with the end of the worker's log; None where nothing did."""
        state = self.state
        if state not in ("failed", "dead"):
            return None
        worker = signed(self.folder)
        said = self.events("state")[-1].get("error") if state == "failed" else None
        log = log_tail(self.folder.log, worker.log_from if worker else 0)
        return error_text(self.folder, worker, said, latest_step(self.folder.checkpoints), log)

    @property
    def problems(self) -> list[str]:
        """What is wrong with the file of events, in sentences."""
        is_over = self.is_over
        self.events()
        found = []
        if self._damaged:
            found.append(f"{self._damaged:,} damaged lines of {self.folder.events.name} were left out.")
        # While a worker writes, a line without its end is only not there yet.
        if self._torn and is_over:
            found.append(f"The last line of {self.folder.events.name} was cut off and is left out.")
        return found

    @property
    def model(self) -> Encoder:
        """The trained encoder.

        Raises
        ------
        MissingError
            While the job has left none.
        """
        if not self.folder.model.is_dir():
            raise MissingError(
                f"The run in {self.folder.path} has left no model; it is {self.state}. "
                "run.wait() waits for its end."
            )
        return load_encoder(str(self.folder.model))

    def pause(self) -> None:
        """Let it sleep after the present step, with all its memory kept, until `resume`.

        Raises
        ------
        InputError
            If no process works on it.
        """
        state = self.state
        if state not in ("running", "paused"):
            raise InputError(f"The run in {self.folder.path} is {state}; only one that runs can be paused.")
        write_want(self.folder.control, "pause")

    def stop(self) -> None:
        """End it after the present step, with a checkpoint to `resume` from; harmless where it has ended."""
        if not self.is_over:
            write_want(self.folder.control, "stop")

    def resume(self) -> Run:
        """Go on: after a pause in the same process, after a stop, a failure or a kill in a new one.

        Returns
        -------
        Run
            This run.

        Raises
        ------
        InputError
            If it is done.
        """
        state = self.state
        if state == "done":
            raise InputError(f"The run in {self.folder.path} is done; start another one in another folder.")
        if state in ("running", "paused") and read_want(self.folder.control) != "stop":
            write_want(self.folder.control, "run")
            return self
        # One that was told to stop may have heard it already: let it end, then go on from its checkpoint.
        self._let_it_close()
        launch(self.folder)
        return self

    def _let_it_close(self) -> None:
        end = time.monotonic() + _CLOSING_S
        while (worker := signed(self.folder)) and worker.is_alive and time.monotonic() < end:
            time.sleep(_LOOK_EVERY_S)

    def wait(self, timeout: int | float | None = None) -> State:
        """Wait until it is over, behind a progress bar; Ctrl-C ends the waiting, not the run.

        Parameters
        ----------
        timeout : int or float, optional
            Seconds after which to return anyway.

        Returns
        -------
        {"running", "paused", "stopped", "done", "failed", "dead"}
            How it stands then.
        """
        end = None if timeout is None else time.monotonic() + timeout
        with RunBar(self.job) as bar:
            while True:
                state = self.state
                bar.show(self.events(), state)
                if state not in ("running", "paused") or (end is not None and time.monotonic() >= end):
                    return state
                time.sleep(_LOOK_EVERY_S)

    def __repr__(self) -> str:
        state, now = self.state, self.pace
        words = [state, f"step {now.step:,}" + (f" of {now.total:,}" if now.total else "")]
        if state == "running" and now.remaining_s is not None:
            words.append(f"{now.rate:.3g} steps/s, {duration_words(now.remaining_s)} left")
        return f"Run({str(self.folder.path)!r}: {', '.join(words)})"

    def _repr_html_(self) -> str:
        facts = run_facts(
            self.job,
            self.state,
            self.pace,
            [event for event in settled(self.events()) if event["kind"] in ("loss", "validation")],
            checkpoint_steps(self.folder.checkpoints),
        )
        problems = [("Note", problem) for problem in self.problems]
        error = self.error
        failure = [("Error", error.partition("\n")[0])] if error else []
        title = f"Run in {self.folder.path}"
        return Table(("", "value"), [*facts, *failure, *problems], title)._repr_html_()
