"""The maps of a net while it is trained: one a snapshot of its vectors, all in one frame."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from jaxtyping import Float32, Int64

from embedscope._errors import EmbedscopeError, InputError, StoreError
from embedscope.items.problems import ItemId
from embedscope.layouts.layout import Layout
from embedscope.layouts.next_layout import next_layout
from embedscope.training.vector_snapshots import read_snapshot, snapshot_steps
from embedscope.views.map_files import Stamp, read_map, stamp_of, write_map


@dataclass(frozen=True, eq=False)
class _Made:
    """A map, or why there is none, and of which snapshot."""

    stamp: Stamp
    layout: Layout | None
    problem: str = ""


@dataclass(eq=False)
class SnapshotMaps:
    """Maps of a run's snapshots: each starts from the one before and is turned alike.

    Parameters
    ----------
    snapshots : Path
        Folder of the run's snapshots.
    maps : Path
        Folder where the maps are kept, so that a later view shows the same ones at once; where it cannot be
        written, they are kept here alone.

    Notes
    -----
    A map of 1,500 items takes about a second. They are made in the order of their steps. Methods may be
    called from several threads.
    """

    snapshots: Path
    maps: Path
    _made: dict[int, _Made] = field(default_factory=dict, init=False, repr=False)
    _ids: tuple[ItemId, ...] = field(default=(), init=False, repr=False)
    _making: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    @property
    def ids(self) -> tuple[ItemId, ...]:
        """Of the items on the maps, in order; empty while there is no map."""
        return self._ids

    @property
    def steps(self) -> list[int]:
        """Steps that have a map, rising."""
        return sorted(step for step, made in self._made.copy().items() if made.layout is not None)

    @property
    def problems(self) -> list[str]:
        """Why steps have none, in sentences."""
        return [made.problem for _, made in sorted(self._made.copy().items()) if made.problem]

    def waiting(self) -> list[int]:
        """List the steps whose map is still to be made.

        Returns
        -------
        list of int
            Rising.
        """
        made = self._made.copy()
        return [
            step
            for step in snapshot_steps(self.snapshots)
            if step not in made or made[step].stamp != stamp_of(self.snapshots, step)
        ]

    def make_next(self) -> int | None:
        """Make the first map that is missing, or read it where it is kept.

        Returns
        -------
        int or None
            Its step; None where none was missing.
        """
        with self._making:
            step = next(iter(self.waiting()), None)
            if step is not None:
                self._made[step] = self._make(step)
                self._forget_others()
            return step

    def places(self, step: int) -> Float32[np.ndarray, "items 2"]:
        """Give a map in the frame that all of them share.

        Parameters
        ----------
        step : int
            One of `steps`.

        Returns
        -------
        ndarray of float32, shape (items, 2)
            In [-1, 1]; the frame grows where a later map needs more room.
        """
        found = [made.layout.coords for made in self._made.copy().values() if made.layout is not None]
        low = np.min([coords.min(axis=0) for coords in found], axis=0)
        high = np.max([coords.max(axis=0) for coords in found], axis=0)
        half = float(max((high - low).max() / 2, 1e-6))
        placed: Float32[np.ndarray, "items 2"] = (self.layout(step).coords - (low + high) / 2) / half
        return placed.astype(np.float32)

    def layout(self, step: int) -> Layout:
        """Give a map in its own coordinates.

        Parameters
        ----------
        step : int
            One of `steps`.

        Returns
        -------
        Layout
            With its trust.

        Raises
        ------
        InputError
            If the step has none.
        """
        made = self._made.get(step)
        if made is None or made.layout is None:
            raise InputError(
                f"Step {step:,} has no map; {', '.join(map(str, self.steps)) or 'none'} have one."
            )
        return made.layout

    def _make(self, step: int) -> _Made:
        stamp = stamp_of(self.snapshots, step)
        try:
            rows, vectors = self._read(step)
            kept = read_map(self.maps, step, stamp, len(self._ids))
            if kept is not None:
                return _Made(stamp, kept)
            found = self._lay_out(rows, vectors, self._before(step))
        except EmbedscopeError as error:
            return _Made(stamp, None, f"Step {step:,} has no map: {error}")
        try:
            write_map(self.maps, step, stamp, found)
        except StoreError:
            # A folder that is only read: the next view makes its maps again.
            return _Made(stamp, found)
        return _Made(stamp, found)

    def _read(self, step: int) -> tuple[Int64[np.ndarray, " kept"], Float32[np.ndarray, "kept dims"]]:
        """Read a snapshot as rows of the items that are on the maps, those of the first one."""
        ids, vectors = read_snapshot(self.snapshots, step)
        place = {value: row for row, value in enumerate(self._ids)}
        if not place or 2 * sum(value in place for value in ids) < len(place):
            # The first one, or another run has taken the folder.
            self._made.clear()
            self._ids = tuple(ids)
            place = {value: row for row, value in enumerate(ids)}
        known = np.array([value in place for value in ids], dtype=bool)
        rows = np.array([place[value] for value in ids if value in place], dtype=np.int64)
        return rows, vectors[known]

    def _lay_out(
        self,
        rows: Int64[np.ndarray, " kept"],
        vectors: Float32[np.ndarray, "kept dims"],
        before: Layout | None,
    ) -> Layout:
        """Lay out what was measured; an item whose image cannot be read any more stays where it was."""
        if before is None or len(rows) == len(self._ids):
            return next_layout(vectors, before)
        seen = replace(before, coords=before.coords[rows], point_trust=before.point_trust[rows])
        found = next_layout(vectors, seen)
        coords, point_trust = before.coords.copy(), np.full(len(self._ids), np.nan, np.float32)
        coords[rows], point_trust[rows] = found.coords, found.point_trust
        return replace(found, coords=coords, point_trust=point_trust)

    def _before(self, step: int) -> Layout | None:
        known = [other for other in self.steps if other < step]
        return self.layout(known[-1]) if known else None

    def _forget_others(self) -> None:
        there = set(snapshot_steps(self.snapshots))
        for step in [step for step in self._made if step not in there]:
            del self._made[step]
