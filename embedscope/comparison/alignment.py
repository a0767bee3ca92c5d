"""Alignment of two whole spaces: CKA, RSA, Procrustes and mutual nearest neighbours."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from jaxtyping import Float64

from embedscope._table import Table
from embedscope.comparison.matched import Matched, metric_vectors
from embedscope.comparison.overlap import NeighborOverlap
from embedscope.comparison.pair_sample import PAIRS, draw_pairs, pair_distances
from embedscope.comparison.sampling import LEVEL, Interval, Sampling

# The interval of a rank correlation divides by n - 3.
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
    from embedscope.comparison.moments import Moments
    from embedscope.comparison.whole_alignment import debiased_cka, procrustes_distance

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
