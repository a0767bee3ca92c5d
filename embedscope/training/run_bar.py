"""The progress of a run that another process works on, as bars: its preparations, then its steps."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType

from embedscope._progress import ProgressBar, progress_bar
from embedscope.training.events import Event
from embedscope.training.pace import pace

_RECALL = "recall_at_1"


class RunBar:
    """Bars that follow a run, one after the other, with what was measured last.

    Parameters
    ----------
    job : str
        What the run does, in front of the bar of its steps.

    Examples
    --------
    >>> def event(kind, step, **values):
    ...     return {"kind": kind, "step": step, "t": float(step), **values}
    >>> from embedscope._progress import listening
    >>> with listening(lambda now: print(now.done, now.total, now.unit, now.note)), RunBar("distill") as bar:
    ...     bar.show([event("state", 0, state="running", total=9), event("loss", 3, loss=0.5)], "running")
    3 9 step
    3 9 step loss 0.5
    """

    def __init__(self, job: str) -> None:
        self._job = job
        self._bar: ProgressBar | None = None
        self._what: tuple[str, int | None] | None = None
        self._done = 0
        self._note = ""

    def show(self, events: Sequence[Event], state: str) -> None:
        """Show how a run stands.

        Parameters
        ----------
        events : sequence of dict
            All of its events so far.
        state : str
            How it stands, as `Run.state` says it.
        """
        now = pace(events)
        if now.total is not None:
            bar = self._turn_to(self._job, now.step, now.total, "step")
            self._say(bar, _words(events, state))
            return
        prepared = _last(events, "progress")
        if prepared is not None:
            bar = self._turn_to(
                prepared["description"], prepared["done"], prepared["total"], prepared["unit"]
            )
            self._say(bar, "paused" if state == "paused" else prepared["note"])

    def _turn_to(self, what: str, done: int, total: int | None, unit: str) -> ProgressBar:
        if self._bar is None or self._what != (what, total):
            self.close()
            self._bar = progress_bar(total, what, unit, done=done)
            self._what, self._done, self._note = (what, total), done, ""
        # Less than before: it went on from a checkpoint.
        if done != self._done:
            self._bar.update(done - self._done)
            self._done = done
        return self._bar

    def _say(self, bar: ProgressBar, note: str) -> None:
        if note != self._note:
            bar.note(note)
            self._note = note

    def close(self) -> None:
        """Close the bar that is open."""
        if self._bar is not None:
            with self._bar:
                self._bar = None

    def __enter__(self) -> RunBar:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _words(events: Sequence[Event], state: str) -> str:
    words = ["paused"] if state == "paused" else []
    loss, measured = _last(events, "loss"), _last(events, "validation")
    if loss is not None and isinstance(loss.get("loss"), float):
        words.append(f"loss {loss['loss']:.4g}")
    if measured is not None and isinstance(measured.get(_RECALL), float):
        words.append(f"recall@1 {measured[_RECALL]:.3f}")
    return ", ".join(words)


def _last(events: Sequence[Event], kind: str) -> Event | None:
    return next((event for event in reversed(events) if event["kind"] == kind), None)
