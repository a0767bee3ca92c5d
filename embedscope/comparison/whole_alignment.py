"""CKA and Procrustes of two whole spaces, from their moments.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

import numpy as np
import torch
from jaxtyping import Float64

from embedscope.comparison.moments import Moments

# Debiased HSIC divides by n - 3.
_FEWEST = 4


def debiased_cka(moments: Moments) -> float:
    """Compute linear centred kernel alignment, debiased.

    Parameters
    ----------
    moments : Moments
        Of the two spaces.

    Returns
    -------
    float
        HSIC_xy/√(HSIC_xx HSIC_yy); NaN under four items, or where a space does not vary. It can be a little
        under 0.

    Notes
    -----
    With C = XᵀY, a = |x|², b = |y|² and column sums s: tr = |C|² - Σab; SK = |s_x|² - Σa; SL likewise;
    rt = s_xᵀC s_y - s_x·Xᵀb - s_y·Yᵀa + Σab; HSIC = (tr + SK·SL/((n-1)(n-2)) - 2rt/(n-2))/(n(n-3)).

    References
    ----------
    Song et al. 2012, Journal of Machine Learning Research 13 (the unbiased HSIC); ours (the sums).

    Examples
    --------
    >>> x = np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32)
    >>> round(debiased_cka(Moments.of(x, x[:, ::-1].copy())), 12)
    1.0
    """
    m = moments
    if m.n < _FEWEST:
        return float("nan")
    own_x = _hsic(m.n, m.xx, (m.x, m.x), (m.a, m.a), (m.xa, m.xa), m.aa)
    own_y = _hsic(m.n, m.yy, (m.y, m.y), (m.b, m.b), (m.yb, m.yb), m.bb)
    both = _hsic(m.n, m.xy, (m.x, m.y), (m.a, m.b), (m.xb, m.ya), m.ab)
    tiny = np.finfo(np.float64).eps
    if own_x <= tiny * float(m.a) ** 2 / m.n**2 or own_y <= tiny * float(m.b) ** 2 / m.n**2:
        return float("nan")
    return both / float(np.sqrt(own_x * own_y))


def _hsic(
    n: int,
    c: Float64[torch.Tensor, "dx dy"],
    sums: tuple[Float64[torch.Tensor, " dx"], Float64[torch.Tensor, " dy"]],
    squares: tuple[Float64[torch.Tensor, ""], Float64[torch.Tensor, ""]],
    weighed: tuple[Float64[torch.Tensor, " dx"], Float64[torch.Tensor, " dy"]],
    product: Float64[torch.Tensor, ""],
) -> float:
    (sx, sy), (xb, ya) = sums, weighed
    tr = (c * c).sum() - product
    sk, sl = sx @ sx - squares[0], sy @ sy - squares[1]
    rt = sx @ c @ sy - sx @ xb - sy @ ya + product
    return float((tr + sk * sl / ((n - 1) * (n - 2)) - 2 * rt / (n - 2)) / (n * (n - 3)))


def procrustes_distance(moments: Moments) -> float:
    """Compute what the best turn of one space onto the other leaves.

    Parameters
    ----------
    moments : Moments
        Of the two spaces.

    Returns
    -------
    float
        ‖X‖² + ‖Y‖² - 2‖XᵀY‖_* of X and Y centred and scaled to Frobenius norm 1: from 0 to 2. NaN where a
        space does not vary.

    Notes
    -----
    The turn may be a reflection. scipy's ``procrustes`` also scales one onto the other; its disparity is
    1 - (1 - d/2)².

    References
    ----------
    Schönemann 1966, doi 10.1007/BF02289451.

    Examples
    --------
    >>> x = np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32)
    >>> abs(round(procrustes_distance(Moments.of(x, -2 * x)), 12))
    0.0
    """
    m = moments
    cross = m.xy - torch.outer(m.x, m.y) / m.n
    size_x, size_y = float(m.a - m.x @ m.x / m.n), float(m.b - m.y @ m.y / m.n)
    tiny = m.n * np.finfo(np.float32).eps ** 2
    if size_x <= tiny * float(m.a) or size_y <= tiny * float(m.b):
        return float("nan")
    nuclear = float(torch.linalg.svdvals(cross).sum())
    return max(0.0, 2 - 2 * nuclear / float(np.sqrt(size_x) * np.sqrt(size_y)))
