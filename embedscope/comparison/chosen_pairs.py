"""Chosen pairs: the distances of given pairs, and of all pairs among given items, in the bins of others."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64, Int64

from embedscope._errors import InputError
from embedscope.comparison.distances import PairDistances
from embedscope.comparison.matched import Matched, Side
from embedscope.comparison.pair_sample import PairSample, pair_distances
from embedscope.comparison.sampling import Sampling
from embedscope.comparison.tally import Scale, Tally
from embedscope.neighbors.neighbors import Metric

MOST_CHOSEN = 2_000
_SIDES: tuple[Side, Side] = ("teacher", "student")


def pairs_among(
    matched: Matched,
    rows: Int64[np.ndarray, " chosen"],
    scale: Scale,
    *,
    kind: str = "selected",
    seed: int = 0,
) -> PairDistances:
    """Count how the pairs among some items lie in two spaces.

    Parameters
    ----------
    matched : Matched
        The two spaces.
    rows : ndarray of int64, shape (chosen,)
        The items, each once: 2 to 2,000.
    scale : Scale
        The bins, of the distances of all items.
    kind : str
        What the pairs are called.
    seed : int
        Of the example pairs.

    Returns
    -------
    PairDistances
        Of all pairs among these items.

    Raises
    ------
    InputError
        If there are fewer than 2 or more than 2,000 items.

    Notes
    -----
    Two matrix products, O(chosen² · dims).
    """
    if not 2 <= len(rows) <= MOST_CHOSEN:
        raise InputError(f"{len(rows):,} items: the pairs among 2 to {MOST_CHOSEN:,} items can be counted.")
    from embedscope.comparison.pair_tiles import all_chunks

    teacher, student = (matched.points(side).take(rows) for side in _SIDES)
    tally = Tally(scale, seed)
    factors = np.array(scale.factors)[:, None]
    for first, second, measured in all_chunks((teacher, student), _metrics(matched)):
        tally.add(rows[first], rows[second], measured * factors.astype(measured.dtype))
    total = len(rows) * (len(rows) - 1) // 2
    return PairDistances(kind, scale, tally.finish(), Sampling.exact(total, "pairs"))


def measure_pairs(
    matched: Matched, pairs: Int64[np.ndarray, "pairs 2"], scale: Scale
) -> Float64[np.ndarray, "pairs 2"]:
    """Measure given pairs in both spaces.

    Parameters
    ----------
    matched : Matched
        The two spaces.
    pairs : ndarray of int64, shape (pairs, 2)
        Rows of their items.
    scale : Scale
        What the distances are multiplied by.

    Returns
    -------
    ndarray of float64, shape (pairs, 2)
        The teacher's and the student's distance of each.
    """
    chosen = PairSample(pairs[:, 0], pairs[:, 1], Sampling.exact(len(pairs), "pairs"))
    sides = zip(_SIDES, _metrics(matched), scale.factors, strict=True)
    return np.stack(
        [pair_distances(matched.points(side), chosen, metric) * factor for side, metric, factor in sides],
        axis=1,
    )


def _metrics(matched: Matched) -> tuple[Metric, Metric]:
    return matched.teacher.metric, matched.student.metric
