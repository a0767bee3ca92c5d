"""How a run is put into words: its facts, its durations, its failures."""

from __future__ import annotations

from collections.abc import Sequence

from embedscope.training.events import Event
from embedscope.training.pace import Pace
from embedscope.training.run_folder import RunFolder
from embedscope.training.worker_process import WorkerProcess

_MEASURES = 8


def duration_words(seconds: float | int) -> str:
    """Put a duration into words.

    Parameters
    ----------
    seconds : float
        How long.

    Returns
    -------
    str
        Two units at most.

    Examples
    --------
    >>> [duration_words(s) for s in (4.2, 71, 3720, 90_000)]
    ['4 s', '1 min 11 s', '1 h 2 min', '25 h 0 min']
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def error_text(folder: RunFolder, worker: WorkerProcess | None, said: str | None, step: int, log: str) -> str:
    """Say why a run is over that should not be, and what to type.

    Parameters
    ----------
    folder : RunFolder
        The run's files.
    worker : WorkerProcess or None
        The process that worked last.
    said : str or None
        What it said of its failure; None: it is gone without a word.
    step : int
        The last checkpoint's step; 0 where there is none.
    log : str
        The end of what it printed.

    Returns
    -------
    str
        A few sentences, then the log's end.
    """
    first = said or _gone(worker)
    way_on = f"run.resume() goes on from step {step:,}." if step else "run.resume() begins it again."
    tail = f"\nThe end of {folder.log}:\n{log}" if log else ""
    return f"{first.rstrip()}\n{way_on}{tail}"


def _gone(worker: WorkerProcess | None) -> str:
    if worker is None:
        return "No process was ever started for it."
    return (
        f"Its process ({worker.pid} on {worker.host}) is gone without an end: it was killed, the machine "
        "went down or its memory ran out."
    )


def run_facts(
    job: str, state: str, now: Pace, measured: Sequence[Event], checkpoints: Sequence[int]
) -> list[tuple[str, str]]:
    """List what a person wants to know of a run.

    Parameters
    ----------
    job : str
        The job's name.
    state : str
        How it stands.
    now : Pace
        How far it is.
    measured : sequence of dict
        Its events of loss and validation.
    checkpoints : sequence of int
        Steps that have one.

    Returns
    -------
    list of tuple
        What, and its value in words.
    """
    facts = [
        ("Job", job),
        ("State", state),
        ("Step", f"{now.step:,}" + (f" of {now.total:,}" if now.total else "")),
    ]
    if state == "running" and now.remaining_s is not None and now.rate is not None:
        facts.append(("Rate", f"{now.rate:.3g} steps/s, {duration_words(now.remaining_s)} left"))
    for kind in ("loss", "validation"):
        last = next((event for event in reversed(measured) if event["kind"] == kind), None)
        if last is not None:
            facts.append((kind.capitalize(), _numbers(last)))
    if checkpoints:
        facts.append(("Checkpoints", ", ".join(f"{step:,}" for step in checkpoints)))
    return facts


def _numbers(event: Event) -> str:
    numbers = {
        name: value for name, value in event.items() if isinstance(value, float) and name not in ("t", "step")
    }
    shown = [f"{name} {value:.4g}" for name, value in list(numbers.items())[:_MEASURES]]
    more = len(numbers) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")
