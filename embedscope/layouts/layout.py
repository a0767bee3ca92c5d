"""Layout: a map of a space, with what can be believed of it."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
from jaxtyping import Float32, Float64

from embedscope._arrays import normalise_rows
from embedscope._errors import EmbedscopeWarning, InputError, unknown_name
from embedscope.layouts.pca import principal_components
from embedscope.layouts.start import check_start, start_key
from embedscope.layouts.subject import Subject, subject_of
from embedscope.layouts.trust import map_trust
from embedscope.layouts.umap import UmapOptions, umap_coords
from embedscope.layouts.umap_learn import umap_learn_coords
from embedscope.neighbors import Metric, Neighbors

LayoutMethod: TypeAlias = Literal["umap", "umap-learn", "pca"]

_TRUST_K = 15
_FEWEST_FOR_UMAP = 16


@dataclass(frozen=True, eq=False)
class Layout:
    """A map: two coordinates an item, and how far its neighbourhoods can be believed.

    Parameters
    ----------
    coords : ndarray of float32, shape (items, 2)
        The map; unit and orientation mean nothing under UMAP.
    method : {"umap", "umap-learn", "pca"}
        How it was made.
    parameters : mapping
        What it was made with; ``trust_k`` is the size of the neighbourhoods that the trust is about, and
        ``init`` a hash of the places that it started from, where they were given.
    trustworthiness : float
        From 0 to 1; low: neighbours in the map are none in the space.
    continuity : float
        From 0 to 1; low: neighbours in the space lie apart in the map.
    point_trust : ndarray of float32, shape (items,)
        Each item's own trustworthiness; NaN where the item was not in the sample.
    sampled : int or None
        Items that the trust was measured on; None: all.
    """

    coords: Float32[np.ndarray, "items 2"]
    method: LayoutMethod
    parameters: Mapping[str, Any]
    trustworthiness: float
    continuity: float
    point_trust: Float32[np.ndarray, " items"] = field(repr=False)
    sampled: int | None = None

    def __len__(self) -> int:
        return len(self.coords)

    def __repr__(self) -> str:
        on = "" if self.sampled is None else f" (on {self.sampled:,} sampled items)"
        return (
            f"Layout({len(self):,} items, {self.method}, trustworthiness {self.trustworthiness:.3f}, "
            f"continuity {self.continuity:.3f}{on})"
        )


def method_for(n: int) -> LayoutMethod:
    """Choose a method where none is asked for: neighbourhoods of 15 are nothing in fewer than 16 items.

    Parameters
    ----------
    n : int
        Items.

    Returns
    -------
    {"umap", "pca"}
        The method.

    Examples
    --------
    >>> method_for(3), method_for(3000)
    ('pca', 'umap')
    """
    return "umap" if n >= _FEWEST_FOR_UMAP else "pca"


def layout(
    space: object,
    *,
    method: LayoutMethod = "umap",
    n_neighbors: int = 15,
    min_dist: float = 0.1,
    random_state: int = 0,
    neighbors: Neighbors | None = None,
    metric: Metric | None = None,
    init: Any = None,
) -> Layout:
    """Make a map of a space, and measure how far it can be believed.

    Parameters
    ----------
    space : Space, or array_like of shape (items, dims)
        What to lay out.
    method : {"umap", "umap-learn", "pca"}
        UMAP keeps neighbourhoods, in our own form that starts at once, or by umap-learn itself; PCA keeps
        large distances, and is there at once.
    n_neighbors : int
        Size of UMAP's neighbourhoods, the item itself counted; made smaller, with a warning, where there are
        not so many items.
    min_dist : float
        How close UMAP may put items, from 0 to 1.
    random_state : int
        Seed: the same seed gives the same map.
    neighbors : Neighbors, optional
        The neighbours, where they are already known; at least ``n_neighbors - 1`` of each item.
    metric : {"cosine", "euclidean"}, optional
        Another metric than the space's own; cosine for an array.
    init : array_like of shape (items, 2), optional
        Where UMAP starts: another map's coordinates of the same items, in any unit. Two maps of which one
        started from the other are easier to compare.

    Returns
    -------
    Layout
        Coordinates with trustworthiness and continuity of their 15-neighbourhoods.

    Raises
    ------
    InputError
        If there is no item, vectors cannot be used, a parameter is out of range, neighbours or places do not
        fit, or PCA, which starts from nothing, is given places.
    MissingError
        If method or metric is not known.

    Notes
    -----
    Under cosine, PCA is of the vectors scaled to length 1. 10,000 × 384 take about 10 s with UMAP on two
    cores, the trust 2 s of them. Trust is exact up to 12,600 items, sampled past that (`map_trust`).

    References
    ----------
    McInnes, Healy, Melville 2018, arXiv 1802.03426; Venna, Kaski 2001, doi 10.1007/3-540-44668-0_68.

    Examples
    --------
    >>> layout(np.eye(4), method="pca").coords.shape
    (4, 2)
    """
    if method not in get_args(LayoutMethod):
        raise unknown_name("layout method", method, get_args(LayoutMethod))
    if n_neighbors < 2 or not 0 <= min_dist <= 1:
        raise InputError(
            f"n_neighbors={n_neighbors}, min_dist={min_dist}: wanted n_neighbors from 2 on (the item itself "
            "counts as one) and min_dist from 0 to 1."
        )
    subject = subject_of(space, metric)
    _check_neighbors(subject, neighbors, n_neighbors)
    start = None if init is None else _checked_start(init, subject, method)
    if len(subject.vectors) < 2:
        return _map_of_one(subject, method)
    if method == "pca":
        coords, parameters = _pca(subject), {}
    else:
        neighbors = neighbors or subject.find(_fitting(n_neighbors, len(subject.vectors)) - 1)
        graph = neighbors.take(min(n_neighbors - 1, neighbors.k))
        options = UmapOptions(min_dist=min_dist, random_state=random_state)
        embed = umap_coords if method == "umap" else umap_learn_coords
        coords = embed(_directions(subject), graph, options, start)
        parameters = {
            "n_neighbors": graph.k + 1,
            "min_dist": min_dist,
            "random_state": random_state,
            "n_epochs": options.epochs(len(coords)),
            **({} if start is None else {"init": start_key(start)}),
        }
    return _with_trust(subject, coords, method, parameters, neighbors)


def _check_neighbors(subject: Subject, neighbors: Neighbors | None, n_neighbors: int) -> None:
    n = len(subject.vectors)
    if n == 0:
        raise InputError("There is no item to lay out.")
    if neighbors is None:
        return
    if len(neighbors) != n or neighbors.metric != subject.metric:
        raise InputError(
            f"The neighbours are of {len(neighbors):,} items under {neighbors.metric}, the space has {n:,} "
            f"items under {subject.metric}. Leave neighbors out to have them found."
        )
    if neighbors.k < min(n_neighbors, n) - 1:
        raise InputError(
            f"n_neighbors={n_neighbors} needs {min(n_neighbors, n) - 1} neighbours of each item; neighbors "
            f"has k={neighbors.k}. Pass n_neighbors={neighbors.k + 1}, or neighbours with a larger k."
        )


def _checked_start(init: Any, subject: Subject, method: LayoutMethod) -> Float64[np.ndarray, "items 2"]:
    if method == "pca":
        raise InputError("PCA starts from nothing: leave init out, or write method='umap'.")
    return check_start(init, len(subject.vectors))


def _fitting(n_neighbors: int, n: int) -> int:
    if n_neighbors > n:
        warnings.warn(
            f"n_neighbors={n_neighbors} with {n} items: using n_neighbors={n}.",
            EmbedscopeWarning,
            stacklevel=3,
        )
    return min(n_neighbors, n)


def _directions(subject: Subject) -> Float32[np.ndarray, "items dims"]:
    return normalise_rows(subject.vectors) if subject.metric == "cosine" else subject.vectors


def _pca(subject: Subject) -> Float32[np.ndarray, "items 2"]:
    return principal_components(_directions(subject), 2).astype(np.float32)


def _map_of_one(subject: Subject, method: LayoutMethod) -> Layout:
    n = len(subject.vectors)
    return Layout(np.zeros((n, 2), np.float32), method, {"trust_k": 0}, 1.0, 1.0, np.ones(n, np.float32))


def _with_trust(
    subject: Subject,
    coords: Float32[np.ndarray, "items 2"],
    method: LayoutMethod,
    parameters: Mapping[str, Any],
    neighbors: Neighbors | None,
) -> Layout:
    exact = neighbors if neighbors is not None and neighbors.recall is None else None
    trust = map_trust(subject.vectors, coords, k=_TRUST_K, metric=subject.metric, neighbors=exact)
    return Layout(
        coords=coords,
        method=method,
        parameters={**parameters, "trust_k": trust.k},
        trustworthiness=trust.trustworthiness,
        continuity=trust.continuity,
        point_trust=trust.point_trust,
        sampled=trust.sampled,
    )
