"""Scores on the classes that no run has seen: read once, at the end."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from domains import DOMAINS, split_domain
from PIL import Image as PILImage

import embedscope as es
from embedscope.evaluation.retrieval import score_retrieval
from embedscope.evaluation.retrieval_scores import RetrievalScores
from embedscope.items.items import Items
from embedscope.items.payloads import Image

MEASURES = ("recall@1", "recall@4", "map@r", "mmp@5")
_PIXELS = 16


def score_encoder(encoder: Any, domains: tuple[str, ...] = DOMAINS) -> list[dict[str, Any]]:
    """Score one encoder on the test classes: a row a domain and index."""
    spaces = {name: es.encode(split_domain(name)["test"], encoder, progress=False) for name in domains}
    return _rows(spaces)


def score_pixels() -> list[dict[str, Any]]:
    """Score the images' own 16 × 16 pixels."""
    spaces = {}
    for name in DOMAINS:
        items = split_domain(name)["test"]
        columns = {column: items.columns.column(column) for column in ("label", "domain")}
        spaces[name] = es.Space.from_arrays(pixels(items), ids=list(items.ids), columns=columns)
    return _rows(spaces)


def pixels(items: Items) -> np.ndarray:
    """Give each image's pixels, 16 × 16 in RGB, from -1 to 1."""
    small = []
    for payload in items.payloads:
        if not isinstance(payload, Image):
            raise TypeError(f"{items.name} holds {type(payload).__name__}")
        image = payload.open().resize((_PIXELS, _PIXELS), PILImage.Resampling.BOX)
        small.append(np.asarray(image, dtype=np.float32).ravel() / 127.5 - 1)
    return np.stack(small)


def _rows(spaces: Mapping[str, es.Space]) -> list[dict[str, Any]]:
    # One domain has no other to be merged with.
    scores = score_retrieval(spaces, ks=[1, 4], against="both" if len(spaces) > 1 else "own")
    return [
        {"domain": name, "index": index, **_measures(scores, name, index)}
        for name in spaces
        for index in scores.indexes
    ]


def _measures(scores: RetrievalScores, domain: str, index: str) -> dict[str, float]:
    found = {measure: round(scores.value(measure, domain, index), 5) for measure in MEASURES}
    mean = scores.score("recall@1", domain, index)
    ends = {"low": round(mean.interval.low, 5), "high": round(mean.interval.high, 5)}
    return {**found, **ends, "queries": mean.queries, "classes": mean.classes}


def trained(folder: Path) -> Any:
    """Load the net that a run left."""
    return es.load_encoder(folder / "model")
