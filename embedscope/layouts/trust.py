"""Trustworthiness and continuity: what a map made up, and what it tore apart, whole and per item."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Float64, Int, Int64

from embedscope._arrays import as_vectors
from embedscope._errors import InputError
from embedscope.neighbors import Metric, Neighbors, exact_neighbors
from embedscope.neighbors.distances import Points
from embedscope.neighbors.keys import SearchForm, search_form

# Ranks are counted for all items while items² stays under this; past it for a sample of items.
RANKED_PAIRS = 1.6e8
_FEWEST_SAMPLED = 1_000
_TILE_BYTES = 8 << 20
# Keys nearer to each other than their own rounding are equal; so duplicates tie.
_TIE = 4 * 2.0**-24


@dataclass(frozen=True, eq=False)
class MapTrust:
    """How far a map's neighbourhoods can be believed.

    Parameters
    ----------
    trustworthiness : float
        From 0 to 1: 1 minus a penalty for each map neighbour that is none in the original space.
    continuity : float
        From 0 to 1: 1 minus a penalty for each original neighbour that the map tore away.
    point_trust : ndarray of float32, shape (items,)
        Each item's own trustworthiness; the mean is the whole's. NaN where the item was not in the sample.
    k : int
        Size of the neighbourhoods.
    sampled : int or None
        Items whose ranks were counted (among all items); None: all.
    """

    trustworthiness: float
    continuity: float
    point_trust: Float32[np.ndarray, " items"]
    k: int
    sampled: int | None = None


def map_trust(
    vectors: object,
    coords: object,
    *,
    k: int = 15,
    metric: Metric = "cosine",
    neighbors: Neighbors | None = None,
    n_sampled: int | None = None,
    random_state: int = 0,
) -> MapTrust:
    """Measure trustworthiness and continuity of a map.

    Parameters
    ----------
    vectors : array_like of shape (items, dims)
        The original space.
    coords : array_like of shape (items, components)
        The map; its distances are Euclidean.
    k : int
        Size of the neighbourhoods; made smaller where there are not more than 2k items.
    metric : {"cosine", "euclidean"}
        Of the original space.
    neighbors : Neighbors, optional
        The neighbours in the original space, where they are already known.
    n_sampled : int, optional
        Count the ranks of so many items only. By default of all of them up to 12,600 items, and past that of
        as many as keep the same cost, but at least 1,000.
    random_state : int
        Seed of the sample.

    Returns
    -------
    MapTrust
        Whole and per item.

    Raises
    ------
    InputError
        If vectors and coords are not of the same items.

    Notes
    -----
    Per item i: 1 - 2/(k(2n - 3k - 1)) Σ max(0, r(i, j) - k) over the k nearest j in the map; r is the rank
    in the original space, 1 + the number of items strictly closer: ties do not count against a map.
    Continuity is the same with the two spaces exchanged. Time O(items² · (dims + log items)), by tiles of 8
    MB.

    References
    ----------
    Venna, Kaski 2001, doi 10.1007/3-540-44668-0_68; Kaski et al. 2003, doi 10.1186/1471-2105-4-48.

    Examples
    --------
    >>> x = np.random.default_rng(0).normal(size=(50, 2))
    >>> map_trust(x, x, metric="euclidean").trustworthiness
    1.0
    """
    original, flat = as_vectors(vectors), as_vectors(coords, name="coords")
    n = len(original)
    if len(flat) != n:
        raise InputError(
            f"coords are of {len(flat):,} items, vectors of {n:,}: they must be of the same items."
        )
    k = min(k, (n - 1) // 2)
    if k < 1:
        return MapTrust(1.0, 1.0, np.ones(n, np.float32), 0)
    rows = _sample(n, n_sampled, random_state)
    near = _original_neighbors(original, k, metric, neighbors, rows)
    points = Points.of(original, metric)
    lost = _penalty(
        _keys_in_space(search_form(points, points.take(rows), metric)), map_neighbors(flat, k)[rows], k
    )
    torn = _penalty(_keys_in_map(flat, rows), near, k)
    scale = 2 / (k * (2 * n - 3 * k - 1))
    point_trust = np.full(n, np.nan, np.float32)
    point_trust[rows] = 1 - scale * lost
    sampled = None if len(rows) == n else len(rows)
    return MapTrust(1 - scale * float(lost.mean()), 1 - scale * float(torn.mean()), point_trust, k, sampled)


def _sample(n: int, n_sampled: int | None, random_state: int) -> Int64[np.ndarray, " rows"]:
    if n_sampled is None:
        n_sampled = n if n * n <= RANKED_PAIRS else max(_FEWEST_SAMPLED, int(RANKED_PAIRS / n))
    if n_sampled >= n:
        return np.arange(n)
    return np.sort(np.random.default_rng(random_state).choice(n, n_sampled, replace=False))


def _original_neighbors(
    vectors: Float32[np.ndarray, "items dims"],
    k: int,
    metric: Metric,
    neighbors: Neighbors | None,
    rows: Int64[np.ndarray, " rows"],
) -> Int[np.ndarray, "rows k"]:
    if neighbors is not None and neighbors.k >= k:
        return neighbors.indices[rows, :k]
    return exact_neighbors(vectors, k, metric=metric, queries=rows).indices


def map_neighbors(coords: Float32[np.ndarray, "items components"], k: int) -> Int64[np.ndarray, "items k"]:
    """Find the k nearest in a map, by a k-d tree.

    Parameters
    ----------
    coords : ndarray of float32, shape (items, components)
        The map.
    k : int
        Neighbours an item, up to items - 1.

    Returns
    -------
    ndarray of int64, shape (items, k)
        Rows of the nearest, the item itself left out.

    Examples
    --------
    >>> map_neighbors(np.array([[0, 0], [1, 0], [3, 0]], np.float32), 1).tolist()
    [[1], [0], [1]]
    """
    from scipy.spatial import cKDTree

    found = cKDTree(coords).query(coords, k=k + 1, workers=-1)[1].reshape(len(coords), k + 1)
    own = found == np.arange(len(coords))[:, None]
    own[~own.any(axis=1), -1] = True  # more than k duplicates: the item itself may not be among them
    return np.asarray(found[~own].reshape(len(coords), k), dtype=np.int64)


def _tiles(n_rows: int, n_items: int) -> Iterator[slice]:
    step = max(1, _TILE_BYTES // (4 * n_items))
    for start in range(0, n_rows, step):
        yield slice(start, min(start + step, n_rows))


def _keys_in_space(form: SearchForm) -> Iterator[tuple[slice, Float32[np.ndarray, "rows items"], float]]:
    size = (form.points**2).sum(axis=1).mean() if form.metric == "euclidean" else 1.0
    for tile in _tiles(len(form.queries), len(form.points)):
        yield tile, form.keys(tile), _TIE * float(size)


def _keys_in_map(
    coords: Float32[np.ndarray, "items components"], rows: Int64[np.ndarray, " rows"]
) -> Iterator[tuple[slice, Float32[np.ndarray, "rows items"], float]]:
    for tile in _tiles(len(rows), len(coords)):
        keys = np.zeros((tile.stop - tile.start, len(coords)), np.float32)
        for column in coords.T:
            difference = column[rows[tile], None] - column
            difference *= difference
            keys -= difference
        yield tile, keys, 0.0


def _penalty(
    tiles: Iterator[tuple[slice, Float32[np.ndarray, "rows items"], float]],
    neighbors: Int[np.ndarray, "rows k"],
    k: int,
) -> Float64[np.ndarray, " rows"]:
    penalty = np.empty(len(neighbors))
    for tile, keys, tie in tiles:
        wanted = np.take_along_axis(keys, neighbors[tile], axis=1) + np.float32(tie)
        keys.sort(axis=1)
        closer = np.stack(
            [len(row) - np.searchsorted(row, at, "right") for row, at in zip(keys, wanted, strict=True)]
        )
        # The item itself is among those strictly closer, so ``closer`` is the rank, but for its duplicates.
        penalty[tile] = np.maximum(closer - k, 0).sum(axis=1)
    return penalty
