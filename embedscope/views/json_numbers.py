"""Numbers as JSON has them: what is not finite is null."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np


def number(value: float | np.floating) -> float | None:
    """Give a number that can travel.

    Parameters
    ----------
    value : float
        Any.

    Returns
    -------
    float or None
        None where it is NaN or infinite.

    Examples
    --------
    >>> number(0.5), number(float("nan"))
    (0.5, None)
    """
    plain = float(value)
    return plain if math.isfinite(plain) else None


def numbers(values: np.ndarray | Sequence[float]) -> list[float | None]:
    """Give numbers that can travel.

    Parameters
    ----------
    values : ndarray or sequence of float
        A row of them.

    Returns
    -------
    list of float or None
        As `number`.

    Examples
    --------
    >>> numbers([1.0, float("inf")])
    [1.0, None]
    """
    return [number(value) for value in values]
