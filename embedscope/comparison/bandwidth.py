"""Bandwidth: how wide an item's neighbourhood is, from distances to the σ of each row."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from jaxtyping import Float32, Float64

from embedscope._errors import EmbedscopeWarning, InputError
from embedscope.comparison.far_items import FarItems
from embedscope.comparison.perplexity import sigma_for_perplexity
from embedscope.neighbors.distances import Points
from embedscope.neighbors.neighbors import Metric, Neighbors
from embedscope.neighbors.search import find_neighbors

Rule: TypeAlias = Literal["fixed", "mean distance", "perplexity"]

PERPLEXITY = 30.0
FACTOR = 0.25
# As t-SNE does: past three times the perplexity a single neighbour weighs little.
_NEAREST_A_PERPLEXITY = 3
# A perplexity is cut to one 20th of the items, so that the neighbours it means stay few among them.
_SMALLEST_SHARE = 20
_SMALLEST_PERPLEXITY = 2.0
_MEAN_PAIRS = 1 << 18
_PAIRS_AT_ONCE = 1 << 13
# Where σ is so small beside the vectors, the rounding of float32 distances shows in the scores.
_ROUNDING_SHARE = 2e-3
# Effective neighbours: above a tenth of the items nothing is near any more, below two there is one choice.
_WIDEST_SHARE = 10
_FEWEST_WIDE = 5.0
_NARROWEST = 2.0
# A perplexity is searched for: one of 2 can come out a little lower.
_SEARCHED = 1e-3


@dataclass(frozen=True)
class Bandwidth:
    """How distances become probabilities: the rule that gives each row its σ.

    Made by `fixed`, `mean_distance` or `perplexity`. The same bandwidth serves a comparison and a loss.

    Parameters
    ----------
    rule : {"fixed", "mean distance", "perplexity"}
        The rule.
    value : float
        σ itself, the factor of the mean distance, or the perplexity.
    k : int, optional
        Nearest items that count exactly in a perplexity; three times the perplexity if not given.

    Raises
    ------
    InputError
        If the value is not positive, the perplexity not above 1, or k not above the perplexity.

    Examples
    --------
    >>> Bandwidth.perplexity(30)
    Bandwidth.perplexity(30)
    """

    rule: Rule
    value: float
    k: int | None = None

    def __post_init__(self) -> None:
        lowest = 1.0 if self.rule == "perplexity" else 0.0
        if not lowest < self.value < np.inf:
            raise InputError(
                f"Bandwidth: {self.rule} {self.value:g}; wanted a number above {lowest:g}, for example "
                "Bandwidth.perplexity(30) or Bandwidth.mean_distance(0.25)."
            )
        if self.k is not None and self.k <= self.value:
            raise InputError(
                f"Bandwidth.perplexity({self.value:g}, k={self.k}): the k that count exactly must be "
                "more than the perplexity; three times as many are usual: "
                f"k={round(_NEAREST_A_PERPLEXITY * self.value)}."
            )

    def __repr__(self) -> str:
        k = "" if self.k is None else f", k={self.k}"
        return f"Bandwidth.{self.rule.replace(' ', '_')}({self.value:g}{k})"

    @classmethod
    def fixed(cls, sigma: float | int) -> Bandwidth:
        """Use one σ for all rows.

        Parameters
        ----------
        sigma : float
            In units of distance; of unit vectors under cosine, where distances go from 0 to 2.

        Returns
        -------
        Bandwidth
            Ready to be used.

        Examples
        --------
        >>> Bandwidth.fixed(0.3)
        Bandwidth.fixed(0.3)
        """
        return cls("fixed", float(sigma))

    @classmethod
    def mean_distance(cls, factor: float | int = FACTOR) -> Bandwidth:
        """Use a multiple of the mean distance between two items, one σ for all rows.

        Parameters
        ----------
        factor : float
            The multiple. At 1 nearly all items are neighbours, and nothing is seen.

        Returns
        -------
        Bandwidth
            Ready to be used.

        Examples
        --------
        >>> Bandwidth.mean_distance()
        Bandwidth.mean_distance(0.25)
        """
        return cls("mean distance", float(factor))

    @classmethod
    def perplexity(cls, perplexity: float | int = PERPLEXITY, k: int | None = None) -> Bandwidth:
        """Give each row the σ at which its neighbourhood is as wide as this many equal neighbours.

        Parameters
        ----------
        perplexity : float
            exp(entropy) over all other items; cut to a 20th of them where they are few.
        k : int, optional
            Nearest items that count exactly; three times the perplexity if not given. Those beyond are
            estimated from 512 that are drawn, up to about 600 items from all.

        Returns
        -------
        Bandwidth
            Ready to be used.

        Examples
        --------
        >>> Bandwidth.perplexity(10, k=50)
        Bandwidth.perplexity(10, k=50)
        """
        return cls("perplexity", float(perplexity), k)

    def widths(
        self,
        vectors: Float32[np.ndarray, "items dims"],
        metric: Metric = "cosine",
        neighbors: Neighbors | None = None,
    ) -> Widths:
        """Give each row of a space its σ.

        Parameters
        ----------
        vectors : ndarray of float32, shape (items, dims)
            Finite, at least two; under cosine no row of zeros.
        metric : {"cosine", "euclidean"}
            The metric.
        neighbors : Neighbors, optional
            Those of these vectors, where they are known: at least k a row. A perplexity needs them.

        Returns
        -------
        Widths
            The σ of each row, and how it came about in words.

        Notes
        -----
        The mean distance is that of all pairs up to 724 items, and of 262,144 pairs drawn with a fixed seed
        past that. A perplexity costs the search for the k nearest where they are not given, and a product of
        all items with 512 drawn with a fixed seed, that stand for the items beyond the nearest: t-SNE leaves
        them out, and a softmax over all then has several times as many effective neighbours.

        Examples
        --------
        >>> Bandwidth.mean_distance(0.5).widths(np.eye(3, dtype=np.float32)).sigma.round(4).tolist()
        [0.7071, 0.7071, 0.7071]
        """
        if self.rule == "fixed":
            return Widths(np.full(len(vectors), self.value), f"σ {self.value:.3g}")
        if self.rule == "mean distance":
            mean = mean_distance(vectors, metric)
            if mean == 0:
                raise InputError(
                    "All vectors are equal, so their mean distance is 0 and no bandwidth. "
                    "Use Bandwidth.fixed(sigma)."
                )
            said = f"σ {self.value:g} of the mean distance {mean:.3g}"
            return Widths(np.full(len(vectors), self.value * mean), said)
        return self._perplexity_widths(vectors, metric, neighbors)

    def nearest(self, n: int) -> int:
        """Say how many nearest of each item a perplexity takes exactly.

        Parameters
        ----------
        n : int
            Items of the space.

        Returns
        -------
        int
            Its k, or three times the perplexity, and never more than the other items; 0 for another rule.

        Examples
        --------
        >>> Bandwidth.perplexity(30).nearest(1000), Bandwidth.perplexity(30).nearest(3)
        (90, 2)
        """
        if self.rule != "perplexity":
            return 0
        return min(self.k or round(_NEAREST_A_PERPLEXITY * self._cut(n)), n - 1)

    def among(self, n: int) -> float:
        """Say which perplexity is used among so many items.

        Parameters
        ----------
        n : int
            Items of the space or the batch, at least two.

        Returns
        -------
        float
            The perplexity, cut to a 20th of the other items and never under 2; half the items where two or
            three have no room for that.

        Examples
        --------
        >>> Bandwidth.perplexity(30).among(1000), Bandwidth.perplexity(30).among(101)
        (30.0, 5.0)
        """
        return min(self._cut(n), n / 2)

    def _cut(self, n: int) -> float:
        return min(self.value, max(_SMALLEST_PERPLEXITY, (n - 1) / _SMALLEST_SHARE))

    def _perplexity_widths(
        self, vectors: Float32[np.ndarray, "items dims"], metric: Metric, neighbors: Neighbors | None
    ) -> Widths:
        n = len(vectors)
        k = self.nearest(n)
        perplexity = self.among(n)
        if neighbors is None or neighbors.k < k or neighbors.metric != metric:
            neighbors = find_neighbors(vectors, k, metric)
        distances = neighbors.distances[:, :k].astype(np.float64)
        squares = 2 * distances if metric == "cosine" else distances**2
        far = FarItems.of(vectors, metric, neighbors, k)
        sigma = sigma_for_perplexity(squares, perplexity, far.squares)
        said = f"σ by perplexity {perplexity:.3g} over all others"
        return Widths(sigma, said if far.exact else f"{said}: the {k} nearest and {len(far.drawn)} drawn")


@dataclass(frozen=True, eq=False)
class Widths:
    """The σ of each row, and how it came about.

    Parameters
    ----------
    sigma : ndarray of float64, shape (items,)
        In units of distance (of unit vectors under cosine).
    said : str
        In words, for titles.
    """

    sigma: Float64[np.ndarray, " items"]
    said: str


def mean_distance(vectors: Float32[np.ndarray, "items dims"], metric: Metric) -> float:
    """Measure the mean length |a - b| over pairs of items, of the unit vectors under cosine.

    Parameters
    ----------
    vectors : ndarray of float32, shape (items, dims)
        At least two.
    metric : {"cosine", "euclidean"}
        The metric.

    Returns
    -------
    float
        Over all pairs up to 724 items; over 262,144 pairs drawn with a fixed seed past that.

    Examples
    --------
    >>> mean_distance(np.array([[0, 0], [3, 4]], np.float32), "euclidean")
    5.0
    """
    n = len(vectors)
    norms = Points.of(vectors, metric).norms
    if n * (n - 1) // 2 <= _MEAN_PAIRS:
        first, second = np.triu_indices(n, 1)
    else:
        rng = np.random.default_rng(0)
        first = rng.integers(0, n, _MEAN_PAIRS)
        second = (first + rng.integers(1, n, _MEAN_PAIRS)) % n
    total = 0.0
    for start in range(0, len(first), _PAIRS_AT_ONCE):
        part = slice(start, start + _PAIRS_AT_ONCE)
        a, b = (vectors[rows[part]].astype(np.float64) for rows in (first, second))
        if metric == "cosine":
            a /= norms[first[part], None]
            b /= norms[second[part], None]
        a -= b
        total += float(np.sqrt(np.einsum("ij,ij->i", a, a)).sum())
    return total / len(first)


def warn_of_widths(
    effective: Float64[np.ndarray, " anchors"], n: int, side: str, *, stacklevel: int = 2
) -> None:
    """Warn where neighbourhoods are so wide or so narrow that their divergence says little.

    Parameters
    ----------
    effective : ndarray of float64, shape (anchors,)
        Effective neighbours exp(entropy) of each anchor.
    n : int
        Items of the space.
    side : str
        What the message calls the space.
    stacklevel : int
        As in `warnings.warn`.
    """
    median = float(np.median(effective))
    if median > max(n / _WIDEST_SHARE, _FEWEST_WIDE):
        reason = (
            f"over a tenth of {n:,}: neighbourhoods so wide blur what differs nearby, and KL goes to 0. "
            "Take a smaller bandwidth, for example half of this one."
        )
    elif n > _NARROWEST + 1 and median < _NARROWEST * (1 - _SEARCHED):
        reason = "under 2: only the nearest item counts. Take a larger bandwidth, for example twice this one."
    else:
        return
    warnings.warn(
        f"The {side}'s anchors have a median of {median:.3g} effective neighbours, {reason}",
        EmbedscopeWarning,
        stacklevel=stacklevel + 1,
    )


def warn_of_rounding(
    vectors: Float32[np.ndarray, "items dims"],
    sigma: Float64[np.ndarray, " items"],
    metric: Metric,
    side: str,
    *,
    stacklevel: int = 2,
) -> None:
    """Warn where σ is so small beside the vectors that float32 products cannot tell their distances.

    Parameters
    ----------
    vectors : ndarray of float32, shape (items, dims)
        The space.
    sigma : ndarray of float64, shape (items,)
        The bandwidth of each row.
    metric : {"cosine", "euclidean"}
        The metric.
    side : str
        What the message calls the space.
    stacklevel : int
        As in `warnings.warn`.
    """
    scale = 1.0
    if metric == "euclidean":
        scale = float(np.sqrt(vectors.var(axis=0, dtype=np.float64).sum()))
    if float(np.median(sigma)) < _ROUNDING_SHARE * scale:
        warnings.warn(
            f"The {side}'s median σ {np.median(sigma):.2g} is under {_ROUNDING_SHARE:g} of its vectors' "
            f"length {scale:.2g}: float32 distances are too coarse for it. Use dtype='float64'.",
            EmbedscopeWarning,
            stacklevel=stacklevel + 1,
        )
