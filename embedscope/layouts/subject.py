"""What is laid out or clustered: a space, or bare vectors, seen as one thing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32

from embedscope._arrays import as_vectors
from embedscope.neighbors import Metric, Neighbors, find_neighbors


@dataclass(frozen=True, eq=False)
class Subject:
    """Vectors with their metric and the way to their neighbours.

    Parameters
    ----------
    vectors : ndarray of float32, shape (items, dims)
        Finite.
    metric : {"cosine", "euclidean"}
        Of the space.
    find : callable
        Gives the neighbours for a k; a space keeps what it has computed.
    """

    vectors: Float32[np.ndarray, "items dims"]
    metric: Metric
    find: Callable[[int], Neighbors]


def subject_of(space: object, metric: Metric | None = None) -> Subject:
    """See a space or an array as vectors with a metric and neighbours.

    Parameters
    ----------
    space : Space, or array_like of shape (items, dims)
        What to look at.
    metric : {"cosine", "euclidean"}, optional
        Another metric than the space's own; cosine for an array.

    Returns
    -------
    Subject
        With the space's own kept neighbours where the metric is its own.

    Examples
    --------
    >>> subject_of([[0.0, 1.0], [1.0, 0.0]]).metric
    'cosine'
    """
    own: Metric | None = getattr(space, "metric", None)
    vectors = as_vectors(getattr(space, "vectors", space))
    chosen: Metric = metric or own or "cosine"
    kept = getattr(space, "neighbors", None)
    if kept is not None and chosen == own:
        return Subject(vectors, chosen, kept)
    return Subject(vectors, chosen, lambda k: find_neighbors(vectors, k, chosen))
