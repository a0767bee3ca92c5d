"""Slow, obvious float64 versions of retrieval's measures: one query at a time, sorted as written."""

from __future__ import annotations

import numpy as np


def distance(a, b, metric):
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    if metric == "euclidean":
        return np.sqrt(((a - b) ** 2).sum())
    cosine_distance = 1 - (a @ b) / (np.sqrt(a @ a) * np.sqrt(b @ b))
    return 0.0 if cosine_distance < 1e-14 else cosine_distance


def one_query(vector, key, group, index, metric, ks):
    """Recall@k, average precision at R and mean precision of one query; ``index`` holds (key, vector, group)."""
    others = [entry for entry in index if entry[0] != key]
    # Equal to float32 is equal: ties go by the index, and Python's sort is stable.
    ranked = sorted(others, key=lambda entry: float(np.float32(distance(vector, entry[1], metric))))
    hits = [entry[2] == group and group is not None for entry in ranked]
    relevant = sum(hits)
    if not relevant:
        return {**{f"recall@{k}": np.nan for k in ks}, "map@r": np.nan, "mmp@5": 0.0}
    precision = sum(sum(hits[: i + 1]) / (i + 1) for i in range(relevant) if hits[i]) / relevant
    depth = min(5, relevant)
    return {
        **{f"recall@{k}": float(any(hits[:k])) for k in ks},
        "map@r": precision,
        "mmp@5": sum(hits[:depth]) / depth,
    }


def all_queries(queries, index, metric, ks, own):
    """One mapping of measures a query; entries are (key, vector, (domain, label))."""
    found = []
    for key, vector, group in queries:
        if group[1] is None:
            continue
        searched = [entry for entry in index if not own or entry[2][0] == group[0]]
        labelled = [(k, v, None if g[1] is None else g) for k, v, g in searched]
        found.append(one_query(vector, key, group, labelled, metric, ks))
    return found


def clustered_variance(values, classes):
    """Variance of the ratio Σ S / Σ n with the classes as what is drawn."""
    mean = np.mean(values)
    groups = sorted(set(classes))
    rests = [sum(v - mean for v, c in zip(values, classes, strict=True) if c == g) for g in groups]
    g = len(groups)
    return g / (g - 1) * sum(rest**2 for rest in rests) / len(values) ** 2
