"""Perplexity: the σ at which a row's nearest items weigh as much as so many equal ones."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

_BISECTIONS = 60
_ROWS_AT_ONCE = 4096
# σ stays within these multiples of the row's own distances: a row of duplicates has no σ of its own.
_NARROWEST = 1e-2
_WIDEST = 1e3


def sigma_for_perplexity(
    squares: Float64[np.ndarray, "items k"], perplexity: float
) -> Float64[np.ndarray, " items"]:
    """Find each row's σ by bisection.

    Parameters
    ----------
    squares : ndarray of float64, shape (items, k)
        Squared distances to the k nearest, ascending.
    perplexity : float
        exp(entropy) of softmax(-d²/2σ²) over the row, from 1 to less than k.

    Returns
    -------
    ndarray of float64, shape (items,)
        From 0.01 to 1,000 of the row's root mean square distance: where more equal nearest items than the
        perplexity leave no solution, the narrowest. With k = 1 the distance itself. Rows of nothing but
        duplicates get the median of the others, and 1 where there are no others.

    Notes
    -----
    60 halvings of the interval of log σ, in float64: σ to 1e-16 of its size. Time O(60 · items · k).

    References
    ----------
    van der Maaten, Hinton 2008, Visualizing data using t-SNE.

    Examples
    --------
    >>> sigma_for_perplexity(np.array([[1.0, 2.0, 3.0]]), 2.0).round(3).tolist()
    [0.614]
    """
    scale = np.sqrt(squares.mean(axis=1))
    sigma = scale.copy()
    for start in range(0, len(squares) if squares.shape[1] > 1 else 0, _ROWS_AT_ONCE):
        part = slice(start, start + _ROWS_AT_ONCE)
        sigma[part] = _bisect(squares[part], scale[part], np.log(perplexity))
    flat = scale == 0
    if flat.any():
        sigma[flat] = np.median(sigma[~flat]) if (~flat).any() else 1.0
    return np.asarray(sigma)


def _bisect(
    squares: Float64[np.ndarray, "rows k"], scale: Float64[np.ndarray, " rows"], entropy: float
) -> Float64[np.ndarray, " rows"]:
    gaps = squares[:, :1] - squares
    scale = np.where(scale > 0, scale, 1.0)
    low, high = np.log(_NARROWEST * scale), np.log(_WIDEST * scale)
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        wide = _entropy(gaps, np.exp(middle)) > entropy
        high = np.where(wide, middle, high)
        low = np.where(wide, low, middle)
    sigma: np.ndarray = np.exp((low + high) / 2)
    return sigma


def _entropy(
    gaps: Float64[np.ndarray, "rows k"], sigma: Float64[np.ndarray, " rows"]
) -> Float64[np.ndarray, " rows"]:
    scores = gaps / (2 * sigma[:, None] ** 2)
    weights = np.exp(scores)
    total = weights.sum(axis=1)
    found: np.ndarray = np.log(total) - (weights * scores).sum(axis=1) / total
    return found
