"""A teacher's and a student's vectors of the same items, with groups of very unlike sizes."""

from __future__ import annotations

import numpy as np

SIZES = (40, 25, 12, 2, 1)
NAMES = ("oak", "pine", "elm", "yew", "box")


def clouds(n=80, seed=0, dims=12):
    """Items around a centre a group, in random order; the student sees a projection with noise."""
    rng = np.random.default_rng(seed)
    codes = rng.permutation(np.repeat(np.arange(len(SIZES)), SIZES)[:n])
    teacher = rng.normal(size=(len(SIZES), dims))[codes] + rng.normal(size=(n, dims))
    student = teacher @ rng.normal(size=(dims, dims - 3)) + rng.normal(size=(n, dims - 3))
    return teacher.astype(np.float32), student.astype(np.float32), codes.astype(np.int64)
