"""workbench: pick data and one encoder or two by hand, run, and explore in place."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import ipywidgets
import numpy as np
import traitlets

from embedscope._errors import InputError, unknown_name
from embedscope._progress import Cancelled
from embedscope.clusters.cluster import Clusters
from embedscope.comparison.comparison import Comparison
from embedscope.layouts.layout import Layout
from embedscope.spaces.space import Space
from embedscope.views.channel import Answer, Channel, Request
from embedscope.views.explorer import Explorer, explore
from embedscope.views.job import Job
from embedscope.views.job_words import Order, check_fits
from embedscope.views.variables import describe
from embedscope.views.widget import Scope
from embedscope.views.wire import rows_to_wire, to_wire
from embedscope.views.workbench_choices import AUTO, VARIABLE, known_modality, workbench_choices

__all__ = ["Workbench", "workbench"]


def workbench(namespace: Mapping[str, Any] | None = None) -> Workbench:
    """Open the workbench: choose data and an encoder, or two to compare, embed, and explore.

    Parameters
    ----------
    namespace : mapping of str to object, optional
        Where variables are looked for; the notebook's own by default.

    Returns
    -------
    Workbench
        A widget.

    Raises
    ------
    MissingError
        If the front end was not built.

    Examples
    --------
    >>> bench = workbench({"texts": ["a cat", "a kitten", "a bridge"]})
    >>> bench.run("variable:texts", "wordllama")
    >>> bench.space.ids
    (0, 1, 2)
    """
    return Workbench(_notebook() if namespace is None else namespace)


def _notebook() -> Mapping[str, Any]:
    from IPython import get_ipython  # type: ignore[attr-defined, unused-ignore]

    shell = get_ipython()  # type: ignore[no-untyped-call, unused-ignore]
    return {} if shell is None else shell.user_ns


class Workbench(ipywidgets.VBox):  # type: ignore[misc]
    """A form to choose data, encoders and device, and under it the explorer of what was run last.

    Parameters
    ----------
    namespace : mapping of str to object
        Where variables are looked for, at each start and at `refresh`.

    Attributes
    ----------
    form : Scope
        The upper part.
    space : Space or None
        What was encoded last; of a teacher and a student the teacher's.
    comparison : Comparison or None
        What was compared last; None where the last run had no student.
    explorer : Explorer or None
        What shows it; each run makes a new one.
    job : Job or None
        The last run: ``status``, ``error``, ``wait()``.

    Raises
    ------
    MissingError
        If the front end was not built.

    Notes
    -----
    A run has a thread of its own, so that the notebook stays free; one run at a time. ``observe(...,
    "explorer")`` hears of each new explorer, on that thread.

    Examples
    --------
    >>> bench = Workbench({})
    >>> bench.explorer is None
    True
    """

    space = traitlets.Instance(Space, allow_none=True)
    comparison = traitlets.Instance(Comparison, allow_none=True)
    explorer = traitlets.Instance(Explorer, allow_none=True)

    def __init__(self, namespace: Mapping[str, Any]) -> None:
        self._namespace = namespace
        self._starting = threading.Lock()
        self.job: Job | None = None
        self.form = Scope(
            panes=["workbench"],
            universe={"n": 0, "modality": "text", "title": "Workbench", "facts": ""},
            coords=to_wire(np.empty((0, 2), np.float32)),
            selection_rows=rows_to_wire(np.empty(0, np.uint32)),
            workbench=workbench_choices(namespace),
        )
        answers = {
            "start_job": self._start_job,
            "cancel_job": self._cancel_job,
            "refresh_workbench": self._refresh,
        }
        self._channel = Channel(answers)
        self.form.on_msg(self._hear)
        super().__init__([self.form], layout=ipywidgets.Layout(grid_gap="12px"))

    def __repr__(self) -> str:
        return f"Workbench({self.job or 'nothing has run yet'})"

    def run(
        self,
        data: str,
        encoder: str = "",
        device: str | None = None,
        sample: int | None = None,
        *,
        student: str = "",
        wait: bool = True,
    ) -> None:
        """Run as the button does.

        Parameters
        ----------
        data : str
            A packaged data set, a folder, a file, ``"hf:owner/name"``, or ``"variable:<name>"``.
        encoder : str
            A name for `embedscope.load_encoder`; it may be left out where the variable is a space.
        device : str, optional
            For example ``"cpu"``; the best one where nothing is said.
        sample : int, optional
            Take so many items at random.
        student : str
            A second encoder: the first is then the teacher that it is compared with.
        wait : bool
            Return when it has ended, and raise what ended it; Ctrl-C cancels it. Else return at once.

        Raises
        ------
        InputError
            If a run is under way, an encoder cannot read the data, or nothing was chosen.
        MissingError
            If there is no such variable.
        """
        with self._starting:
            if self.job is not None and self.job.is_running:
                raise InputError("A run is under way: wait for it, or cancel it first.")
            found = self._find(data)
            chosen = None if device in (None, "", AUTO) else device
            order = Order(data, encoder, chosen, sample, isinstance(found, Space), student)
            _check(order, found)
            self.job = Job(order, found, self._show, self._tell)
            self.job.start()
        if wait:
            self._finish(self.job)

    def cancel(self) -> None:
        """Stop the run at its next batch; what is encoded is kept."""
        if self.job is not None:
            self.job.cancel()

    def refresh(self) -> None:
        """List the variables, the data sets and the devices anew."""
        self.form.workbench = workbench_choices(self._namespace)

    def _find(self, data: str) -> Any:
        if not data.startswith(VARIABLE):
            return data
        name = data.removeprefix(VARIABLE)
        if name not in self._namespace:
            known = [name for name, value in dict(self._namespace).items() if describe(value)]
            raise unknown_name("variable", name, known)
        return self._namespace[name]

    def _show(self, shown: Space | Comparison, layout: Layout, clusters: Clusters) -> None:
        explorer = explore(shown, layout=layout, clusters=clusters)
        self.comparison = shown if isinstance(shown, Comparison) else None
        self.space = shown.teacher if isinstance(shown, Comparison) else shown
        self.explorer = explorer
        self.children = (self.form, explorer)

    def _tell(self, status: dict[str, Any]) -> None:
        self.form.job = status

    def _finish(self, job: Job) -> None:
        job.wait()
        if isinstance(job.error, Cancelled):
            raise InputError(job.status.stage) from job.error
        if job.error is not None:
            raise job.error

    def _hear(self, _: object, content: object, buffers: list[bytes]) -> None:
        self._channel.handle(content, buffers, self.form.send)

    def _start_job(self, request: Request) -> Answer:
        content = request.content
        texts = {key: content.get(key) or "" for key in ("data", "encoder", "student", "device")}
        sample = content.get("sample")
        if not all(isinstance(value, str) for value in texts.values()):
            raise InputError("data, encoder, student and device are texts.")
        if sample is not None and type(sample) is not int:
            raise InputError(f"A sample is a whole number; {sample!r} came.")
        self.run(**texts, sample=sample, wait=False)
        return Answer()

    def _cancel_job(self, _: Request) -> Answer:
        self.cancel()
        return Answer()

    def _refresh(self, _: Request) -> Answer:
        self.refresh()
        return Answer()


def _check(order: Order, found: Any) -> None:
    """Refuse what cannot work, before anything is loaded."""
    if not order.data:
        raise InputError("Choose what to embed: a data set, a variable, a folder or a file.")
    if not order.encoder and not order.has_vectors:
        raise InputError(f"Choose an encoder for {order.title!r}.")
    if order.sample is not None and order.sample < 1:
        raise InputError(f"A sample has 1 item or more; {order.sample} came.")
    for encoder in filter(None, (order.encoder, order.student)):
        check_fits(encoder, known_modality(order.data, found), order.title)
