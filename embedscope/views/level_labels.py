"""The names on a map at every depth: few from afar, more from near, none missing in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Float32

from embedscope.clusters.cluster import Clusters
from embedscope.clusters.levels import parents_of
from embedscope.views.categories import cluster_ranks, one_line
from embedscope.views.labels import MapLabel, cluster_labels

_READ_AT_A_GLANCE = 18
_BASE_STARTS = 1.4, 2.2
_FINE_STARTS = 2.5, 5.0


def level_labels(coords: Float32[np.ndarray, "items 2"], levels: Sequence[Clusters]) -> tuple[MapLabel, ...]:
    """Make the labels of clusters at several depths, each to be seen from its own distance.

    Parameters
    ----------
    coords : ndarray of float32, shape (items, 2)
        Places on the map.
    levels : sequence of Clusters
        From coarse to fine, as `cluster_levels` gives them.

    Returns
    -------
    tuple of MapLabel
        Coarse to fine, the largest first within a level. A cluster that is the same in two levels has one
        label for both.

    Notes
    -----
    A level's names begin at the zoom √(names/18), where about 18 are in sight: the base's from 1.4 to 2.2,
    the parts' from 2.5 to 5. Where a name ends, its parts' begin, so that no cluster is without one. Codes
    are those of the base's colours; a coarse name has that of its largest member.

    Examples
    --------
    >>> ones = np.ones(4, np.float32)
    >>> base = Clusters(np.array([0, 0, 0, 1], np.int32), ones, ("cats", "dogs"), "map", {})
    >>> parts, names = np.array([0, 0, 2, 1], np.int32), ("lions", "dogs", "lynx")
    >>> fine = Clusters(parts, ones, names, "map", {"level": "fine"})
    >>> labels = level_labels(np.zeros((4, 2), np.float32), [base, fine])
    >>> [(label.name, label.min_zoom, label.max_zoom) for label in labels]
    [('cats', 1.0, 2.5), ('dogs', 1.0, None), ('lions', 2.5, None), ('lynx', 2.5, None)]
    """
    base = base_place(levels)
    starts = _starts(levels, base)
    codes = _codes(levels, base)
    begins = [np.full(len(level), start) for level, start in zip(levels, starts, strict=True)]
    names = [[one_line(name) for name in level.names] for level in levels]
    made: list[MapLabel] = []
    for place, level in enumerate(levels):
        if place:
            _carry_over(levels, place, begins, names, keep_names=place > base)
        ends = starts[place + 1] if place + 1 < len(levels) else None
        lasting = _same_below(level, levels[place + 1]) if ends is not None else np.zeros(len(level), bool)
        labels = cluster_labels(coords, level.labels, level.name_of)
        for label, one in zip(cluster_ranks(level.labels), labels, strict=True):
            if not lasting[label]:
                begin = float(begins[place][label])
                stays = replace(one, name=names[place][label], code=codes[place][label], min_zoom=begin)
                made.append(replace(stays, max_zoom=ends))
    return tuple(sorted(made, key=lambda label: (label.min_zoom, -label.size)))


def base_place(levels: Sequence[Clusters]) -> int:
    """Find the level that is neither merged nor opened.

    Parameters
    ----------
    levels : sequence of Clusters
        As `cluster_levels` gives them.

    Returns
    -------
    int
        Its place.
    """
    return next(place for place, level in enumerate(levels) if level.parameters.get("level") is None)


def _starts(levels: Sequence[Clusters], base: int) -> list[float]:
    starts = [1.0]
    for place in range(1, len(levels)):
        low, high = _BASE_STARTS if place == base else _FINE_STARTS
        in_sight = (len(levels[place]) / _READ_AT_A_GLANCE) ** 0.5
        starts.append(round(min(max(in_sight, low), high), 2))
    return starts


def _codes(levels: Sequence[Clusters], base: int) -> list[list[int]]:
    rank = {label: place for place, label in enumerate(cluster_ranks(levels[base].labels))}
    codes = []
    for place, level in enumerate(levels):
        if place >= base:
            codes.append([rank[int(label)] for label in parents_of(level, levels[base])])
        else:
            # The base is sorted by rank here: the first of a parent's members is its largest.
            ranked = sorted(rank, key=rank.__getitem__)
            parents = parents_of(levels[base], level)[ranked].tolist()
            codes.append([parents.index(label) for label in range(len(level))])
    return codes


def _same_below(above: Clusters, below: Clusters) -> np.ndarray:
    """Tell which clusters have one child that holds all their items."""
    parents = parents_of(below, above)
    held = np.bincount(parents, below.sizes, minlength=len(above))
    return np.asarray((np.bincount(parents, minlength=len(above)) == 1) & (held == above.sizes))


def _carry_over(
    levels: Sequence[Clusters],
    place: int,
    begins: list[np.ndarray],
    names: list[list[str]],
    *,
    keep_names: bool,
) -> None:
    """Let a cluster that was there in the level above begin there; below the base it keeps its name too."""
    parents = parents_of(levels[place], levels[place - 1])
    same = _same_below(levels[place - 1], levels[place])
    for label, parent in enumerate(parents.tolist()):
        if same[parent]:
            begins[place][label] = begins[place - 1][parent]
            if keep_names:
                names[place][label] = names[place - 1][parent]
