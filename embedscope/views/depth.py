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


class Depth:
    """Finds cluster levels once, on a thread of its own where there are many items.

    Parameters
    ----------
    space, layout, clusters
        Of the map.
    """

    def __init__(self, space: Space, layout: Layout, clusters: Clusters) -> None:
        self._parts = space, layout, clusters
        self._finding = threading.Lock()
        self._found: tuple[Clusters, ...] | None = None

    @property
    def known(self) -> tuple[Clusters, ...]:
        """What is known by now: the base alone, or all levels."""
        return (self._parts[2],) if self._found is None else self._found

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
            then()
        else:
            threading.Thread(target=self._find_and_tell, args=(then,), daemon=True).start()

    def _find_and_tell(self, then: Callable[[], None]) -> None:
        try:
            self.find()
            then()
        except Exception:
            # The map has its names; those for nearer and farther views are missing.
            _LOG.warning("The clusters of a map could not be opened or merged.", exc_info=True)
