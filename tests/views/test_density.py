"""Density against a plain count of the points around each."""

from __future__ import annotations

import numpy as np

from embedscope.views.density import point_density


def test_it_follows_the_number_of_points_nearby() -> None:
    rng = np.random.default_rng(0)
    coords = np.concatenate([rng.normal(0, 0.3, (400, 2)), rng.normal(4, 1.5, (400, 2))])
    gaps = np.linalg.norm(coords[:, None] - coords[None], axis=2)
    radius = 4 * np.ptp(coords, axis=0).max() / 256
    plain = np.exp(-((gaps / radius) ** 2)).sum(axis=1)
    assert np.corrcoef(plain, point_density(coords))[0, 1] > 0.98


def test_it_is_between_nought_and_one_and_does_not_mind_the_scale() -> None:
    coords = np.random.default_rng(1).normal(size=(50, 2))
    density = point_density(coords)
    assert density.max() == 1
    assert density.min() > 0
    np.testing.assert_allclose(density, point_density(coords * 1000 + 7), atol=0.05)


def test_points_that_coincide_and_no_points() -> None:
    assert point_density(np.zeros((3, 2))).tolist() == [1, 1, 1]
    assert point_density(np.empty((0, 2))).shape == (0,)
