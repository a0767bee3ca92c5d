"""The way to neighbours: exact while that is affordable, approximate with a measured recall past it."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from embedscope._arrays import as_vectors
from embedscope._errors import InputError, unknown_name
from embedscope.neighbors.approximate import approximate_neighbors
from embedscope.neighbors.distances import Points
from embedscope.neighbors.exact import check_k, exact_neighbors, search_exactly
from embedscope.neighbors.neighbors import Metric, Neighbors, check_metric

Method: TypeAlias = Literal["auto", "exact", "approximate"]

# items² · dims up to which "auto" is exact: 100,000 × 384, two to three minutes on two idle cores.
EXACT_OPERATIONS = 4e12


def find_neighbors(
    vectors: object, k: int, metric: Metric = "cosine", *, method: Method = "auto"
) -> Neighbors:
    """Find the k nearest neighbours of each item.

    Parameters
    ----------
    vectors : array_like of shape (items, dims)
        Finite vectors; under cosine no row of zeros.
    k : int
        Neighbours an item, from 1 to items - 1.
    metric : {"cosine", "euclidean"}
        The metric.
    method : {"auto", "exact", "approximate"}
        ``"auto"`` is exact while items² · dims ≤ 4·10¹² (100,000 × 384: two to three minutes on
        two idle cores) and approximate past it.

    Returns
    -------
    Neighbors
        With the measured recall where it is approximate.

    Raises
    ------
    InputError
        If k is out of range, or vectors are not finite, or zero under cosine (the rows are named).
    MissingError
        If the metric or the method is not known.

    Examples
    --------
    >>> find_neighbors([[0.0], [1.0], [3.0]], 1, "euclidean")
    Neighbors(3 items, k=1, euclidean, exact)
    """
    if method not in get_args(Method):
        raise unknown_name("method", method, get_args(Method))
    checked = as_vectors(vectors)
    if method == "auto":
        method = "exact" if len(checked) ** 2 * checked.shape[1] <= EXACT_OPERATIONS else "approximate"
    if method == "exact":
        return exact_neighbors(checked, k, metric=metric)
    return approximate_neighbors(checked, k, metric=metric)


def query_neighbors(vectors: object, query_vectors: object, k: int, metric: Metric = "cosine") -> Neighbors:
    """Find the k items nearest to each of some other vectors, exactly.

    Parameters
    ----------
    vectors : array_like of shape (items, dims)
        What is searched.
    query_vectors : array_like of shape (queries, dims)
        The queries; nothing is left out as their own, also where they are equal to an item.
    k : int
        Neighbours a query, from 1 to items.
    metric : {"cosine", "euclidean"}
        The metric.

    Returns
    -------
    Neighbors
        One row a query, with indices into ``vectors``.

    Raises
    ------
    InputError
        If k is out of range, dims differ, or either is not finite, or zero under cosine (the rows are named).
    MissingError
        If the metric is not known.

    Examples
    --------
    >>> query_neighbors([[1, 0], [0, 1]], [[0.1, 0.9]], 2).indices.tolist()
    [[1, 0]]
    """
    check_metric(metric)
    points, queries = as_vectors(vectors), as_vectors(query_vectors, name="query vectors")
    if points.shape[1] != queries.shape[1]:
        raise InputError(
            f"The queries have {queries.shape[1]:,} dims and the vectors {points.shape[1]:,}: "
            "both must come from the same encoder, with the same dims."
        )
    check_k(k, len(points), f"{len(points):,} items")
    named = Points.of(queries, metric, name="query vectors")
    return search_exactly(Points.of(points, metric), named, k, metric)
