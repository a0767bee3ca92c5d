"""Approximate nearest neighbours for many items, with their recall measured."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float32, Int64

from embedscope._arrays import as_vectors
from embedscope.neighbors.distances import Points
from embedscope.neighbors.exact import check_k, rank_candidates, search_exactly
from embedscope.neighbors.keys import SearchForm, search_form
from embedscope.neighbors.neighbors import Metric, Neighbors, check_metric

_SPARE = 8
_SEARCHED_AT_ONCE = 16_384


def approximate_neighbors(
    vectors: object,
    k: int,
    *,
    metric: Metric = "cosine",
    min_recall: float = 0.95,
    n_sampled: int = 500,
    random_state: int = 0,
) -> Neighbors:
    """Find most of the k nearest neighbours of each item, and measure how many.

    Parameters
    ----------
    vectors : array_like of shape (items, dims)
        Finite vectors; under cosine no row of zeros.
    k : int
        Neighbours an item, from 1 to items - 1.
    metric : {"cosine", "euclidean"}
        The metric.
    min_recall : float
        Lists are added to the search until the recall on a sample of items reaches this.
    n_sampled : int
        Items in each of two samples: one decides how many lists are searched, the other one measures the
        recall that is reported.
    random_state : int
        Seed of the samples and of the lists.

    Returns
    -------
    Neighbors
        With ``recall`` and ``sampled``.

    Raises
    ------
    InputError
        If k is out of range, or vectors are not finite, or zero under cosine (the rows are named).
    MissingError
        If the metric is not known.

    Notes
    -----
    An inverted-file index: 2·√items lists around k-means centres, of which the nearest 1, 2, 4, ... are
    searched. It is seeded and repeats exactly; HNSW builds in another order with every run of its threads.
    A neighbour counts as found if it is no further than the true k-th, so ties do not cost recall. Distances
    are exact. Time O(items · dims · (√items + searched items)).

    References
    ----------
    Jégou, Douze, Schmid 2011, doi 10.1109/TPAMI.2010.57; Johnson, Douze, Jégou 2017, arXiv 1702.08734.

    Examples
    --------
    >>> grid = np.stack(np.meshgrid(np.arange(30), np.arange(30)), axis=-1).reshape(-1, 2)
    >>> approximate_neighbors(grid, 4, metric="euclidean").recall >= 0.95
    True
    """
    check_metric(metric)
    points = Points.of(as_vectors(vectors), metric)
    check_k(k, len(points) - 1, f"{len(points):,} items: each has {len(points) - 1:,} others")
    form = search_form(points, points, metric)
    index = _inverted_lists(form, random_state)
    rows = np.random.default_rng(random_state).permutation(len(points))[: 2 * n_sampled]
    tuned, measured = (rows, rows) if len(points) < 2 * n_sampled else (rows[:n_sampled], rows[n_sampled:])
    _widen_until(index, points, form, tuned, k, min_recall)
    indices, distances = _search(index, points, form, np.arange(len(points)), k)
    truth = search_exactly(points, points.take(measured), k, metric, own=measured)
    found = recall_at_k(distances[measured], truth.distances)
    return Neighbors(indices.astype(np.int32), distances, metric, recall=found, sampled=len(measured))


def recall_at_k(found: Float32[np.ndarray, "queries k"], true: Float32[np.ndarray, "queries k"]) -> float:
    """Share of the true k nearest that were found, ties counted as found.

    Parameters
    ----------
    found : ndarray of float32, shape (queries, k)
        Exact distances of what was found.
    true : ndarray of float32, shape (queries, k)
        Distances of the true neighbours.

    Returns
    -------
    float
        From 0 to 1: mean share of found distances no larger than the true k-th.

    Examples
    --------
    >>> recall_at_k(np.array([[1, 3]], np.float32), np.array([[1, 2]], np.float32))
    0.5
    """
    return float((found <= true[:, -1:]).mean())


def _inverted_lists(form: SearchForm, random_state: int) -> Any:
    import faiss

    n, dims = form.points.shape
    n_lists = max(1, min(int(2 * n**0.5), n // 39))
    kind = faiss.METRIC_INNER_PRODUCT if form.metric == "cosine" else faiss.METRIC_L2
    quantizer = faiss.IndexFlatIP(dims) if form.metric == "cosine" else faiss.IndexFlatL2(dims)
    index = faiss.IndexIVFFlat(quantizer, dims, n_lists, kind)
    index.cp.seed = random_state + 1
    index.cp.max_points_per_centroid = 64
    index.train(form.points)
    index.add(form.points)
    return index


def _widen_until(
    index: Any, points: Points, form: SearchForm, rows: Int64[np.ndarray, " rows"], k: int, min_recall: float
) -> None:
    truth = search_exactly(points, points.take(rows), k, form.metric, own=rows)
    n_searched = 1
    while True:
        index.nprobe = min(n_searched, index.nlist)
        _, distances = _search(index, points, form, rows, k)
        if index.nprobe == index.nlist or recall_at_k(distances, truth.distances) >= min_recall:
            return
        n_searched *= 2


def _search(
    index: Any, points: Points, form: SearchForm, rows: Int64[np.ndarray, " rows"], k: int
) -> tuple[Int64[np.ndarray, "rows k"], Float32[np.ndarray, "rows k"]]:
    n_candidates = min(len(points), k + 1 + _SPARE)
    indices, distances = [], []
    for start in range(0, len(rows), _SEARCHED_AT_ONCE):
        part = rows[start : start + _SEARCHED_AT_ONCE]
        _, candidates = index.search(form.queries[part], n_candidates)
        found, at = rank_candidates(points, points.take(part), candidates, k, form.metric, own=part)
        short = np.flatnonzero(np.isinf(at[:, -1]))  # the lists searched held fewer than k others
        if len(short):
            whole = search_exactly(points, points.take(part[short]), k, form.metric, own=part[short])
            found[short], at[short] = whole.indices, whole.distances
        indices.append(found)
        distances.append(at)
    return np.concatenate(indices), np.concatenate(distances)
