"""Alignment of two whole spaces: CKA, RSA, Procrustes and mutual nearest neighbours."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import torch
from jaxtyping import Float64

from embedscope._table import Table
from embedscope.comparison.matched import Matched, metric_vectors
from embedscope.comparison.moments import Moments
from embedscope.comparison.overlap import NeighborOverlap
from embedscope.comparison.pair_sample import PAIRS, draw_pairs, pair_distances
from embedscope.comparison.sampling import LEVEL, Interval, Sampling

# Debiased HSIC divides by n - 3.
_FEWEST = 4


@dataclass(frozen=True, eq=False)
class Alignment:
    """How alike two spaces are as wholes; 1 (for Procrustes 0) for one and the same up to a turn.

    Parameters
    ----------
    cka : float
        Linear centred kernel alignment, debiased: about 0 for unrelated spaces, at any size. NaN under four
        items.
    rsa : float
        Spearman's correlation of the pair distances of the two spaces. NaN where all are equal.
    procrustes : float
        What is left of a squared distance, from 0 to 2, after the best turn of one space onto the other, both
        centred and scaled to length 1.
    mutual_knn : float
        Mean share of an item's k nearest neighbours that are the same in both.
    chance : float
        What ``mutual_knn`` is for unrelated spaces.
    k : int
        Neighbours of ``mutual_knn``.
    n : int
        Items.
    pairs : Sampling
        Pairs of ``rsa``, and its interval.
    queries : Sampling
        Items of ``mutual_knn``, and its interval.
    """

    cka: float
    rsa: float
    procrustes: float
    mutual_knn: float
    chance: float
    k: int
    n: int
    pairs: Sampling
    queries: Sampling

    def to_table(self) -> Table:
        """Give the measures as a table for people.

        Returns
        -------
        Table
            Measure, value, what the same and unrelated spaces get, and how it was computed.
        """
        rows = [
            ("CKA, linear, debiased", self.cka, 1.0, 0.0, "exact"),
            ("RSA, Spearman", self.rsa, 1.0, 0.0, repr(self.pairs)),
            ("Procrustes distance²", self.procrustes, 0.0, 2.0, "exact"),
            (f"mutual {self.k} nearest", self.mutual_knn, 1.0, self.chance, repr(self.queries)),
        ]
        columns = ("measure", "value", "the same", "unrelated", "computed")
        return Table(columns, rows, f"Alignment of two spaces of {self.n:,} items")

    def to_frame(self) -> pa.Table:
        """Give the measures as an Arrow table.

        Returns
        -------
        pyarrow.Table
            One row a measure.
        """
        return self.to_table().to_frame()

    def __repr__(self) -> str:
        return repr(self.to_table())

    def _repr_html_(self) -> str:
        return self.to_table()._repr_html_()


def alignment(
    matched: Matched,
    overlap: NeighborOverlap,
    *,
    n_pairs: int = PAIRS,
    seed: int = 0,
    device: str | None = None,
) -> Alignment:
    """Measure how alike two spaces are as wholes.

    Parameters
    ----------
    matched : Matched
        The two spaces.
    overlap : NeighborOverlap
        Their neighbours.
    n_pairs : int
        Pairs of items for RSA; all where there are not more.
    seed : int
        Seed of the pairs.
    device : str, optional
        What computes the sums of CKA and Procrustes.

    Returns
    -------
    Alignment
        Under cosine of vectors scaled to length 1: only directions count there.

    Raises
    ------
    InputError
        If vectors are zero under cosine or not finite (the ids are named).

    Notes
    -----
    CKA and Procrustes come from one pass in float64, O(items · dims²).

    References
    ----------
    Kornblith et al. 2019, arXiv 1905.00414; Nguyen et al. 2021, arXiv 2010.15327 (the debiased estimator);
    Kriegeskorte et al. 2008, doi 10.3389/neuro.06.004.2008; Huh et al. 2024, arXiv 2405.07987 (mutual kNN).
    """
    moments = Moments.of(
        metric_vectors(matched.teacher, matched.vectors("teacher")),
        metric_vectors(matched.student, matched.vectors("student")),
        device=device,
    )
    rsa, pairs = representational_similarity(matched, n_pairs=n_pairs, seed=seed)
    return Alignment(
        debiased_cka(moments),
        rsa,
        procrustes_distance(moments),
        float(overlap.overlap.mean()),
        overlap.chance(),
        overlap.k,
        len(matched),
        pairs,
        overlap.sampling,
    )


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


def representational_similarity(
    matched: Matched, *, n_pairs: int | None = PAIRS, seed: int = 0
) -> tuple[float, Sampling]:
    """Correlate the pair distances of two spaces by their ranks.

    Parameters
    ----------
    matched : Matched
        The two spaces.
    n_pairs : int, optional
        Pairs; all where there are not more, or none is given.
    seed : int
        Seed of the pairs.

    Returns
    -------
    rsa : float
        Spearman's ρ; NaN where all distances of a space are equal.
    sampling : Sampling
        All pairs, or a sample with its interval.

    Notes
    -----
    Each space has its own metric's distances. The interval is Bonett and Wright's, with
    √((1 + ρ²/2)/(pairs - 3)) as the standard error of artanh ρ.

    References
    ----------
    Kriegeskorte et al. 2008, doi 10.3389/neuro.06.004.2008; Bonett, Wright 2000, doi 10.1007/BF02294183.
    """
    pairs = draw_pairs(len(matched), n_pairs, seed)
    ranks = [
        _ranks(pair_distances(matched.points(side), pairs, matched.space(side).metric))
        for side in ("teacher", "student")
    ]
    if any(side.min() == side.max() for side in ranks):
        return float("nan"), pairs.sampling
    rho = float(np.clip(np.corrcoef(ranks)[0, 1], -1, 1))
    if pairs.sampling.is_exact:
        return rho, pairs.sampling
    return rho, replace(pairs.sampling, interval=_spearman_interval(rho, len(pairs)))


def _ranks(values: Float64[np.ndarray, " pairs"]) -> Float64[np.ndarray, " pairs"]:
    """Rank values from 0, equal ones at the mean of their places."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    places = np.cumsum(counts) - (counts + 1) / 2
    ranks: np.ndarray = places[inverse]
    return ranks


def _spearman_interval(rho: float, n: int) -> Interval:
    from scipy.special import ndtri

    if n <= _FEWEST or abs(rho) == 1:
        return Interval(rho, rho) if abs(rho) == 1 else Interval(-1.0, 1.0)
    half = ndtri((1 + LEVEL) / 2) * np.sqrt((1 + rho**2 / 2) / (n - 3))
    low, high = np.tanh(np.arctanh(rho) + np.array([-half, half]))
    return Interval(float(low), float(high))
