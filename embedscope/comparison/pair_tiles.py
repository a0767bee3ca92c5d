"""Pair tiles: the distances of all pairs in two spaces, by matrix products.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from jaxtyping import Float

from embedscope._arrays import normalise_rows
from embedscope.comparison.pair_kinds import Chunk
from embedscope.neighbors.distances import Points
from embedscope.neighbors.neighbors import Metric

_PAIRS_AT_ONCE = 1 << 20


def all_chunks(sides: tuple[Points, Points], metrics: tuple[Metric, Metric]) -> Iterator[Chunk]:
    """Measure all pairs in both spaces, by tiles.

    Parameters
    ----------
    sides : tuple of Points
        The teacher's and the student's.
    metrics : tuple of str
        Their metrics.

    Yields
    ------
    tuple
        First and second rows, and distances of shape (2, pairs) in float32, by matrix products: near 0 a
        Euclidean distance is off by up to 0.0005 of the vectors' length.
    """
    n = len(sides[0])
    forms = [_form(points, metric) for points, metric in zip(sides, metrics, strict=True)]
    start = 0
    while start < n:
        stop = min(n, start + max(1, _PAIRS_AT_ONCE // (start + 1)), start + 1024)
        below = np.arange(stop) < np.arange(start, stop)[:, None]
        first, second = np.nonzero(below)
        tiles = [
            _distances(form, slice(start, stop), metric)[below]
            for form, metric in zip(forms, metrics, strict=True)
        ]
        yield first + start, second, np.stack(tiles)
        start = stop


def _form(points: Points, metric: Metric) -> torch.Tensor:
    # New arrays: a space's own vectors are read-only, which torch does not know.
    if metric == "cosine":
        return torch.from_numpy(normalise_rows(points.vectors))
    centre = points.vectors.mean(axis=0, dtype=np.float64).astype(np.float32)
    return torch.from_numpy(points.vectors - centre)


def _distances(form: torch.Tensor, rows: slice, metric: Metric) -> Float[np.ndarray, "rows items"]:
    products = form[rows] @ form[: rows.stop].T
    if metric == "cosine":
        distances: np.ndarray = products.neg_().add_(1).clamp_(0, 2).numpy()
        return distances
    squares = form[: rows.stop].square().sum(dim=1)
    products.mul_(-2).add_(squares).add_(squares[rows, None])
    roots: np.ndarray = products.clamp_(min=0).sqrt_().numpy()
    return roots
