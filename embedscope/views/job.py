"""A run of the workbench: from data to an explorer, on its own thread, heard and stopped from outside."""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, TypeAlias

from embedscope._errors import InputError
from embedscope._progress import Cancelled, Progressed, listening
from embedscope.clusters.cluster import Clusters, cluster
from embedscope.encoders.load import load_encoder
from embedscope.encoders.protocol import Encoder
from embedscope.items.items import Items
from embedscope.items.load import load_items
from embedscope.layouts.layout import Layout, layout, method_for
from embedscope.spaces.cached import count_cached
from embedscope.spaces.encode import encode
from embedscope.spaces.space import Space
from embedscope.views.job_words import Order, check_fits, duration, error_words
from embedscope.views.rate import Rate
from embedscope.views.variables import count

State: TypeAlias = Literal["running", "done", "cancelled", "failed"]
Show: TypeAlias = Callable[[Space, Layout, Clusters], object]
Publish: TypeAlias = Callable[[dict[str, Any]], object]

# Five messages a second are as many as a person reads.
_EVERY_S = 0.2
# What a cancel may cost: a twentieth of the work, between these numbers of items.
_STEPS = 20
_CHUNKS = (32, 1024)


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
        Gets the space, the layout and the clusters, on the job's thread.
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
        self._data, self._show, self._publish = data, show, publish
        self._stop = threading.Event()
        self._lock = threading.RLock()
        self._rate = Rate()
        self._told = 0.0
        self._items: Items | None = None
        self._encoder: Encoder | None = None
        self._thread = threading.Thread(target=self._context(), name="embedscope job", daemon=True)

    def __repr__(self) -> str:
        return f"Job({self.order.title!r}, {self.order.encoder!r}: {self.status.state}, {self.status.stage})"

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
            # A join without a limit may hear of Ctrl-C only when it is over.
            while self._thread.is_alive():
                self._thread.join(_EVERY_S)
        except KeyboardInterrupt:
            self.cancel()
            raise

    def _context(self) -> Callable[[], None]:
        """Stay in the context of the caller: the kernel finds by it where an output belongs."""
        context = contextvars.copy_context()
        return lambda: context.run(self._work)

    def _work(self) -> None:
        began = time.monotonic()
        try:
            with listening(self._hear):
                space = self._space()
                self._check()
                self._begin("Laying out the map")
                places = layout(space, method=method_for(len(space)))
                self._begin("Finding clusters")
                groups = cluster(space, places)
                self._begin("Opening the explorer")
                self._show(space, places, groups)
        except Cancelled as stop:
            self._end("cancelled", stop, f"Cancelled. {self._kept() or 'Nothing was computed yet.'}")
        except BaseException as error:
            # Whatever it is, the pane must say it: nobody is above to hear of it.
            at_encoder = self._items is not None and self._encoder is None
            words = error_words(error, self.order, self._kept(), at_encoder)
            self._end("failed", error, "Failed", words)
        else:
            self._end("done", None, self._summary(space, time.monotonic() - began))

    def _space(self) -> Space:
        order = self.order
        if not order.encoder:
            return _sampled(self._data, order.sample)
        self._begin(f"Loading {order.title}")
        source = self._data.items if isinstance(self._data, Space) else self._data
        items = load_items(source, sample=order.sample)
        if not len(items.valid):
            reasons = "; ".join(str(problem) for problem in items.problems[:3])
            raise InputError(f"There is nothing to embed in {order.title!r}. {reasons}".strip())
        self._items = items.valid
        check_fits(order.encoder, items.modality, order.title)
        self._begin(f"Loading {order.encoder}")
        self._encoder = load_encoder(order.encoder, device=order.device)
        self._begin(f"Encoding with {order.encoder}")
        return encode(items, self._encoder, chunk=_chunk(len(items)), progress=False)

    def _summary(self, space: Space, seconds: float) -> str:
        what = f"{count(len(space), space.items.modality)} of {self.order.title}"
        how = f" by {self.order.encoder}" if self.order.encoder else ""
        return f"{what}{how}, in {duration(seconds)}"

    def _kept(self) -> str:
        if self._items is None or self._encoder is None:
            return ""
        cached, total = count_cached(self._items, self._encoder)
        return f"{cached:,} of {total:,} vectors are kept; run again to go on."

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
        encoding = self._encoder is not None
        stage = f"Encoding with {self.order.encoder}" if encoding else now.description
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


def _sampled(space: Space, sample: int | None) -> Space:
    return space if sample is None else space.subset(space.items.sample(sample).ids)


def _chunk(n: int) -> int:
    smallest, largest = _CHUNKS
    return min(largest, max(smallest, n // _STEPS))
