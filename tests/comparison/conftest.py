"""What the tests of comparisons share: a teacher with classes, and a student that is a blurred, turned version of it."""

from __future__ import annotations

import numpy as np
import pytest

from embedscope.items.items import Items
from embedscope.spaces.space import Space


def spaces(n=120, dims=(12, 8), seed=0, noise=0.4, metric="cosine", columns=True):
    """A teacher of four classes and a student in other dims, both of the same ids."""
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 4, n)
    teacher = rng.standard_normal((4, dims[0]))[codes] + 0.7 * rng.standard_normal((n, dims[0]))
    student = teacher @ rng.standard_normal(dims) / np.sqrt(dims[0]) + noise * rng.standard_normal(
        (n, dims[1])
    )
    ids = [f"i{row}" for row in range(n)]
    given = {"label": [f"class {c}" for c in codes], "source": [f"s{row % 2}" for row in range(n)]}
    items = Items.from_texts([f"text {row}" for row in range(n)], ids=ids, columns=given if columns else None)
    return (
        Space.from_arrays(teacher, ids=ids, items=items, metric=metric),
        Space.from_arrays(student, ids=ids, items=items, metric=metric),
    )


@pytest.fixture(scope="session")
def make_spaces():
    return spaces


@pytest.fixture(scope="session")
def pair():
    return spaces()
