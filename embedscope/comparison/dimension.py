"""How many dimensions a space really has: TwoNN of its neighbours, effective rank of its spectrum."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float32, Float64

from embedscope.neighbors.neighbors import Neighbors

_DISCARDED = 0.1
_ROWS = 4096


def two_nn(neighbors: Neighbors, *, discarded: float = _DISCARDED) -> float:
    """Estimate the intrinsic dimension from each item's two nearest neighbours.

    Parameters
    ----------
    neighbors : Neighbors
        At least two an item.
    discarded : float
        Share of the largest ratios that are left out, since outliers make them.

    Returns
    -------
    float
        The dimension; it reads low above about 8. NaN where duplicates leave nothing to measure.

    Notes
    -----
    With μ = r₂/r₁ sorted and F its empirical distribution, the slope of -log(1 - F) on log μ through the
    origin. Under cosine r is the length of the chord, √(2 · distance): the distance itself would halve the
    dimension.
    Items with a duplicate (r₁ = 0) are left out.

    References
    ----------
    Facco et al. 2017, doi 10.1038/s41598-017-11873-y.

    Examples
    --------
    >>> from embedscope.neighbors import exact_neighbors
    >>> x = np.random.default_rng(0).random((2000, 2))
    >>> round(two_nn(exact_neighbors(x, 2, metric="euclidean")))
    2
    """
    radii = neighbors.distances[:, :2].astype(np.float64)
    if neighbors.metric == "cosine":
        radii = np.sqrt(2 * radii)
    radii = radii[radii[:, 0] > 0]
    n = len(radii)
    ratio = np.sort(np.log(radii[:, 1] / radii[:, 0]))[: min(n - 1, int(n * (1 - discarded)))]
    below = np.arange(1, len(ratio) + 1) / max(n, 1)
    square = float(ratio @ ratio)
    return float(-np.log1p(-below) @ ratio) / square if square > 0 else float("nan")


def singular_values(vectors: Float32[np.ndarray, "items dims"]) -> Float64[np.ndarray, " dims"]:
    """Compute the singular values of vectors about their mean.

    Parameters
    ----------
    vectors : ndarray of float32, shape (items, dims)
        The rows.

    Returns
    -------
    ndarray of float64, shape (dims,)
        Largest first.

    Notes
    -----
    Square roots of the eigenvalues of the dims × dims scatter matrix, summed in float64 by chunks: O(items ·
    dims²). Those under 10⁻⁸ of the largest are rounding.

    Examples
    --------
    >>> singular_values(np.array([[3, 0], [-3, 0]], np.float32)).round(6).tolist()
    [4.242641, 0.0]
    """
    mean = vectors.mean(axis=0, dtype=np.float64)
    scatter = np.zeros((len(mean), len(mean)))
    for start in range(0, len(vectors), _ROWS):
        rows = vectors[start : start + _ROWS] - mean
        scatter += rows.T @ rows
    values: np.ndarray = np.sqrt(np.maximum(np.linalg.eigvalsh(scatter)[::-1], 0))
    return values


def effective_rank(values: Float64[np.ndarray, " dims"]) -> float:
    """Give the number of equal singular values that would be as many as these.

    Parameters
    ----------
    values : ndarray of float64, shape (dims,)
        Singular values.

    Returns
    -------
    float
        exp of the entropy of the values as shares of their sum: from 1 to dims. NaN where all are 0.

    References
    ----------
    Roy, Vetterli 2007, The effective rank, EUSIPCO.

    Examples
    --------
    >>> effective_rank(np.array([2.0, 2.0, 0.0]))
    2.0
    """
    total = float(values.sum())
    if total == 0:
        return float("nan")
    shares = values[values > 0] / total
    return round(float(np.exp(-(shares * np.log(shares)).sum())), 12)
