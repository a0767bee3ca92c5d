"""UMAP's gradient descent, compiled: neighbours attract, random others repel."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, no_type_check

import numba
import numpy as np
from jaxtyping import Float32

_NEGATIVES = 5
_LONGEST_STEP = np.float32(4.0)
_SOFTENING = np.float32(0.001)
_XORSHIFT_STAR = np.uint64(2685821657736338717)
_FEWEST_A_THREAD = 2_000


@dataclass(frozen=True)
class Curve:
    """The membership 1/(1 + a·d^2b) of two items at distance d in the map.

    Parameters
    ----------
    a, b : float
        Fitted to ``min_dist``.
    """

    a: float
    b: float


def fit_curve(min_dist: float, spread: float = 1.0) -> Curve:
    """Fit the smooth membership curve to a flat top of width ``min_dist`` and an exponential fall.

    Parameters
    ----------
    min_dist : float
        Distance in the map under which items are as close as can be.
    spread : float
        Width of the fall.

    Returns
    -------
    Curve
        The a and b that umap's ``find_ab_params`` gives.

    Examples
    --------
    >>> curve = fit_curve(0.1)
    >>> round(curve.a, 3), round(curve.b, 3)
    (1.577, 0.895)
    """
    from scipy.optimize import curve_fit

    distance = np.linspace(0, spread * 3, 300)
    wanted = np.where(distance < min_dist, 1.0, np.exp(-(distance - min_dist) / spread))
    (a, b), _ = curve_fit(lambda d, a, b: 1 / (1 + a * d ** (2 * b)), distance, wanted)
    return Curve(float(a), float(b))


def descend(
    coords: Float32[np.ndarray, "items components"],
    graph: Any,
    curve: Curve,
    *,
    n_epochs: int,
    random_state: int,
    n_workers: int | None = None,
) -> Float32[np.ndarray, "items components"]:
    """Move items so that the map's memberships come near the graph's.

    Parameters
    ----------
    coords : ndarray of float32, shape (items, components)
        Where they start.
    graph : scipy.sparse.csr_array of float32, shape (items, items)
        Symmetric memberships.
    curve : Curve
        Memberships in the map.
    n_epochs : int
        Passes; the step falls linearly from 1 to 0.
    random_state : int
        Seed of the repelling samples.
    n_workers : int, optional
        Threads; one a processor if not given, and never one for fewer than 2,000 items.

    Returns
    -------
    ndarray of float32, shape (items, components)
        New coordinates, the same whatever the number of threads.

    Notes
    -----
    As in umap, an edge of membership w acts in the share w/max(w) of the epochs, attracts both its ends
    once from each of its two directions, and every time its head is repelled by 5 random items. Unlike
    umap, an epoch reads the coordinates of the epoch before, each item has its own random stream, and items
    are divided among threads: so it runs in parallel and yet repeats exactly. Time O(edges · epochs).

    References
    ----------
    McInnes, Healy, Melville 2018, arXiv 1802.03426; ours (the parallel form).
    """
    n = len(coords)
    shares = graph.data.astype(np.float64) / max(float(graph.data.max(initial=0)), np.finfo(np.float32).tiny)
    edges = graph.indptr.astype(np.int64), graph.indices.astype(np.int32), shares
    states = np.random.default_rng(random_state).integers(1, 2**63, size=n, dtype=np.uint64)
    before, after = coords.copy(), coords.copy()
    n_threads = max(1, min(n_workers or os.cpu_count() or 1, n // _FEWEST_A_THREAD))
    # Items are divided so that threads have equally many edges, not equally many items.
    bounds = np.searchsorted(edges[0], np.linspace(0, edges[0][-1], n_threads + 1)[1:-1]).tolist()
    parts = list(zip([0, *bounds], [*bounds, n], strict=True))
    with ThreadPoolExecutor(n_threads) as threads:
        for epoch in range(n_epochs):
            now = (epoch, 1 - epoch / n_epochs)
            jobs = [
                threads.submit(_epoch, (before, after), edges, states, now, (curve.a, curve.b), part)
                for part in parts
            ]
            for job in jobs:
                job.result()
            before, after = after, before
    return before


# The import hook of the tests wraps annotated functions, which numba cannot compile: hence no_type_check.
@numba.njit(nogil=True, fastmath=True, cache=True)  # type: ignore[misc,unused-ignore]
@no_type_check
def _push(own, other, step, a, b):
    """Move ``own`` away from ``other``."""
    square = np.float32(0)
    for d in range(len(own)):
        difference = own[d] - other[d]
        square += difference * difference
    if square > 0:
        force = 2 * b / ((_SOFTENING + square) * (a * square**b + np.float32(1)))
        for d in range(len(own)):
            own[d] += step * min(max(force * (own[d] - other[d]), -_LONGEST_STEP), _LONGEST_STEP)


@numba.njit(nogil=True, fastmath=True, cache=True)  # type: ignore[misc,unused-ignore]
@no_type_check
def _pull(own, other, step, a, b):
    """Move ``own`` towards ``other``."""
    square = np.float32(0)
    for d in range(len(own)):
        difference = own[d] - other[d]
        square += difference * difference
    if square > 0:
        power = square**b
        force = -2 * a * b * power / (square * (a * power + np.float32(1)))
        for d in range(len(own)):
            own[d] += step * min(max(force * (own[d] - other[d]), -_LONGEST_STEP), _LONGEST_STEP)


@numba.njit(nogil=True, fastmath=True, cache=True)  # type: ignore[misc,unused-ignore]
@no_type_check
def _epoch(coords, edges, states, clock, curve, part):
    """Move the items from ``start`` to ``stop`` by one epoch, reading ``before`` and writing ``after``."""
    before, after = coords
    indptr, indices, shares = edges
    epoch = clock[0]
    step, a, b = np.float32(clock[1]), np.float32(curve[0]), np.float32(curve[1])
    n = len(before)
    own = np.empty(before.shape[1], np.float32)
    for i in range(*part):
        state = states[i]
        own[:] = before[i]
        for edge in range(indptr[i], indptr[i + 1]):
            if np.floor((epoch + 1) * shares[edge]) == np.floor(epoch * shares[edge]):
                continue
            for _ in range(2):  # umap holds the edge twice, and each moves both its ends
                _pull(own, before[indices[edge]], step, a, b)
            for _ in range(_NEGATIVES):
                state ^= state >> np.uint64(12)
                state ^= state << np.uint64(25)
                state ^= state >> np.uint64(27)
                drawn = (state * _XORSHIFT_STAR) >> np.uint64(32)
                _push(own, before[np.int64((drawn * np.uint64(n)) >> np.uint64(32))], step, a, b)
        after[i] = own
        states[i] = state
