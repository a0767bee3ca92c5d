"""Spaces that the tests of evaluation make."""

from __future__ import annotations

import numpy as np

from embedscope.spaces.space import Space


def space(vectors, labels, domains=None, ids=None, metric="cosine"):
    columns = {"label": labels} if domains is None else {"label": labels, "domain": domains}
    return Space.from_arrays(np.asarray(vectors, np.float32), ids=ids, columns=columns, metric=metric)


def blobs(n=90, dims=6, classes=9, seed=0, noise=1.2):
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, classes, n)
    vectors = rng.standard_normal((classes, dims))[codes] + noise * rng.standard_normal((n, dims))
    return vectors, codes.tolist()
