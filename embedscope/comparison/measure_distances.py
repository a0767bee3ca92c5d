"""Measuring distances: pairs of every kind, all of them or drawn, tallied in both spaces."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool

from embedscope._arrays import as_vectors
from embedscope._errors import InputError, unknown_name
from embedscope._progress import progress_bar
from embedscope.comparison.distances import Distances, PairDistances, Rescale
from embedscope.comparison.distributions import js_interval
from embedscope.comparison.groups import Groups
from embedscope.comparison.pair_kinds import (
    SAME,
    Chunk,
    Kind,
    check_kinds,
    group_pairs,
    is_same,
    sampled_chunks,
)
from embedscope.comparison.pair_sample import draw_pairs
from embedscope.comparison.sampling import Sampling
from embedscope.comparison.tally import Scale, Tally
from embedscope.neighbors.distances import Points
from embedscope.neighbors.neighbors import Metric, check_metric

BINS = 64
# 5,000 items have 12.5 million pairs: a few seconds.
EXACT_PAIRS = 12_500_000
DRAWN_PAIRS = 1 << 18
_SCALING_PAIRS = 1 << 15
_MOST_BINS = 256
_MARGIN = 0.02


@dataclass(frozen=True)
class DistanceOptions:
    """How distances are counted.

    Parameters
    ----------
    n_pairs : int, optional
        Pairs to draw of each kind. By default all pairs up to 12.5 million (5,000 items), and 262,144 of each
        kind past that; a number of pairs that there are not counts all.
    seed : int
        Of the draw, and of the example pairs.
    bins : int
        Bins of the histograms, up to 256.
    rescale : {"none", "mean"}, optional
        Whether each space's distances are divided by their mean. By default where the metrics differ.

    Raises
    ------
    InputError
        If a number is out of range.
    MissingError
        If the rescaling is not known.
    """

    n_pairs: int | None = None
    seed: int = 0
    bins: int = BINS
    rescale: Rescale | None = None

    def __post_init__(self) -> None:
        if self.n_pairs is not None and self.n_pairs < 1:
            raise InputError(f"n_pairs={self.n_pairs}: wanted 1 or more.")
        if not 1 <= self.bins <= _MOST_BINS:
            raise InputError(f"bins={self.bins}: wanted 1 to {_MOST_BINS}.")
        if self.rescale not in (None, "none", "mean"):
            raise unknown_name("rescaling", str(self.rescale), ("none", "mean"))


def distances(
    teacher: object,
    student: object,
    *,
    labels: Groups | None = None,
    domains: Groups | None = None,
    metrics: tuple[Metric, Metric] = ("cosine", "cosine"),
    options: DistanceOptions | None = None,
) -> Distances:
    """Count how the distances of pairs lie in two spaces of the same items.

    Parameters
    ----------
    teacher, student : array_like of shape (items, dims)
        Vectors of the same items in the same order.
    labels : Groups, optional
        For pairs of the same label and of different ones. Items of the missing group are in neither.
    domains : Groups, optional
        For pairs within a domain and across two.
    metrics : tuple of {"cosine", "euclidean"}
        The teacher's and the student's. Cosine distance is 1 - cosine.
    options : DistanceOptions, optional
        How many pairs, which bins.

    Returns
    -------
    Distances
        Marginal and joint histograms of every kind of pair, and 8 example pairs of each joint bin.

    Raises
    ------
    InputError
        If the spaces are not of the same items, vectors are not finite or zero under cosine (the rows are
        named), or there is only one label.
    MissingError
        If a metric is not known.

    Notes
    -----
    All pairs: two matrix products by tiles, time O(items² · dims), memory O(items · dims). Drawn: uniformly
    among all pairs (for all, different labels and across domains) and among those of one label or within one
    domain, without repetition. Quantiles, Wasserstein-1 and AUC are read off 65,536 bins.

    Examples
    --------
    >>> x = np.random.default_rng(0).normal(size=(50, 4))
    >>> distances(x, x)["all"].wasserstein
    0.0
    """
    options = options or DistanceOptions()
    sides = _sides(teacher, student, metrics)
    n = len(sides[0])
    asked: list[tuple[Groups, Kind]] = []
    for groups, kind, what in ((labels, "same label", "label"), (domains, "within domain", "domain")):
        if groups is None:
            continue
        if len(groups.codes) != n:
            raise InputError(f"The {what}s are of {len(groups.codes):,} items, the spaces of {n:,}.")
        check_kinds(groups, what)
        asked.append((groups, "same label" if kind == "same label" else "within domain"))
    rescale = options.rescale or ("none" if metrics[0] == metrics[1] else "mean")
    scale = _scale(sides, metrics, rescale, options)
    total = n * (n - 1) // 2
    if total <= (EXACT_PAIRS if options.n_pairs is None else options.n_pairs):
        kinds = _count_all(sides, metrics, asked, scale, options.seed)
    else:
        kinds = _count_drawn(sides, metrics, asked, scale, options)
    return Distances(kinds, scale, rescale)


def _sides(teacher: object, student: object, metrics: tuple[Metric, Metric]) -> tuple[Points, Points]:
    made = []
    for vectors, metric, name in zip((teacher, student), metrics, ("teacher", "student"), strict=True):
        check_metric(metric)
        named = f"the {name}'s vectors"
        made.append(Points.of(as_vectors(vectors, name=named), metric, name=named))
    one, two = made
    if len(one) != len(two):
        raise InputError(f"The teacher has {len(one):,} items and the student {len(two):,}: wanted the same.")
    if len(one) < 2:
        raise InputError(f"{len(one)} items have no pairs: at least 2 are wanted.")
    return one, two


def _scale(
    sides: tuple[Points, Points], metrics: tuple[Metric, Metric], rescale: Rescale, options: DistanceOptions
) -> Scale:
    pairs = draw_pairs(len(sides[0]), _SCALING_PAIRS, options.seed)
    seen = next(sampled_chunks(sides, metrics, pairs))[2]
    means = seen.mean(axis=1)
    factors = np.ones(2) if rescale == "none" else 1 / np.where(means > 0, means, 1.0)
    seen *= factors[:, None]
    bounds = [_bound(points, metric) for points, metric in zip(sides, metrics, strict=True)]
    margin = _MARGIN * (float(np.ptp(seen)) or 1.0)
    low, high = max(0.0, float(seen.min()) - margin), float(seen.max()) + margin
    bound = max(float(np.max(np.array(bounds) * factors)), high)
    return Scale((float(factors[0]), float(factors[1])), low, high, options.bins, bound)


def _bound(points: Points, metric: Metric) -> float:
    """No distance of these points is above this."""
    if metric == "cosine":
        return 2.0
    centre = points.vectors.mean(axis=0, dtype=np.float64).astype(np.float32)
    return 2.0 * float(np.sqrt(((points.vectors - centre) ** 2).sum(axis=1, dtype=np.float64).max()))


def _count_all(
    sides: tuple[Points, Points],
    metrics: tuple[Metric, Metric],
    asked: list[tuple[Groups, Kind]],
    scale: Scale,
    seed: int,
) -> dict[str, PairDistances]:
    from embedscope.comparison.pair_tiles import all_chunks

    tallies: dict[Kind, Tally] = {kind: Tally(scale, seed) for kind in _kinds(asked)}
    n = len(sides[0])
    counted = dict.fromkeys(tallies, 0)
    total = n * (n - 1) // 2
    with progress_bar(total, "Counting pairs", "pair", disable=True if total < DRAWN_PAIRS else None) as bar:
        for chunk in all_chunks(sides, metrics):
            for kind, size in _tally(chunk, asked, tallies, scale).items():
                counted[kind] += size
            bar.update(len(chunk[0]))
    return {
        kind: PairDistances(kind, scale, tally.finish(), Sampling.exact(counted[kind], "pairs"))
        for kind, tally in tallies.items()
    }


def _kinds(asked: list[tuple[Groups, Kind]]) -> list[Kind]:
    kinds: list[Kind] = ["all"]
    for _, same in asked:
        kinds += [same, SAME[same]]
    return kinds


def _tally(
    chunk: Chunk, asked: list[tuple[Groups, Kind]], tallies: dict[Kind, Tally], scale: Scale
) -> dict[Kind, int]:
    """Give a chunk's pairs to the tallies of their kinds, and say how many each got."""
    first, second, measured = chunk
    measured = measured * np.array(scale.factors, measured.dtype)[:, None]
    sizes: dict[Kind, int] = {}
    chosen: list[tuple[Kind, Bool[np.ndarray, " pairs"]]] = [("all", np.ones(len(first), bool))]
    for groups, kind in asked:
        same, different = is_same(groups, first, second)
        chosen += [(kind, same), (SAME[kind], different)]
    for kind, part in chosen:
        if kind in tallies:
            tallies[kind].add(first[part], second[part], measured[:, part])
            sizes[kind] = int(part.sum())
    return sizes


def _count_drawn(
    sides: tuple[Points, Points],
    metrics: tuple[Metric, Metric],
    asked: list[tuple[Groups, Kind]],
    scale: Scale,
    options: DistanceOptions,
) -> dict[str, PairDistances]:
    wanted = options.n_pairs or DRAWN_PAIRS
    everything = draw_pairs(len(sides[0]), wanted, options.seed)
    draws: list[tuple[Kind, ...]] = [("all", *(SAME[kind] for _, kind in asked))]
    samples = [everything]
    for groups, kind in asked:
        draws.append((kind,))
        samples.append(group_pairs(groups, wanted, options.seed))
    found: dict[str, PairDistances] = {}
    for kinds, pairs in zip(draws, samples, strict=True):
        tallies = {kind: Tally(scale, options.seed) for kind in kinds}
        counted = dict.fromkeys(kinds, 0)
        for chunk in sampled_chunks(sides, metrics, pairs):
            for kind, size in _tally(chunk, asked, tallies, scale).items():
                counted[kind] += size
        for kind in kinds:
            counts, of = tallies[kind].finish(), _pairs_there(kind, len(sides[0]), asked)
            sampling = Sampling.exact(of, "pairs")
            if counted[kind] < of:
                interval = js_interval(counts.joint, options.seed)
                sampling = Sampling(counted[kind], of, options.seed, interval, "pairs")
            found[kind] = PairDistances(kind, scale, counts, sampling)
    return {kind: found[kind] for kind in _kinds(asked)}


def _pairs_there(kind: Kind, n: int, asked: list[tuple[Groups, Kind]]) -> int:
    """Count the pairs of a kind that there are."""
    for groups, same in asked:
        counts = groups.counts
        if groups.missing is not None:
            counts[groups.missing] = 0
        inside = int((counts * (counts - 1) // 2).sum())
        known = int(counts.sum())
        if kind == same:
            return inside
        if kind == SAME[same]:
            return known * (known - 1) // 2 - inside
    return n * (n - 1) // 2
