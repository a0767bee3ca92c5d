"""Perplexity: the σ at which a row's items weigh as much as so many equal ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from jaxtyping import Float64

Rest: TypeAlias = Callable[
    [slice], tuple[Float64[np.ndarray, "rows drawn"], Float64[np.ndarray, "rows drawn"]]
]
"""Gives some rows' squared distances to items beyond the nearest, and how many each stands for."""

_STEPS = 100
_CLOSE = 1e-13
_ROWS_AT_ONCE = 1024
# σ stays within these multiples of the row's own distances: a row of duplicates has no σ of its own.
_NARROWEST = 1e-2
_WIDEST = 1e3


def sigma_for_perplexity(
    squares: Float64[np.ndarray, "items k"], perplexity: float, rest: Rest | None = None
) -> Float64[np.ndarray, " items"]:
    """Find each row's σ.

    Parameters
    ----------
    squares : ndarray of float64, shape (items, k)
        Squared distances to the k nearest, ascending.
    perplexity : float
        exp(entropy) of softmax(-d²/2σ²) over the row, from 1 to less than its items.
    rest : callable, optional
        Gives the items beyond the nearest, as `FarItems.squares` does; there are none if not given.

    Returns
    -------
    ndarray of float64, shape (items,)
        From 0.01 to 1,000 of the root mean square distance of the row's nearest: where more equal nearest
        items than the perplexity leave no solution, the narrowest. With one item alone its distance. Rows
        whose nearest are all duplicates get the median of the others, and 1 where there are no others.

    Notes
    -----
    Newton's steps on log σ inside an interval that is halved where a step would leave it, in float64:
    dH/dlogσ = 2 Var(d²/2σ²). About ten steps, each O(items · (k + drawn)). One that stands for w items
    has the weight w exp(-d²/2σ²) in the normaliser and in the mean, and exp(-d²/2σ²) in the logarithm.

    References
    ----------
    van der Maaten, Hinton 2008, Visualizing data using t-SNE. Ours: the sampled rest.

    Examples
    --------
    >>> sigma_for_perplexity(np.array([[1.0, 2.0, 3.0]]), 2.0).round(3).tolist()
    [0.614]
    """
    scale = np.sqrt(squares.mean(axis=1))
    sigma = scale.copy()
    for start in range(0, len(squares), _ROWS_AT_ONCE):
        part = slice(start, start + _ROWS_AT_ONCE)
        known, weights = squares[part], np.ones_like(squares[part])
        if rest is not None:
            further, counts = rest(part)
            known, weights = np.hstack([known, further]), np.hstack([weights, counts])
        if (weights > 0).sum(axis=1).max() > 1:
            sigma[part] = _solve(known, weights, scale[part], np.log(perplexity))
    flat = scale == 0
    if flat.any():
        sigma[flat] = np.median(sigma[~flat]) if (~flat).any() else 1.0
    return np.asarray(sigma)


def _solve(
    squares: Float64[np.ndarray, "rows items"],
    weights: Float64[np.ndarray, "rows items"],
    scale: Float64[np.ndarray, " rows"],
    entropy: float,
) -> Float64[np.ndarray, " rows"]:
    gaps = squares - np.where(weights > 0, squares, np.inf).min(axis=1, keepdims=True)
    # What is left out must not overflow where it is nearer than all that count.
    gaps[weights == 0] = 0.0
    scale = np.where(scale > 0, scale, 1.0)
    low, high = np.log(_NARROWEST * scale), np.log(_WIDEST * scale)
    at = np.log(scale)
    rows = np.arange(len(gaps))
    for _ in range(_STEPS):
        found, slope = _entropy(gaps[rows], weights[rows], np.exp(at[rows]))
        wide = found > entropy
        high[rows] = np.where(wide, at[rows], high[rows])
        low[rows] = np.where(wide, low[rows], at[rows])
        step = (found - entropy) / np.maximum(slope, 1e-300)
        inside = (low[rows] < at[rows] - step) & (at[rows] - step < high[rows])
        goes = np.where(inside, at[rows] - step, (low[rows] + high[rows]) / 2)
        moved = np.abs(goes - at[rows])
        at[rows] = goes
        rows = rows[moved > _CLOSE]
        if not len(rows):
            break
    sigma: np.ndarray = np.exp(at)
    return sigma


def _entropy(
    gaps: Float64[np.ndarray, "rows items"],
    weights: Float64[np.ndarray, "rows items"],
    sigma: Float64[np.ndarray, " rows"],
) -> tuple[Float64[np.ndarray, " rows"], Float64[np.ndarray, " rows"]]:
    """Give each row's entropy and its slope along log σ."""
    scores = gaps / (-2 * sigma[:, None] ** 2)
    masses = weights * np.exp(scores)
    total = masses.sum(axis=1)
    mean = np.einsum("ij,ij->i", masses, scores) / total
    square = np.einsum("ij,ij,ij->i", masses, scores, scores) / total
    return np.log(total) - mean, 2 * (square - mean**2)
