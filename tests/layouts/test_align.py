"""Aligned maps lie alike: against scipy's Procrustes, and whatever was turned or moved before."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg import orthogonal_procrustes
from scipy.spatial import procrustes
from scipy.spatial.distance import pdist

from embedscope._errors import InputError
from embedscope.layouts.align import align


def two_maps(seed: int, components: int = 2) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    one = rng.normal(size=(80, components)) * rng.uniform(0.5, 4, components)
    return one, one[:, ::-1] * 2 + rng.normal(scale=0.7, size=one.shape) + 9


def disparity(one: np.ndarray, other: np.ndarray) -> float:
    return float(((one - other) ** 2).sum())


@pytest.mark.parametrize("components", [2, 3])
@pytest.mark.parametrize("seed", range(5))
def test_the_rotation_is_scipys(seed: int, components: int) -> None:
    coords, reference = two_maps(seed, components)
    rotation, _ = orthogonal_procrustes(coords - coords.mean(0), reference - reference.mean(0))
    wanted = (coords - coords.mean(0)) @ rotation + reference.mean(0)
    np.testing.assert_allclose(align(coords, reference), wanted, atol=1e-5)


@pytest.mark.parametrize("seed", range(5))
def test_with_scale_what_remains_is_scipys_disparity(seed: int) -> None:
    coords, reference = two_maps(seed)
    aligned = align(coords, reference, scale=True)
    size = ((reference - reference.mean(0)) ** 2).sum()
    assert disparity(aligned, reference) / size == pytest.approx(procrustes(reference, coords)[2], rel=1e-4)


@pytest.mark.parametrize("mirrored", [1, -1])
def test_a_turned_mirrored_and_moved_map_comes_back(mirrored: int) -> None:
    reference, _ = two_maps(1)
    angle = 2.1
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) @ np.diag(
        [1, mirrored]
    )
    moved = reference @ turn + [30, -7]
    np.testing.assert_allclose(align(moved, reference), reference, atol=1e-4)
    np.testing.assert_allclose(align(moved * 5, reference, scale=True), reference, atol=1e-4)


def test_the_result_does_not_depend_on_how_the_map_lay() -> None:
    coords, reference = two_maps(2)
    turned = coords @ np.array([[0, 1], [1, 0]]) - 100
    np.testing.assert_allclose(align(turned, reference), align(coords, reference), atol=1e-4)


def test_distances_stay_and_no_small_turn_is_better() -> None:
    coords, reference = two_maps(3)
    aligned = align(coords, reference)
    np.testing.assert_allclose(pdist(aligned), pdist(coords), rtol=1e-4)
    for angle in (-0.05, 0.05):
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        other = (aligned - aligned.mean(0)) @ turn + aligned.mean(0)
        assert disparity(other, reference) > disparity(aligned, reference)


def test_points_in_one_place_none_and_rows_that_are_not_numbers() -> None:
    assert align(np.zeros((0, 2)), np.zeros((0, 2))).shape == (0, 2)
    np.testing.assert_array_equal(align(np.full((3, 2), 4.0), np.ones((3, 2)), scale=True), np.ones((3, 2)))
    coords, reference = two_maps(4)
    holed = coords.copy()
    holed[5] = np.nan
    kept = np.arange(80) != 5
    np.testing.assert_allclose(align(holed, reference)[kept], align(coords[kept], reference[kept]), atol=1e-4)


def test_other_items_are_refused() -> None:
    with pytest.raises(InputError, match="the same items"):
        align(np.zeros((3, 2)), np.zeros((4, 2)))
