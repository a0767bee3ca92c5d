"""Clusters at several depths: coarse ones from afar, finer ones from near, each inside a coarser one."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
from jaxtyping import Float32, Int32, Int64

from embedscope._errors import InputError
from embedscope.clusters.cluster import Clusters, map_points
from embedscope.clusters.density import largest_first
from embedscope.clusters.merging import merge_centres
from embedscope.clusters.names import unlike_names
from embedscope.clusters.naming import Naming, naming_of
from embedscope.clusters.parts import Parts, find_parts, sample

# As many names as one reads at a glance; with a few more nothing is gained by merging.
_MANY = 18
_COARSE = 10
_TEXTS_READ = 8_000
# Of a cluster, so that what is opened altogether stays bounded where clusters are large.
_FEWEST_SAMPLED, _MOST_SAMPLED, _SAMPLED = 1_000, 3_000, 30_000
# With more, parts would be told apart at zooms where the map is a blur of points all the same.
_MOST_OPENED = 2_000_000


def cluster_levels(space: object, layout: object, clusters: Clusters) -> tuple[Clusters, ...]:
    """Find the clusters of clusters, and the clusters within them.

    Parameters
    ----------
    space : Space, or array_like of shape (items, dims)
        What is grouped; a space's texts, captions or labels give the names.
    layout : Layout or array_like of shape (items, 2)
        The map on which they lie.
    clusters : Clusters
        The base.

    Returns
    -------
    tuple of Clusters
        From coarse to fine, the given ones among them, each nested in the one before: all items of a cluster
        are in one cluster of the level above, or in none. ``parameters["level"]`` is ``"coarse"`` or
        ``"fine"``; a level that would show nothing new is left out.

    Raises
    ------
    InputError
        If layout, clusters and space are not of the same items.

    Notes
    -----
    Coarse, where there are more than 18 clusters: merged to a third, and not more than 10, by weighted Ward
    linkage of their centres on the map (`merge_centres`). Fine, up to two million items: each cluster of 40
    items or more is opened (`find_parts`), on a seeded sample of 1,000 to 3,000 of its items where it is
    larger, if it has two to twelve parts that hold 40 % of it; the others stay as they are. A finer name
    says what differs within its parent. About 8,000 texts are read for the names. 2.7 s of one core for a
    million items without words in 20 clusters, and as much for 20,000 texts of 150 words.

    References
    ----------
    McInnes, Healy 2017, arXiv 1705.07321; Ward 1963, doi 10.1080/01621459.1963.10500845.

    Examples
    --------
    >>> from embedscope.clusters import cluster
    >>> x = np.repeat(np.eye(3), 20, axis=0) + np.random.default_rng(0).normal(0, 0.05, (60, 3))
    >>> base = cluster(x, x[:, :2])
    >>> [len(level) for level in cluster_levels(x, x[:, :2], base)]
    [3]
    """
    points = map_points(space, layout)
    if len(points) != len(clusters.labels):
        raise InputError(
            f"The clusters are of {len(clusters.labels):,} items, the layout is of {len(points):,}: "
            "give those of one space."
        )
    naming = naming_of(getattr(space, "items", None))
    fine = _open(points, clusters, naming) if len(points) <= _MOST_OPENED else None
    coarse = _merge(points, clusters, naming)
    return tuple(level for level in (coarse, clusters, fine) if level is not None)


def parents_of(fine: Clusters, coarse: Clusters) -> Int32[np.ndarray, " clusters"]:
    """Tell which cluster of a coarser level each cluster of a finer one lies in.

    Parameters
    ----------
    fine, coarse : Clusters
        Two levels of `cluster_levels`.

    Returns
    -------
    ndarray of int32, shape (clusters,)
        A cluster of ``coarse`` for each of ``fine``.

    Examples
    --------
    >>> ones = np.ones(3, np.float32)
    >>> fine = Clusters(np.array([0, 1, 1], np.int32), ones, ("a", "b"), "map", {})
    >>> parents_of(fine, Clusters(np.array([0, 0, 0], np.int32), ones, ("c",), "map", {})).tolist()
    [0, 0]
    """
    found: np.ndarray = coarse.labels[_one_of_each(fine.labels)]
    return found


def _one_of_each(labels: Int32[np.ndarray, " items"]) -> Int64[np.ndarray, " clusters"]:
    inside = np.flatnonzero(labels >= 0)
    one = np.empty(int(labels.max(initial=-1)) + 1, np.int64)
    one[labels[inside]] = inside
    return one


def _members(labels: Int32[np.ndarray, " items"]) -> list[Int64[np.ndarray, " members"]]:
    """Give the rows of each cluster, in order."""
    count = int(labels.max(initial=-1)) + 1
    # numpy sorts two bytes by their digits, ten times faster than four.
    keys = labels.astype(np.int16) if count < 1 << 15 else labels
    order = np.argsort(keys, kind="stable")
    ends = np.cumsum(np.bincount(labels + 1, minlength=count + 1))
    return [order[start:stop] for start, stop in itertools.pairwise(ends.tolist())]


def _merge(points: Float32[np.ndarray, "items 2"], base: Clusters, naming: Naming) -> Clusters | None:
    count = len(base)
    if count <= _MANY:
        return None
    inside = base.labels >= 0
    labels = base.labels[inside]
    sums = [np.bincount(labels, points[inside, axis], minlength=count) for axis in (0, 1)]
    centres = np.stack(sums, axis=1) / np.maximum(base.sizes, 1)[:, None]
    group = merge_centres(centres, base.sizes, min(_COARSE, -(-count // 3)))
    merged = largest_first(np.where(inside, group[base.labels], -1).astype(np.int32))
    found = Clusters(merged, base.probabilities, tuple("" for _ in range(group.max() + 1)), base.on, {})
    rows = _sampled_rows(merged)
    read = _texts_read(len(found))
    names = list(naming.name(merged[rows], base.probabilities[rows], rows=rows, texts_read=read))
    parents = parents_of(base, found)
    for label in np.flatnonzero(np.bincount(parents) == 1):
        names[label] = base.names[int(np.flatnonzero(parents == label)[0])]
    return replace(found, names=unlike_names(names), parameters={**base.parameters, "level": "coarse"})


def _sampled_rows(labels: Int32[np.ndarray, " items"]) -> Int64[np.ndarray, " rows"]:
    """Pick rows of each cluster: names need no more."""
    return np.concatenate([rows[sample(len(rows), _MOST_SAMPLED)] for rows in _members(labels)])


def _open(points: Float32[np.ndarray, "items 2"], base: Clusters, naming: Naming) -> Clusters | None:
    members = _members(base.labels)
    most = int(np.clip(_SAMPLED // max(len(base), 1), _FEWEST_SAMPLED, _MOST_SAMPLED))
    opened = [find_parts(points[rows], most) for rows in members]
    count = sum(len(parts) for parts in opened if parts is not None)
    if not count:
        return None
    labels = np.full(len(points), -1, np.int32)
    probabilities = base.probabilities.copy()
    names: list[str] = []
    for label, (rows, parts) in enumerate(zip(members, opened, strict=True)):
        if parts is None:
            labels[rows] = len(names)
            names.append(base.names[label])
        else:
            labels[rows] = np.where(parts.labels >= 0, parts.labels + len(names), -1)
            probabilities[rows] = parts.probabilities
            names += _part_names(naming, rows, parts, base.names[label], _texts_read(count))
    probabilities[base.labels < 0] = 0
    renumbered = largest_first(labels)
    unique = unlike_names(names)
    old = labels[_one_of_each(renumbered)]
    parameters = {**base.parameters, "level": "fine"}
    return Clusters(renumbered, probabilities, tuple(unique[label] for label in old), base.on, parameters)


def _part_names(
    naming: Naming, rows: Int64[np.ndarray, " members"], parts: Parts, parent: str, texts_read: int
) -> tuple[str, ...]:
    if naming.numbers_only:
        return tuple(f"{parent}.{part + 1}" for part in range(len(parts)))
    seen = parts.sampled
    return naming.name(parts.labels[seen], parts.probabilities[seen], rows=rows[seen], texts_read=texts_read)


def _texts_read(clusters: int) -> int:
    return max(30, _TEXTS_READ // max(clusters, 1))
