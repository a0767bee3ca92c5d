"""Clusters: groups of items with names, and what they were computed on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
from jaxtyping import Float32, Int32, Int64

from embedscope._arrays import as_vectors, normalise_rows
from embedscope._errors import InputError, unknown_name
from embedscope._table import Table
from embedscope.clusters.density import density_clusters
from embedscope.clusters.naming import naming_of
from embedscope.layouts.layout import layout as lay_out
from embedscope.layouts.subject import subject_of
from embedscope.layouts.umap import UmapOptions, umap_coords

ClusteredOn: TypeAlias = Literal["map", "vectors"]

UNCLUSTERED = "unclustered"
_SMALLEST = 5
_MIN_SAMPLES = 5
_VECTOR_NEIGHBORS = 15
_VECTOR_COMPONENTS = 5


@dataclass(frozen=True, eq=False)
class Clusters:
    """Groups of items, each with a name.

    Parameters
    ----------
    labels : ndarray of int32, shape (items,)
        Cluster of each item, from 0, the largest first; -1: in none.
    probabilities : ndarray of float32, shape (items,)
        How surely an item belongs to its cluster, from 0 to 1.
    names : tuple of str
        One a cluster, no two equal.
    on : {"map", "vectors"}
        What they were computed on: the map's two coordinates, or a five-dimensional layout of the vectors.
    parameters : mapping
        What they were computed with.
    """

    labels: Int32[np.ndarray, " items"]
    probabilities: Float32[np.ndarray, " items"]
    names: tuple[str, ...]
    on: ClusteredOn
    parameters: Mapping[str, Any]

    def __len__(self) -> int:
        return len(self.names)

    def __repr__(self) -> str:
        return (
            f"Clusters({len(self)} of {len(self.labels):,} items on the {self.on}, "
            f"{self.unclustered:.0%} unclustered)"
        )

    @property
    def sizes(self) -> Int64[np.ndarray, " clusters"]:
        """Items of each cluster."""
        return np.bincount(self.labels[self.labels >= 0], minlength=len(self.names)).astype(np.int64)

    @property
    def unclustered(self) -> float:
        """Share of the items that are in no cluster."""
        return float((self.labels < 0).mean()) if len(self.labels) else 0.0

    def name_of(self, label: int | np.integer) -> str:
        """Give a cluster's name.

        Parameters
        ----------
        label : int
            Its number; -1 for the items in none.

        Returns
        -------
        str
            The name, or ``"unclustered"``.

        Raises
        ------
        InputError
            If there is no such cluster.
        """
        if not -1 <= label < len(self.names):
            raise InputError(f"There is no cluster {label}: they go from 0 to {len(self.names) - 1}.")
        return UNCLUSTERED if label == -1 else self.names[label]

    def summary(self) -> Table:
        """List the clusters, the largest first, and last the items in none.

        Returns
        -------
        Table
            Number, name, items, share of all items and mean probability.
        """
        rows = []
        for label in [*range(len(self.names)), -1]:
            members = self.labels == label
            if not members.any():
                continue
            sure = None if label == -1 else round(float(self.probabilities[members].mean()), 2)
            rows.append((label, self.name_of(label), int(members.sum()), f"{members.mean():.1%}", sure))
        title = f"{len(self)} clusters on the {self.on}"
        return Table(("cluster", "name", "items", "share", "mean probability"), rows, title=title)

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()


def cluster(
    space: object,
    layout: object = None,
    *,
    on: ClusteredOn = "map",
    min_cluster_size: int | None = None,
    min_samples: int | None = None,
    random_state: int = 0,
) -> Clusters:
    """Group the items of a space, and name the groups.

    Parameters
    ----------
    space : Space, or array_like of shape (items, dims)
        What to group; a space's texts, captions or labels give the names.
    layout : Layout or array_like of shape (items, 2), optional
        The map to group on; made if not given. Not used with ``on="vectors"``.
    on : {"map", "vectors"}
        The map's own coordinates (what one sees is what is named), or a five-dimensional UMAP of the vectors.
    min_cluster_size : int, optional
        Fewest items of a cluster, at least 2; √items/2 if not given, and not under 5.
    min_samples : int, optional
        Neighbours that make an item's density, 5 if not given; larger: more items in no cluster.
    random_state : int
        Seed of a layout that has to be made.

    Returns
    -------
    Clusters
        Labels, probabilities and names.

    Raises
    ------
    InputError
        If the layout is not of the same items, or a size is out of range.
    MissingError
        If ``on`` is not known.

    Notes
    -----
    HDBSCAN; names of texts by class-based TF-IDF (`names_from_texts`), of images by the commonest caption
    or label (`names_from_values`); without items, or without a column that says what an image shows, by
    numbers. Time beside the layout: 0.3 s for 10,000 items, and 2 s for their words.

    References
    ----------
    McInnes, Healy 2017, arXiv 1705.07321; Grootendorst 2022, arXiv 2203.05794.

    Examples
    --------
    >>> x = np.repeat(np.eye(3), 20, axis=0) + np.random.default_rng(0).normal(0, 0.05, (60, 3))
    >>> cluster(x, x[:, :2]).sizes
    array([20, 20, 20])
    """
    if on not in get_args(ClusteredOn):
        raise unknown_name("thing to cluster on", on, get_args(ClusteredOn))
    points = map_points(space, layout, random_state) if on == "map" else _vector_points(space, random_state)
    size = max(_SMALLEST, round(len(points) ** 0.5 / 2)) if min_cluster_size is None else min_cluster_size
    samples = min(_MIN_SAMPLES, size) if min_samples is None else min_samples
    if size < 2 or samples < 1:
        raise InputError(
            f"min_cluster_size={size}, min_samples={samples}: wanted at least 2 items a cluster and 1 sample."
        )
    labels, probabilities = density_clusters(points, size, samples)
    names = naming_of(getattr(space, "items", None)).name(labels, probabilities)
    parameters = {"min_cluster_size": size, "min_samples": samples, "random_state": random_state}
    return Clusters(labels, probabilities, names, on, parameters)


def map_points(
    space: object, layout: object, random_state: int = 0
) -> Float32[np.ndarray, "items components"]:
    """Give the places of a space's items on a map.

    Parameters
    ----------
    space : Space, or array_like of shape (items, dims)
        Whose items.
    layout : Layout or array_like of shape (items, components), optional
        The map; made if there is none.
    random_state : int
        Seed of a layout that has to be made.

    Returns
    -------
    ndarray of float32, shape (items, components)
        One row an item.

    Raises
    ------
    InputError
        If the layout is of other items, or holds what is no number.

    Examples
    --------
    >>> map_points(np.eye(2), [[0.0, 0.0], [1.0, 2.0]]).tolist()
    [[0.0, 0.0], [1.0, 2.0]]
    """
    n = len(getattr(space, "vectors", space))  # type: ignore[arg-type]
    if layout is None:
        layout = lay_out(space, random_state=random_state)
    points = as_vectors(getattr(layout, "coords", layout), name="layout")
    if len(points) != n:
        raise InputError(
            f"The layout is of {len(points):,} items, the space of {n:,}: give the space's own one."
        )
    return points


def _vector_points(space: object, random_state: int) -> Float32[np.ndarray, "items components"]:
    subject = subject_of(space)
    n, dims = subject.vectors.shape
    if n < 2 * _SMALLEST or dims <= _VECTOR_COMPONENTS:
        return subject.vectors
    neighbors = subject.find(min(_VECTOR_NEIGHBORS, n - 1))
    options = UmapOptions(min_dist=0.0, n_components=_VECTOR_COMPONENTS, random_state=random_state)
    unit = normalise_rows(subject.vectors) if subject.metric == "cosine" else subject.vectors
    return umap_coords(unit, neighbors, options)
