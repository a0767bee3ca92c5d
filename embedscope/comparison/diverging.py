"""Colours of a heatmap: blue under 0, orange over it, as in the widget's own."""

from __future__ import annotations

import math

import numpy as np
from jaxtyping import Float64

UNDER = {"light": ("#9cc0ea", "#3f7fca", "#123f86"), "dark": ("#1f4576", "#4f93e4", "#c3dfff")}
"""From near the ground to far from it, under 0: the pair that no common colour blindness confuses."""

OVER = {"light": ("#f5bf85", "#d9731f", "#8a3604"), "dark": ("#6b3c14", "#d98236", "#ffd6a6")}
"""The same over 0."""

# One cell in fifty may lie beyond the colours.
_COVERED = 0.98


def color_limit(values: Float64[np.ndarray, "rows columns"]) -> float:
    """Find where the colours end, on either side of 0.

    Parameters
    ----------
    values : ndarray of float64, shape (rows, columns)
        What the cells hold; NaN where there is nothing.

    Returns
    -------
    float
        The size that 98 % of the cells do not pass; the largest where that is 0, and 0 where all are.

    Examples
    --------
    >>> color_limit(np.array([[0.0, -2.0], [1.0, np.nan]]))
    2.0
    """
    sizes = np.sort(np.abs(values[np.isfinite(values)]))
    if not len(sizes):
        return 0.0
    return float(sizes[max(0, math.ceil(_COVERED * len(sizes)) - 1)] or sizes[-1])


def color_shares(
    values: Float64[np.ndarray, "rows columns"], limit: float
) -> Float64[np.ndarray, "rows columns"]:
    """Say how far along the colours each cell lies.

    Parameters
    ----------
    values : ndarray of float64, shape (rows, columns)
        What the cells hold.
    limit : float
        Where the colours end.

    Returns
    -------
    ndarray of float64, shape (rows, columns)
        From -1 to 1 by the square root, so that small cells show beside large ones; NaN stays.

    Examples
    --------
    >>> color_shares(np.array([[1.0, -4.0]]), 4.0).tolist()
    [[0.5, -1.0]]
    """
    shares: np.ndarray = np.sign(values) * np.sqrt(np.minimum(np.abs(values) / (limit or 1.0), 1.0))
    return shares
