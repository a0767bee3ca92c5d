from __future__ import annotations

import numpy as np
import pytest

from embedscope.comparison import dispersion
from embedscope.comparison.dispersion import anisotropy, class_alignment, uniformity
from embedscope.comparison.groups import Groups
from embedscope.neighbors.distances import Points


@pytest.fixture(params=[True, False])
def points(request, monkeypatch):
    """Points off the origin; with small tiles too."""
    if request.param:
        monkeypatch.setattr(dispersion, "_ROWS", 7)
    x = np.random.default_rng(0).standard_normal((60, 5)) + 0.6
    return Points.of(x.astype(np.float32), "cosine")


def slow_cosines(points):
    unit = (
        points.vectors.astype(np.float64) / np.linalg.norm(points.vectors.astype(np.float64), axis=1)[:, None]
    )
    return unit @ unit.T


def test_anisotropy_is_the_mean_cosine(points):
    cosines = slow_cosines(points)
    assert anisotropy(points) == pytest.approx(cosines[np.triu_indices(60, 1)].mean(), abs=1e-9)


def test_class_alignment_is_the_mean_over_pairs_of_one_class(points):
    labels = [["a", "b", None][row % 3] for row in range(60)]
    cosines = slow_cosines(points)
    pairs = [(i, j) for i in range(60) for j in range(i) if labels[i] == labels[j] and labels[i]]
    wanted = np.mean([2 - 2 * cosines[i, j] for i, j in pairs])
    assert class_alignment(points, Groups.of(labels)) == pytest.approx(wanted, abs=1e-9)


def test_uniformity_is_the_log_of_the_mean_over_pairs(points):
    squares = 2 - 2 * slow_cosines(points)[np.triu_indices(60, 1)]
    found, sampling = uniformity(points)
    assert found == pytest.approx(np.log(np.exp(-2 * squares).mean()), abs=1e-9)
    assert sampling.is_exact


def test_sampled_uniformity_has_an_interval_that_holds_the_whole(points):
    whole, _ = uniformity(points)
    held = [whole in uniformity(points, n_pairs=300, seed=s)[1].interval for s in range(40)]
    assert sum(held) >= 33


def test_equal_directions_are_neither_spread_nor_apart():
    same = Points.of(np.outer(np.arange(1, 6), [1, 2]).astype(np.float32), "cosine")
    assert anisotropy(same) == pytest.approx(1, abs=1e-9)
    assert uniformity(same)[0] == pytest.approx(0, abs=1e-9)
    assert class_alignment(same, Groups.one(5)) == pytest.approx(0, abs=1e-9)


def test_items_at_the_origin_are_left_out():
    x = np.random.default_rng(1).standard_normal((20, 3)).astype(np.float32)
    with_zero = Points.of(np.concatenate([x, np.zeros((2, 3), np.float32)]), "euclidean")
    without = Points.of(x, "euclidean")
    assert anisotropy(with_zero) == pytest.approx(anisotropy(without), abs=1e-12)
    assert uniformity(with_zero)[0] == pytest.approx(uniformity(without)[0], abs=1e-12)
    classes = Groups.of([0, 1] * 11)
    assert class_alignment(with_zero, classes) == pytest.approx(
        class_alignment(without, Groups.of([0, 1] * 10)), abs=1e-12
    )


def test_too_few_have_no_number():
    one = Points.of(np.array([[0, 0], [1, 0]], np.float32), "euclidean")
    assert np.isnan(anisotropy(one))
    assert np.isnan(uniformity(one)[0])
    two = Points.of(np.eye(2, dtype=np.float32), "cosine")
    assert np.isnan(class_alignment(two, Groups.of(["a", "b"])))
