"""What happens in a run, as lines of JSON: appended by one worker, followed by any number of readers."""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

from embedscope._errors import InputError, StoreError

Event: TypeAlias = dict[str, Any]

_OWN_KEYS = frozenset({"t", "step", "kind"})
# What a resume does again from its checkpoint on.
_DONE_AGAIN = frozenset({"loss", "validation", "checkpoint"})


class EventLog:
    """The writing end: one line an event, handed to the system before `append` returns.

    Parameters
    ----------
    path : Path or None
        The file; None: nothing is kept, as in the processes beside the first of a run on several GPUs.

    Examples
    --------
    >>> with EventLog(Path("events.jsonl")) as log:
    ...     log.append("loss", 10, {"loss": 0.5})
    >>> read_events(Path("events.jsonl")).events[0]["loss"]
    0.5
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: BinaryIO | None = None

    def append(self, kind: str, step: int, values: Mapping[str, Any] | None = None) -> None:
        """Add an event.

        Parameters
        ----------
        kind : str
            Such as "loss", "validation", "checkpoint", "state" or "note".
        step : int
            Steps that were done when it happened.
        values : mapping, optional
            JSON values by name; a number that is not finite becomes null.

        Raises
        ------
        InputError
            If a value is called like one of the event's own: t, step, kind.
        StoreError
            If the line cannot be written.
        """
        values = values or {}
        taken = _OWN_KEYS & values.keys()
        if taken:
            raise InputError(f"An event has its own {', '.join(sorted(taken))}; call the value otherwise.")
        event = {"t": time.time(), "step": step, "kind": kind, **values}
        line = json.dumps(_finite(event), allow_nan=False, ensure_ascii=False) + "\n"
        if self._path is None:
            return
        try:
            _write(self._open(self._path), line.encode("utf-8", "replace"))
        except OSError as error:
            raise StoreError(f"{self._path} cannot be written: {error}.") from error

    def close(self) -> None:
        """Close the file; a later `append` opens it again."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _open(self, path: Path) -> BinaryIO:
        if self._file is None:
            # Unbuffered: a line is with the system, whatever happens to this process afterwards.
            file = path.open("ab", buffering=0)
            if _ends_torn(path):
                file.write(b"\n")
            self._file = file
        return self._file

    def __enter__(self) -> EventLog:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _write(file: BinaryIO, line: bytes) -> None:
    # An unbuffered write may take a part only, as when the disk fills up; the next one then says why.
    while line:
        line = line[file.write(line) :]


def _ends_torn(path: Path) -> bool:
    with path.open("rb") as file:
        if not file.seek(0, os.SEEK_END):
            return False
        file.seek(-1, os.SEEK_END)
        return file.read(1) != b"\n"


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _finite(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(entry) for entry in value]
    return value


@dataclass(frozen=True)
class EventPage:
    """What a reader finds from an offset on.

    Parameters
    ----------
    events : tuple of dict
        The whole lines, in order.
    offset : int
        Byte to read on from.
    torn : int
        Bytes of a last line without its end: a write that is under way, or one that was cut off.
    damaged : int
        Lines that are no event; they are left out.
    """

    events: tuple[Event, ...]
    offset: int
    torn: int = 0
    damaged: int = 0


def read_events(path: Path, offset: int = 0) -> EventPage:
    """Read the events from an offset on.

    Parameters
    ----------
    path : Path
        The file; where there is none yet, there are no events.
    offset : int
        Where the last page ended. Beyond the file's end, the file is another one: read it from the start.

    Returns
    -------
    EventPage
        The events and where to read on.

    Raises
    ------
    StoreError
        If the file is there but cannot be read.
    """
    try:
        with path.open("rb") as file:
            file.seek(offset)
            content = file.read()
    except FileNotFoundError:
        return EventPage((), 0)
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error}.") from error
    whole, end, rest = content.rpartition(b"\n")
    lines = [line for line in whole.split(b"\n") if line.strip()]
    events = [event for event in map(_event, lines) if event is not None]
    return EventPage(tuple(events), offset + len(whole) + len(end), len(rest), len(lines) - len(events))


def _event(line: bytes) -> Event | None:
    try:
        value = json.loads(line)
    except ValueError:
        return None
    is_event = isinstance(value, dict) and isinstance(value.get("kind"), str)
    is_event = is_event and isinstance(value.get("step"), int) and isinstance(value.get("t"), int | float)
    return value if is_event else None


def settled(events: Iterable[Event]) -> list[Event]:
    """Leave out what a resume did again: of a killed run, the steps past its last checkpoint.

    Parameters
    ----------
    events : iterable of dict
        In the order of the file.

    Returns
    -------
    list of dict
        One curve, in the order of its steps.

    Examples
    --------
    >>> def event(kind, step):
    ...     return {"t": 0.0, "kind": kind, "step": step, "state": "running"}
    >>> again = [event("loss", 1), event("loss", 2), event("state", 1), event("loss", 2)]
    >>> [(e["kind"], e["step"]) for e in settled(again)]
    [('loss', 1), ('state', 1), ('loss', 2)]
    """
    kept: list[Event] = []
    for event in events:
        if event["kind"] == "state" and event.get("state") == "running":
            kept = [old for old in kept if old["kind"] not in _DONE_AGAIN or old["step"] <= event["step"]]
        kept.append(event)
    return kept
