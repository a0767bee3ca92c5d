"""Long rankings are those of the exact search."""

from __future__ import annotations

import numpy as np
import pytest

from embedscope.evaluation.deep_ranks import deep_ranks
from embedscope.neighbors.distances import Points
from embedscope.neighbors.exact import search_exactly


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e3])
def test_the_same_order_as_the_exact_search(metric, scale) -> None:
    rng = np.random.default_rng(3)
    vectors = (scale * rng.standard_normal((300, 24)) + scale).astype(np.float32)
    vectors[100:140] = vectors[7]
    points = Points.of(vectors, metric)
    own = np.arange(300)
    own[::5] = -1
    found = deep_ranks(points, points, 200, metric, own=own, memory=200_000)
    known = own >= 0
    exact = search_exactly(points, points.take(np.flatnonzero(known)), 200, metric, own=own[known])
    np.testing.assert_array_equal(found[known], exact.indices)
    rest = search_exactly(points, points.take(np.flatnonzero(~known)), 200, metric)
    np.testing.assert_array_equal(found[~known], rest.indices)
