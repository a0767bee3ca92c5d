"""A run of the workbench: from data to an explorer, on its own thread, heard and stopped from outside."""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, TypeAlias

from embedscope._progress import Cancelled, Progressed, listening
from embedscope.clusters.cluster import Clusters, cluster
from embedscope.comparison.comparison import Comparison, compare
from embedscope.layouts.layout import Layout, layout, method_for
from embedscope.spaces.space import Space
from embedscope.views.job_encoding import Encoding
from embedscope.views.job_words import Order, error_words
from embedscope.views.rate import Rate

State: TypeAlias = Literal["running", "done", "cancelled", "failed"]
Show: TypeAlias = Callable[[Space | Comparison, Layout, Clusters], object]
Publish: TypeAlias = Callable[[dict[str, Any]], object]

# Five messages a second are as many as a person reads.
_EVERY_S = 0.2
# A wait without a limit may hear of Ctrl-C only when it is over.
_LISTEN_S = 0.2


@dataclass(frozen=True)
class JobStatus:
    """How a run stands, as ``interface Job`` of the front end has it.

    Parameters
    ----------
    state : {"running", "done", "cancelled", "failed"}
        Whether it runs, or how it ended.
    stage : str
        What is done now, or how it ended, in words.
    done : int
        Units that are finished at this stage.
    total : int or None
        Units in all; None where the stage counts none.
    unit : str
        What is counted, in the plural; empty where nothing is.
    rate : float or None
        Units a second.
    remaining_s : float or None
        Seconds that the stage still takes.
    error : str
        What went wrong, in words; empty: nothing.
    line : str
        The Python that does the same.
    """

    state: State = "running"
    stage: str = ""
    done: int = 0
    total: int | None = None
    unit: str = ""
    rate: float | None = None
    remaining_s: float | None = None
    error: str = ""
    line: str = ""


class Job:
    """One run.

    Parameters
    ----------
    order : Order
        What is to be done.
    data : object
        What `embedscope.load_items` takes, or a space.
    show : callable
        Gets the space, or the comparison where there is a student, and the layout and the clusters of the
        (teacher's) space, on the job's thread.
    publish : callable
        Gets the status as JSON values, at most about five times a second, from any thread.

    Attributes
    ----------
    status : JobStatus
        How it stands.
    error : BaseException or None
        What ended it.

    Examples
    --------
    >>> space = Space.from_arrays([[0, 1], [1, 0], [1, 1]])
    >>> job = Job(Order("variable:space", has_vectors=True), space, lambda *_: None, lambda _: None)
    >>> job.start()
    >>> job.wait()
    >>> job.status.state, job.status.line
    ('done', 'es.explore(space)')
    """

    def __init__(self, order: Order, data: Any, show: Show, publish: Publish) -> None:
        self.order = order
        self.status = JobStatus(stage="Starting", line=order.line)
        self.error: BaseException | None = None
        self._show, self._publish = show, publish
        self._stop, self._ended = threading.Event(), threading.Event()
        self._lock = threading.RLock()
        self._rate = Rate()
        self._told = 0.0
        self._encoding = Encoding(order, data, self._begin)
        self._thread = threading.Thread(target=self._context(), name="embedscope job", daemon=True)

    def __repr__(self) -> str:
        encoders = " and ".join(repr(name) for name in (self.order.encoder, self.order.student) if name)
        return (
            f"Job({self.order.title!r}, {encoders or 'as it is'}: {self.status.state}, {self.status.stage})"
        )

    @property
    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self.status.state == "running"

    def start(self) -> None:
        """Begin, and return at once."""
        self._set(self.status)
        self._thread.start()

    def cancel(self) -> None:
        """Stop it at the next batch; a layout that has begun ends first."""
        with self._lock:
            if self.is_running and not self._stop.is_set():
                self._stop.set()
                self._set(replace(self.status, stage="Cancelling"))

    def wait(self) -> None:
        """Wait until it has ended; Ctrl-C while waiting cancels it."""
        try:
            # Not by Thread.join: where Ctrl-C interrupts one, Python 3.11 takes the thread for ended.
            while self._thread.ident is not None and not self._ended.wait(_LISTEN_S):
                continue
        except KeyboardInterrupt:
            self.cancel()
            raise

    def _context(self) -> Callable[[], None]:
        """Stay in the context of the caller: the kernel finds by it where an output belongs."""
        context = contextvars.copy_context()

        def work() -> None:
            try:
                context.run(self._work)
            finally:
                self._ended.set()

        return work

    def _work(self) -> None:
        began = time.monotonic()
        encoding = self._encoding
        try:
            with listening(self._hear):
                spaces = encoding.spaces()
                self._check()
                self._open(spaces)
        except Cancelled as stop:
            self._end("cancelled", stop, f"Cancelled. {encoding.kept() or 'Nothing was computed yet.'}")
        except BaseException as error:
            # Whatever it is, the pane must say it: nobody is above to hear of it.
            at_hand = replace(self.order, encoder=encoding.at_hand or self.order.encoder)
            words = error_words(error, at_hand, encoding.kept(), encoding.is_loading)
            self._end("failed", error, "Failed", words)
        else:
            self._end("done", None, self.order.summary(spaces[0], time.monotonic() - began))

    def _open(self, spaces: tuple[Space, ...]) -> None:
        first, student = spaces[0], spaces[1:]
        self._begin("Laying out the teacher's map" if student else "Laying out the map")
        places = layout(first, method=method_for(len(first)))
        self._begin("Finding clusters")
        groups = cluster(first, places)
        # The student's own map starts from the teacher's and is made where the view is.
        self._begin("Laying out the student's map" if student else "Opening the explorer")
        self._show(compare(first, student[0]) if student else first, places, groups)

    def _begin(self, stage: str) -> None:
        self._check()
        self._rate = Rate()
        self._set(JobStatus(stage=stage, line=self.order.line))

    def _check(self) -> None:
        if self._stop.is_set():
            raise Cancelled

    def _hear(self, now: Progressed) -> None:
        self._check()
        self._rate.mark(now.done)
        if time.monotonic() - self._told < _EVERY_S and now.done:
            return
        stage = self._encoding.stage or now.description
        self._set(
            replace(
                self.status,
                stage=f"{stage}; {now.note}" if now.note else stage,
                done=now.done,
                total=now.total,
                unit=now.unit if now.unit.isupper() else f"{now.unit}s",
                rate=self._rate.per_second,
                remaining_s=self._rate.remaining(now.total),
            )
        )

    def _end(self, state: State, error: BaseException | None, stage: str, words: str = "") -> None:
        self.error = error
        self._set(JobStatus(state=state, stage=stage, error=words, line=self.order.line))

    def _set(self, status: JobStatus) -> None:
        with self._lock:
            if self._stop.is_set() and status.state == "running":
                status = replace(status, stage="Cancelling")
            self.status = status
            self._told = time.monotonic()
            self._publish(asdict(status))
