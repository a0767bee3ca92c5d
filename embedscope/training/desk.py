"""What a job finds before it: the run's folder, its events and what is wanted of it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from embedscope._progress import Cancelled, Progressed, listening
from embedscope.training.control import Control
from embedscope.training.events import EventLog
from embedscope.training.run_folder import RunFolder

# A pane that follows draws no faster, and the file stays small.
_TELL_EVERY_S = 1.0


@dataclass(eq=False)
class Desk:
    """A job's way to say what it does and to hear what it should.

    Parameters
    ----------
    folder : RunFolder
        The run's files.
    control : Control
        What is wanted.
    is_first : bool
        Whether this process is the first of the run; on several GPUs the others keep no events.

    Attributes
    ----------
    step : int
        Steps that are done; every event carries it.
    """

    folder: RunFolder
    control: Control
    is_first: bool = True
    step: int = 0
    _events: EventLog = field(init=False, repr=False)
    _told: float = field(default=0.0, init=False, repr=False)

    def __post_init__(self) -> None:
        self._events = EventLog(self.folder.events if self.is_first else None)

    def tell(self, kind: str, values: Mapping[str, Any] | None = None) -> None:
        """Add an event at the present step.

        Parameters
        ----------
        kind : str
            Such as "loss", "validation" or "checkpoint".
        values : mapping, optional
            JSON values by name.
        """
        self._events.append(kind, self.step, values)

    def note(self, text: str) -> None:
        """Add a sentence that the run's view shows.

        Parameters
        ----------
        text : str
            A plain sentence.
        """
        self.tell("note", {"text": text})

    def say_state(self, state: str, values: Mapping[str, Any] | None = None) -> None:
        """Add an event that changes the run's state.

        Parameters
        ----------
        state : str
            One of "running", "paused", "stopped", "done" and "failed".
        values : mapping, optional
            JSON values by name.
        """
        self.tell("state", {"state": state, **(values or {})})

    def close(self) -> None:
        """Close the file of events."""
        self._events.close()

    @contextmanager
    def hearing(self) -> Iterator[None]:
        """Turn every progress bar inside the block into events; a pause or a stop is heard there too.

        Raises
        ------
        Cancelled
            Inside the block, at a bar's next update, once a stop is wanted.
        """
        with listening(self._hear):
            yield

    def _hear(self, now: Progressed) -> None:
        self._obey()
        is_last = now.done == now.total
        if time.monotonic() - self._told < _TELL_EVERY_S and not is_last:
            return
        self._told = time.monotonic()
        self.tell(
            "progress",
            {
                "description": now.description,
                "done": now.done,
                "total": now.total,
                "unit": now.unit,
                "note": now.note,
            },
        )

    def _obey(self) -> None:
        want = self.control.want
        if want == "pause":
            self.say_state("paused")
            want = self.control.wait_while_paused()
            if want == "run":
                self.say_state("running")
        if want == "stop":
            raise Cancelled
