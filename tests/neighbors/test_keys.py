from __future__ import annotations

import numpy as np
import pytest

from embedscope.neighbors.distances import Points
from embedscope.neighbors.keys import search_form


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
@pytest.mark.parametrize("offset", [0.0, 25.0])
def test_keys_are_within_their_margin_of_the_truth(metric, offset):
    points = Points.of(
        (np.random.default_rng(0).standard_normal((400, 64)) + offset).astype(np.float32), metric
    )
    form = search_form(points, points, metric)
    wide = points.vectors.astype(np.float64)
    if metric == "cosine":
        unit = wide / np.linalg.norm(wide, axis=1, keepdims=True)
        true = unit @ unit.T
    else:
        true = -((wide[:, None] - wide[None]) ** 2).sum(axis=-1)
    keys = form.keys(slice(None)).astype(np.float64)
    kth = np.sort(keys, axis=1)[:, -10]
    near = keys >= kth[:, None]  # the margin holds for what can be among the nearest
    error = np.where(near, np.abs(keys - true), 0).max(axis=1)
    assert (error <= form.margin(kth) / 2).all()
    assert error.max() > 0


def test_margin_of_some_rows_is_that_of_all():
    points = Points.of(np.random.default_rng(1).standard_normal((50, 6)).astype(np.float32), "euclidean")
    form = search_form(points, points, "euclidean")
    kth = -np.ones(50)
    rows = np.array([4, 40])
    np.testing.assert_allclose(form.margin(kth[rows], rows), form.margin(kth)[rows])
