"""A cluster is opened the same way on all of its points and on a sample of them."""

from __future__ import annotations

import numpy as np
import pytest

from embedscope.clusters.parts import find_parts, sample

HILLS = np.array([[0.0, 0.0], [6.0, 0.0], [3.0, 5.0]])


def hills(each: int) -> np.ndarray:
    spread = np.random.default_rng(0).normal(0, 0.3, (3 * each, 2))
    return (np.repeat(HILLS, each, axis=0) + spread).astype(np.float32)


def test_all_points_are_looked_at_where_there_are_few() -> None:
    parts = find_parts(hills(50), 150)
    assert parts is not None
    assert 3 <= len(parts) <= 12
    np.testing.assert_array_equal(parts.sampled, np.arange(150))


def test_the_others_go_where_their_nearest_sampled_point_is() -> None:
    points = hills(200)
    parts = find_parts(points, 150)
    assert parts is not None
    assert len(parts.sampled) == 150
    hill = np.repeat([0, 1, 2], 200)
    assert {hill[parts.labels == part].std() for part in range(len(parts))} == {0}
    gaps = ((points[:, None] - points[parts.sampled]) ** 2).sum(axis=2)
    nearest = parts.sampled[gaps.argmin(axis=1)]
    np.testing.assert_array_equal(parts.labels, parts.labels[nearest])
    np.testing.assert_array_equal(parts.probabilities, parts.probabilities[nearest])
    assert (parts.labels == -1).any()
    assert (parts.labels >= 0).mean() > 0.4


def test_no_part_is_smaller_than_it_is_in_the_sample() -> None:
    # Many points lie upon each other: the nearest one may be another than oneself.
    points = np.repeat(np.round(hills(100), 1), 3, axis=0)
    parts = find_parts(points, 300)
    assert parts is not None
    assert np.bincount(parts.labels[parts.sampled] + 1)[1:].min() >= 9


@pytest.mark.parametrize("n", [0, 1, 39])
def test_small_clusters_are_not_opened(n: int) -> None:
    assert find_parts(hills(13)[:n], 30) is None


def test_one_hill_has_no_parts() -> None:
    assert find_parts(np.random.default_rng(0).normal(size=(500, 2)).astype(np.float32), 100) is None


def test_a_sample_is_the_same_every_time_and_in_order() -> None:
    picked = sample(10_000, 50)
    np.testing.assert_array_equal(picked, sample(10_000, 50))
    assert (np.diff(picked) > 0).all()
    assert 3_000 < picked.mean() < 7_000
