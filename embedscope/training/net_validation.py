"""What a net is measured by on classes that it was not trained on.

This file imports torch: import it inside the function that needs it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import torch
from jaxtyping import Bool, Float32

from embedscope._errors import InputError
from embedscope.evaluation.retrieval import score_retrieval
from embedscope.evaluation.retrieval_scores import RetrievalScores
from embedscope.spaces.space import Space
from embedscope.training.teaching import Teaching
from embedscope.training.training_data import DOMAIN, LABEL, TrainingData


def validate_vectors(
    vectors: Float32[np.ndarray, "items dims"],
    is_there: Bool[np.ndarray, " items"],
    data: TrainingData,
    teaching: Teaching,
) -> dict[str, float]:
    """Measure a net's vectors of the items to validate on.

    Parameters
    ----------
    vectors : ndarray of float32, shape (items, dims)
        In their order.
    is_there : ndarray of bool, shape (items,)
        False for an image that cannot be read any more: it counts nowhere.
    data : TrainingData
        With items to validate on.
    teaching : Teaching
        What the net learns from measures as well.

    Returns
    -------
    dict of str to float
        ``recall_at_1`` and ``map_at_r`` (mean of the domains, each against its own index),
        ``recall_at_1/<domain>``, ``merged_recall_at_1`` where there are several, and what the teaching
        measures, ``kl/<domain>``.

    Raises
    ------
    InputError
        If not one image can be read, or a vector is not finite.
    """
    held, rows = data.validation, np.flatnonzero(is_there)
    if held is None or not len(rows):
        raise InputError("Not one image of the validation can be read any more.")
    if not np.isfinite(vectors[rows]).all():
        raise InputError("The net gives vectors that are not finite: lower the learning rate.")
    numbers = data.domain_numbers(held)
    there = held.take(rows)
    columns = {name: there.columns.column(name) for name in (LABEL, DOMAIN)}
    scores = score_retrieval(Space.from_arrays(vectors[rows], ids=list(there.ids), columns=columns), ks=[1])
    present = {number: data.domains[number] for number in np.unique(numbers[rows]).tolist()}
    known = _known(scores, "recall@1", present.values())
    measures = {"recall_at_1": _mean(known), "map_at_r": _mean(_known(scores, "map@r", present.values()))}
    measures |= {f"recall_at_1/{name}": value for name, value in known.items()}
    if len(present) > 1:
        measures["merged_recall_at_1"] = scores.value("recall@1", index="merged")
    for number, domain in present.items():
        mine = np.flatnonzero(numbers == number)
        kept = np.flatnonzero(np.isin(mine, rows))
        found = teaching.measure(torch.from_numpy(vectors[mine[kept]]), number, kept)
        measures |= {f"{name}/{domain}": value for name, value in found.items()}
    return measures


def _known(scores: RetrievalScores, measure: str, domains: Iterable[str]) -> dict[str, float]:
    """Give a measure by domain; where each class has one item there is nothing to find."""
    own = {name: scores.value(measure, name, "own") for name in domains}
    return {name: value for name, value in own.items() if value == value}


def _mean(values: Mapping[str, float]) -> float:
    return float(np.mean(list(values.values()))) if values else 0.0
