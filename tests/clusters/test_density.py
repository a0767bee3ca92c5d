from __future__ import annotations

import numpy as np
import pytest
from sklearn.cluster import HDBSCAN

from embedscope.clusters.density import density_clusters, largest_first


def blobs(sizes=(120, 60, 30)):
    rng = np.random.default_rng(0)
    parts = [rng.normal(10 * place, 1, (size, 2)) for place, size in enumerate(sizes)]
    return np.concatenate([*parts, rng.uniform(-40, 60, (20, 2))]).astype(np.float32)


def test_finds_blobs_the_largest_first():
    labels, probabilities = density_clusters(blobs(), 15, 5)
    assert np.bincount(labels[labels >= 0]).tolist() == sorted(np.bincount(labels[labels >= 0]), reverse=True)
    assert [
        np.bincount(labels[part][labels[part] >= 0]).argmax() for part in (slice(0, 120), slice(120, 180))
    ] == [0, 1]
    assert (probabilities[labels < 0] == 0).all()
    assert probabilities.max() == 1


def test_agrees_with_scikit_learn():
    points = blobs()
    ours, _ = density_clusters(points, 15, 5)
    # scikit-learn counts the item itself among min_samples.
    theirs = HDBSCAN(min_cluster_size=15, min_samples=6, copy=True).fit_predict(points.astype(np.float64))
    assert (ours == largest_first(theirs.astype(np.int32))).mean() > 0.98


def test_repeats():
    np.testing.assert_array_equal(density_clusters(blobs(), 10, 5)[0], density_clusters(blobs(), 10, 5)[0])


@pytest.mark.parametrize("n", [0, 1, 2, 9])
def test_too_few_points_are_in_no_cluster(n):
    labels, probabilities = density_clusters(np.zeros((n, 2), np.float32), 5, 5)
    assert labels.tolist() == [-1] * n
    assert probabilities.tolist() == [0] * n


def test_identical_points_give_finite_probabilities():
    labels, probabilities = density_clusters(np.ones((50, 2), np.float32), 5, 5)
    assert len(set(labels.tolist())) == 1
    assert np.isfinite(probabilities).all()


def test_largest_first_breaks_ties_by_the_first_item():
    assert largest_first(np.array([2, 2, 0, 0, -1, 1], np.int32)).tolist() == [0, 0, 1, 1, -1, 2]
    assert largest_first(np.full(3, -1, np.int32)).tolist() == [-1, -1, -1]


def test_a_giant_is_opened_where_it_has_parts():
    rng = np.random.default_rng(0)
    # Five groups joined by bridges, and one group far away: left alone, HDBSCAN sees two clusters.
    centres = np.array([[0, 0], [3, 0], [6, 0], [0, 3], [3, 3]])
    joined = np.concatenate([rng.normal(centre, 0.6, (150, 2)) for centre in centres])
    bridges = rng.uniform([-1, -1], [7, 4], (150, 2))
    far = rng.normal([40, 40], 0.5, (100, 2))
    points = np.concatenate([joined, bridges, far]).astype(np.float32)
    labels, _ = density_clusters(points, 15, 5)
    assert labels.max() + 1 >= 5
    truth = np.repeat(np.arange(5), 150)
    kept = labels[:750] >= 0
    pure = sum(np.bincount(truth[kept][labels[:750][kept] == one]).max() for one in set(labels[:750][kept]))
    assert pure / kept.sum() > 0.9


@pytest.mark.parametrize("seed", range(5))
def test_a_giant_without_parts_stays_whole(seed):
    rng = np.random.default_rng(seed)
    points = np.concatenate([rng.normal(0, 1, (900, 2)), rng.normal(20, 0.3, (100, 2))]).astype(np.float32)
    labels, _ = density_clusters(points, 20, 5)
    assert np.bincount(labels[labels >= 0]).max() > 700
