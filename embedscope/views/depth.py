"""The levels of a map's clusters, found while the map is already there."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from embedscope.clusters.cluster import Clusters
from embedscope.clusters.levels import cluster_levels
from embedscope.layouts.layout import Layout
from embedscope.spaces.space import Space

_LOG = logging.getLogger("embedscope")
_AT_ONCE = 1_000
# Pictures of so many items wait for the levels, so that they are the same on every run.
_FEW = 20_000
_MOST_SECONDS = 30.0
# With more the view comes first: whatever draws it would have to share the interpreter with the search.
_SECONDS_BEFORE = 3.0


class Depth:
    """Finds cluster levels once, on a thread of its own unless there are few items.

    Parameters
    ----------
    space, layout, clusters
        Of the map.
    """

    def __init__(self, space: Space, layout: Layout, clusters: Clusters) -> None:
        self._parts = space, layout, clusters
        self._base = (clusters,)
        self._finding, self._ended = threading.Lock(), threading.Event()
        self._found: tuple[Clusters, ...] | None = None

    @property
    def known(self) -> tuple[Clusters, ...]:
        """What is known by now: the base alone, or all levels."""
        return self._base if self._found is None else self._found

    def find(self) -> tuple[Clusters, ...]:
        """Give the levels, coarse to fine; wait for them if they are being found."""
        with self._finding:
            if self._found is None:
                self._found = cluster_levels(*self._parts)
            return self._found

    def start(self, then: Callable[[], None]) -> None:
        """Find the levels, at once where that takes no time, and call back.

        Parameters
        ----------
        then : callable
            Called when they are there, on whatever thread found them.
        """
        if len(self._parts[0]) <= _AT_ONCE:
            self.find()
            self._ended.set()
            then()
        else:
            pause = 0 if self._few else _SECONDS_BEFORE
            timer = threading.Timer(pause, self._find_and_tell, args=(then,))
            timer.daemon = True
            timer.start()

    def wait(self) -> None:
        """Wait until the search has ended, well or not; where there are many items, not at all."""
        if self._few:
            self._ended.wait(_MOST_SECONDS)

    @property
    def _few(self) -> bool:
        return len(self._parts[0]) <= _FEW

    def _find_and_tell(self, then: Callable[[], None]) -> None:
        try:
            self.find()
        except Exception:
            # The map has its names; those for nearer and farther views are missing.
            _LOG.warning("The clusters of a map could not be opened or merged.", exc_info=True)
        finally:
            self._ended.set()
        then()
