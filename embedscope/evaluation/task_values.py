"""How sure a task's main measure is: the part of each item in it, and its standard error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import NormalDist
from typing import Any

import numpy as np
from jaxtyping import Float64

from embedscope.comparison.sampling import LEVEL, Interval
from embedscope.evaluation.task_part import TaskPart

_RESAMPLES = 200


def interval_of(parts: Sequence[TaskPart]) -> Interval | None:
    """Give the interval of the mean of a task's parts.

    Parameters
    ----------
    parts : sequence of TaskPart
        Of one task.

    Returns
    -------
    Interval or None
        95 %, normal; None where mteb's measure is none that this file knows.

    Notes
    -----
    Accuracy, nDCG, MAP and F1 of bitext are means over items: σ / √n over the items (those that all
    languages of a parallel bitext share are averaged first). Spearman's ρ: (1 - ρ²) √((1 + ρ²/2) / (n - 3))
    (Bonett and Wright 2000). Average precision: the spread over 200 resamples of the pairs. V-measure: the
    spread over mteb's own resamples of the items, which is not divided by their number. Parts are
    otherwise taken as independent.

    References
    ----------
    Bonett, Wright (2000), Sample size requirements for estimating Pearson, Kendall and Spearman correlations.
    """
    error = _error_of_mean(parts)
    if error is None or not np.isfinite(error):
        return None
    value = float(np.mean([part.value for part in parts]))
    half = NormalDist().inv_cdf((1 + LEVEL) / 2) * error
    return Interval(value - half, value + half)


def _error_of_mean(parts: Sequence[TaskPart]) -> float | None:
    values = [item_values(part) for part in parts]
    if getattr(parts[0].task, "parallel_subsets", False) and all(one is not None for one in values):
        return _error_of_values(np.mean([one for one in values if one is not None], axis=0))
    errors = [
        _spread(part) if one is None else _error_of_values(one)
        for part, one in zip(parts, values, strict=True)
    ]
    known = [one for one in errors if one is not None]
    return float(np.sqrt(np.sum(np.square(known))) / len(parts)) if len(known) == len(parts) else None


def _error_of_values(values: Float64[np.ndarray, " items"]) -> float:
    return float(np.std(values, ddof=1) / np.sqrt(len(values))) if len(values) > 1 else float("nan")


def item_values(part: TaskPart) -> Float64[np.ndarray, " items"] | None:
    """Give each item's part in a measure that is a mean over items.

    Parameters
    ----------
    part : TaskPart
        With mteb's predictions.

    Returns
    -------
    ndarray of float64, shape (items,), or None
        Their mean is the main measure; None where that is no mean over items.
    """
    kind, measure = part.task.metadata.type, part.measure
    if part.predictions is None:
        return None
    if kind == "Classification" and measure == "accuracy" and not part.task.is_cross_validation:
        return _shares_right(part)
    if kind in ("Retrieval", "Reranking"):
        return _query_values(part)
    if kind == "BitextMining" and measure == "f1" and not part.has_gold:
        return _bitext_values(np.array([found["corpus_id"] for found in part.predictions]))
    return None


def _shares_right(part: TaskPart) -> Float64[np.ndarray, " items"]:
    labels = np.array(part.column(part.task.label_column_name))
    return np.asarray((np.array(part.predictions) == labels).mean(axis=0), np.float64)


def _bitext_values(found: np.ndarray) -> Float64[np.ndarray, " items"]:
    """F1 of each text as a class of its own: 2 hits / (1 + how often it was found)."""
    counts = np.bincount(found, minlength=len(found))
    return np.asarray(2 * (found == np.arange(len(found))) / (1 + counts[: len(found)]), np.float64)


def _query_values(part: TaskPart) -> Float64[np.ndarray, " queries"] | None:
    measure, _, cut = part.measure.rpartition("_at_")
    score = {"ndcg": _ndcg, "map": _average_precision}.get(measure)
    if score is None:
        return None
    right = part.rows["relevant_docs"]
    return np.array(
        [score(ranked(found), right[query], int(cut)) for query, found in part.predictions.items()]
    )


def ranked(found: Mapping[str, float]) -> list[str]:
    """Order the documents that a query found.

    Parameters
    ----------
    found : mapping of str to float
        Similarity by document.

    Returns
    -------
    list of str
        The nearest first; of equal ones the later name first, as mteb's measures order them.

    Examples
    --------
    >>> ranked({"a": 0.5, "b": 0.5, "c": 0.9})
    ['c', 'b', 'a']
    """
    return sorted(found, key=lambda document: (found[document], document), reverse=True)


def _ndcg(order: Sequence[str], right: Mapping[str, int], cut: int) -> float:
    gains = [right.get(document, 0) for document in order[:cut]]
    best = sorted(right.values(), reverse=True)[:cut]
    ideal = _discounted(best)
    return _discounted(gains) / ideal if ideal else 0.0


def _discounted(gains: Sequence[int]) -> float:
    return float(sum(gain / np.log2(place + 2) for place, gain in enumerate(gains)))


def _average_precision(order: Sequence[str], right: Mapping[str, int], cut: int) -> float:
    hits = [place for place, document in enumerate(order[:cut], 1) if right.get(document, 0) > 0]
    total = sum(value > 0 for value in right.values())
    return float(sum(n / place for n, place in enumerate(hits, 1)) / total) if total else 0.0


def _spread(part: TaskPart) -> float | None:
    kind, measure = part.task.metadata.type, part.measure
    if kind == "STS" and measure.endswith("spearman") and part.n > 3:
        square = part.value**2
        return float((1 - square) * np.sqrt((1 + square / 2) / (part.n - 3)))
    if kind == "Clustering" and measure == "v_measure":
        scores = [score for level in part.scores["v_measures"].values() for score in level]
        return float(np.std(scores, ddof=1)) if len(scores) > 1 else None
    if kind == "PairClassification" and measure in ("cosine_ap", "similarity_ap") and part.predictions:
        labels = part.column(part.task.label_column_name)
        return _error_by_resampling(labels, part.predictions[_SCORES[measure]])
    return None


_SCORES = {"cosine_ap": "cosine_scores", "similarity_ap": "similarity_scores"}


def _error_by_resampling(labels: Sequence[int], scores: Sequence[float]) -> float:
    from sklearn.metrics import average_precision_score

    right, given = np.array(labels), np.array(scores)
    rng = np.random.default_rng(0)
    drawn = (rng.integers(0, len(right), len(right)) for _ in range(_RESAMPLES))
    found: list[Any] = [
        average_precision_score(right[rows], given[rows]) for rows in drawn if right[rows].any()
    ]
    return float(np.std(found, ddof=1))
