"""The names that stand on a map: one for each cluster, at a point in its midst."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from jaxtyping import Float32, Int

from embedscope.views.categories import cluster_ranks, one_line


@dataclass(frozen=True)
class MapLabel:
    """A name on the map.

    Parameters
    ----------
    name : str
        The cluster's.
    x, y : float
        Where it points, in the coordinates of the map.
    size : int
        Items in the cluster: the larger is placed first.
    code : int
        The cluster's rank by size, which is its code when the map is coloured by cluster.
    min_zoom : float
        How many times closer than the whole map one must be to see it.
    max_zoom : float, optional
        From where finer names take its place; None where it stays.
    """

    name: str
    x: float
    y: float
    size: int
    code: int
    min_zoom: float = 1.0
    max_zoom: float | None = None

    def to_wire(self) -> dict[str, Any]:
        """Give one entry of the widget's ``labels`` trait.

        Returns
        -------
        dict
            JSON values.
        """
        return asdict(self)


def cluster_labels(
    coords: Float32[np.ndarray, "items 2"], labels: Int[np.ndarray, " items"], name_of: Callable[[int], str]
) -> tuple[MapLabel, ...]:
    """Make a label for each cluster, largest first.

    Parameters
    ----------
    coords : ndarray of float32, shape (items, 2)
        Places on the map.
    labels : ndarray of int, shape (items,)
        Cluster of each item, -1 where it has none.
    name_of : callable
        From a label to its name.

    Returns
    -------
    tuple of MapLabel
        Each at the cluster's own point that is nearest to its median: the median itself may lie outside
        of a crescent.

    Notes
    -----
    Cost: one sort of the labels, O(items log items).

    Examples
    --------
    >>> coords = np.array([[0, 0], [0.2, 0], [1, 1]], np.float32)
    >>> [label.name for label in cluster_labels(coords, np.array([1, 1, 0]), ["cats", "dogs"].__getitem__)]
    ['dogs', 'cats']
    """
    order = np.argsort(labels, kind="stable")
    ends = np.searchsorted(labels[order], np.arange(int(labels.max(initial=-1)) + 2))
    made = []
    for code, label in enumerate(cluster_ranks(labels)):
        members = coords[order[ends[label] : ends[label + 1]]]
        gaps = ((members - np.median(members, axis=0)) ** 2).sum(axis=1)
        x, y = members[gaps.argmin()]
        made.append(MapLabel(one_line(name_of(label)), float(x), float(y), len(members), code))
    return tuple(made)
