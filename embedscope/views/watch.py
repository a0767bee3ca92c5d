"""watch: a training run as it goes: its curves, the map of its net, and the hand on it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import traitlets
from jaxtyping import Float32

from embedscope._errors import EmbedscopeError, InputError, StoreError, unknown_name
from embedscope.items.items import Items
from embedscope.training.held_items import held_items
from embedscope.training.run import Run
from embedscope.training.training_data import DOMAIN, LABEL
from embedscope.views.answers.original import Originals
from embedscope.views.answers.payloads import Payloads
from embedscope.views.channel import Answer, AnswerFunction, Channel, Request
from embedscope.views.coloring import Coloring, no_coloring
from embedscope.views.following import Following
from embedscope.views.lanes import Lane
from embedscope.views.picture import MapPicture
from embedscope.views.pictured import Pictured
from embedscope.views.snapshot_maps import SnapshotMaps
from embedscope.views.training_colors import ColorKey, color_choices, training_coloring
from embedscope.views.training_facts import training_facts
from embedscope.views.training_picture import TrainingPicture
from embedscope.views.training_words import run_line, run_title
from embedscope.views.wire import rows_to_wire, scale_coords, to_wire

__all__ = ["Watch", "watch"]

_LOOK_EVERY_S = 1.0
# One that has ended may be taken up again, here or elsewhere: a look at one file's size.
_ENDED_LOOK_EVERY_S = 2.0
_SHARE = 9.0
_NEWEST = -1


class Watch(Pictured):
    """A training run in a view that follows it. Made by `embedscope.watch`.

    Parameters
    ----------
    run : Run
        The run.
    title : str, optional
        The line above; what the run does if not given.
    height : int
        Of the view's body, in pixels, from 200 to 4000.

    Attributes
    ----------
    map_step : int
        The step whose map is shown; -1: always the newest. Set from either side.
    color_by : {"domain", "label", "none"}
        What the map's colours show; the classes where there is one domain.
    selection : list of str or of int
        Ids of selected items on the map.
    theme : {"auto", "light", "dark"}
        Of the view.
    run : Run
        What is shown.

    Notes
    -----
    A thread looks at the run each second while it works, and at the size of one file while it does not; it
    ends with `close`, or once the run is done. Another one makes the maps: UMAP of at most 1,500 items of the
    validation, each from the one before; the run's folder keeps them. The same view comes back with
    ``embedscope.watch(folder)`` after a restart of the kernel.
    """

    _panes: ClassVar[tuple[str, ...]] = ("training",)

    def __init__(self, run: Run, *, title: str | None = None, height: int = 640) -> None:
        self.run = run
        self._maps = SnapshotMaps(run.folder.snapshots, run.folder.maps)
        self._mapping, self._is_mapping = Lane("maps of a run", 1), False
        self._data: Items | None = None
        self._coloring: Coloring = no_coloring()
        self._size, self._trouble = -1, ""
        self._given_title = title
        self._channel = Channel(self._answers())
        self._following = Following(self._look)
        facts = training_facts(run)
        super().__init__(
            _no_items(),
            panes=list(self._panes),
            universe=self._universe(facts, 0),
            coords=to_wire(np.empty((0, 2), np.float32)),
            color=self._coloring.to_wire(),
            color_by=DOMAIN,
            color_choices=color_choices(),
            hover_columns=[LABEL, DOMAIN],
            training={**facts, "maps": self._map_facts()},
            height=height,
        )
        self.observe(self._recolor, "color_by")
        self.observe(self._move_map, "map_step")
        self.on_msg(self._answer)
        self._following.start()

    def __repr__(self) -> str:
        return f"Watch({self.run!r})"

    def close(self) -> None:
        """Close the view; the run goes on."""
        self._following.close()
        super().close()

    def refresh(self) -> None:
        """Bring the view up to date now; its thread does so by itself."""
        facts = training_facts(self.run)
        with self._changing, self.hold_sync():
            self._show(facts)
        if self._maps.waiting():
            self._make_maps()

    def wait_for_maps(self) -> None:
        """Make the maps that are still missing, on this thread."""
        while self._maps.make_next() is not None:
            self._show_map()
        self._show_map()

    def picture(self) -> TrainingPicture:
        """Describe what `to_png` draws.

        Returns
        -------
        TrainingPicture
            The curves as they are now and the map of the chosen step. One of a run that has ended waits for
            the maps.
        """
        if self.run.is_over:
            self.wait_for_maps()
        facts = training_facts(self.run)
        with self._changing, self.hold_sync():
            self._show(facts)
            shown = MapPicture(
                scale_coords(self._places()),
                self._coloring,
                title=self.universe["title"],
                facts=self.universe["facts"],
                selected=self.selected_rows,
            )
        return TrainingPicture(shown, self.training)

    @traitlets.validate("color_by")  # type: ignore[untyped-decorator]
    def _check_color_by(self, proposal: Any) -> str:
        known = [choice["key"] for choice in color_choices()]
        if proposal["value"] not in known:
            raise unknown_name("colouring", str(proposal["value"]), known)
        return str(proposal["value"])

    def _look(self) -> float | None:
        state = self.training.get("state")
        size = _size_of(self.run.folder.events)
        if state not in ("running", "paused") and size == self._size:
            # Killed processes say nothing, but then they were not over before either.
            return None if state == "done" and not self._is_mapping else _ENDED_LOOK_EVERY_S
        self._size = size
        begin = time.monotonic()
        self.refresh()
        # Of a run with very many events a look takes longer: it must not take a core from the training.
        return max(_LOOK_EVERY_S, _SHARE * (time.monotonic() - begin))

    def _show(self, facts: dict[str, Any]) -> None:
        said = {**facts, "maps": self._map_facts()}
        if said != self.training:
            self.training = said
            self.universe = self._universe(facts, len(self._items))
            self._draw_again()

    def _universe(self, facts: dict[str, Any], count: int) -> dict[str, Any]:
        title = run_title(facts) if self._given_title is None else self._given_title
        return {"n": count, "modality": "image", "title": title, "facts": run_line(facts), "queries": []}

    def _make_maps(self) -> None:
        with self._changing:
            if self._is_mapping:
                return
            self._is_mapping = True
        self._mapping.run(self._make_all_maps)

    def _make_all_maps(self) -> None:
        try:
            while self.comm is not None and self._maps.make_next() is not None:
                self._show_map()
        finally:
            self._is_mapping = False
            self._show_map()

    @property
    def _shown_step(self) -> int | None:
        """The step whose map is shown: the chosen one, or the last before it that has a map."""
        steps = self._maps.steps
        before = [step for step in steps if self.map_step in (_NEWEST, step) or step < self.map_step]
        return before[-1] if before else (steps[0] if steps else None)

    def _places(self) -> Float32[np.ndarray, "items 2"]:
        step = self._shown_step
        known = step is not None and len(self._items) == len(self._maps.ids)
        return self._maps.places(step) if known and step is not None else np.empty((0, 2), np.float32)

    def _map_facts(self) -> dict[str, Any]:
        step = self._shown_step
        trust = None if step is None else round(self._maps.layout(step).trustworthiness, 3)
        problems = self._maps.problems
        return {
            "steps": self._maps.steps,
            "shown": step,
            "trust": trust,
            "waiting": len(self._maps.waiting()),
            "problem": (self._trouble or (problems[-1] if problems else ""))[:1000],
        }

    def _show_map(self) -> None:
        with self._changing, self.hold_sync():
            if self._items.ids != self._maps.ids:
                try:
                    self._take_items()
                except EmbedscopeError as error:
                    self._trouble = f"There is no map: {error}"
            places = self._places()
            if len(places) == len(self._items):
                self.coords = to_wire(places)
            self.training = {**self.training, "maps": self._map_facts()}

    def _take_items(self) -> None:
        """Find the items of the maps among those of the run."""
        first = self._data is None
        if self._data is None:
            self._data = held_items(self.run.folder.data) or _no_items()
        known = all(map(self._data.has_id, self._maps.ids))
        if not known:
            raise StoreError(
                f"The snapshots in {self.run.folder.snapshots} are of items that are not among those in "
                f"{self.run.folder.data}."
            )
        self._trouble = ""
        self.selection_rows = rows_to_wire(np.empty(0, np.uint32))
        self._items = self._data.subset(self._maps.ids)
        self.universe = self._universe(self.training, len(self._items))
        self.coords = to_wire(self._places())
        if first and len(set(self._items.column(DOMAIN).tolist())) == 1:
            # One colour for all would say nothing.
            self.color_by = LABEL
        self._recolor(None)

    def _move_map(self, _: Any) -> None:
        self._show_map()

    def _recolor(self, _: Any) -> None:
        with self._changing:
            key: ColorKey = self.color_by
            self._coloring = training_coloring(self._items, key, self.training.get("domains", []))
            self.color = self._coloring.to_wire()

    def _answers(self) -> dict[str, AnswerFunction]:
        return {
            "control_run": self._control,
            "original": Originals(lambda: self._items),
            "payload": Payloads(lambda: self._items, lambda: self.hover_columns),
        }

    def _answer(self, _: object, content: object, buffers: list[bytes]) -> None:
        self._channel.handle(content, buffers, self.send)

    def _control(self, request: Request) -> Answer:
        want = request.content.get("want")
        steer = {"pause": self.run.pause, "resume": self.run.resume, "stop": self.run.stop}
        if want not in steer:
            raise InputError(f"A run is told to pause, resume or stop; {want!r} came.")
        steer[want]()
        self.refresh()
        self._size = -1
        self._following.start()
        return Answer()


def watch(run: Run | str | Path, *, title: str | None = None, height: int = 640) -> Watch:
    """Watch a training run: loss, Recall@1 and KL per domain, the net's map, pause, resume and stop.

    Parameters
    ----------
    run : Run, str or Path
        What `embedscope.distill` or `embedscope.train_specialist` gave, or a run's folder: the same run is
        found again after a restart of the kernel, also while it works.
    title : str, optional
        The line above; what the run does if not given.
    height : int
        Of the view's body, in pixels, from 200 to 4000.

    Returns
    -------
    Watch
        A widget.

    Raises
    ------
    MissingError
        If there is no such run, or the front end was not built.

    Examples
    --------
    >>> watch("runs/nowhere")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    embedscope._errors.MissingError: There is no run in runs/nowhere: it has no config.json.
    """
    return Watch(run if isinstance(run, Run) else Run(run), title=title, height=height)


def _no_items() -> Items:
    columns = {name: pa.array([], pa.string()) for name in (LABEL, DOMAIN)}
    return Items((), (), "image", pa.table(columns), name="validation")


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
