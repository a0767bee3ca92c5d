"""A layout that starts from given places keeps to them, and says no to what is no place."""

from __future__ import annotations

import numpy as np
import pytest

from embedscope._errors import InputError
from embedscope.layouts import layout
from embedscope.layouts.align import align
from embedscope.layouts.start import check_start, given_start, start_key
from embedscope.neighbors import exact_neighbors


@pytest.fixture(scope="module")
def first(bumps):
    return layout(bumps)


@pytest.fixture(scope="module")
def noisy(bumps):
    return (bumps + 0.3 * np.random.default_rng(5).normal(size=bumps.shape)).astype(np.float32)


def residual(coords, reference):
    """What is left after the best turn and size, over the reference's own size."""
    turned = align(coords, reference, scale=True).astype(np.float64)
    centred = reference - reference.mean(axis=0)
    return float(((turned - reference) ** 2).sum() / (centred**2).sum())


@pytest.mark.parametrize("method", ["umap", "umap-learn"])
@pytest.mark.filterwarnings("ignore")
def test_a_map_keeps_the_arrangement_that_it_starts_from(method, noisy, first):
    """Each bump starts where another one lies in the first map: nothing in the data says so."""
    arranged = np.roll(first.coords, 200, axis=0)
    from_it = layout(noisy, method=method, init=arranged)
    alone = layout(noisy, method=method)
    assert from_it.method == method
    assert residual(from_it.coords, arranged) < 0.5 * residual(alone.coords, arranged)
    bump = np.arange(600) // 100
    nearest = exact_neighbors(from_it.coords, 5, metric="euclidean").indices
    assert (bump[nearest] == bump[:, None]).mean() > 0.9


def test_the_unit_and_the_place_of_the_start_mean_nothing(noisy, first):
    one = layout(noisy, init=first.coords)
    two = layout(noisy, init=(first.coords.astype(np.float64) * 64 + 1024))
    assert residual(two.coords, one.coords) < 0.05


def test_the_same_start_gives_the_same_map_and_its_key_tells_starts_apart(noisy, first):
    one, two = (layout(noisy, init=first.coords) for _ in range(2))
    np.testing.assert_array_equal(one.coords, two.coords)
    other = layout(noisy, init=first.coords[::-1])
    keys = {made.parameters.get("init") for made in (one, two, other, layout(noisy))}
    assert keys == {
        start_key(first.coords.astype(np.float64)),
        start_key(first.coords[::-1].astype(np.float64)),
        None,
    }
    assert not np.array_equal(other.coords, one.coords)


def test_items_at_one_place_part(noisy):
    made = layout(noisy, init=np.zeros((600, 2)))
    assert len(np.unique(made.coords, axis=0)) > 590
    assert np.ptp(given_start(np.zeros((600, 2)), 0)) < 0.01


def test_a_start_keeps_its_form():
    coords = np.random.default_rng(0).normal(size=(50, 2)) * [3, 1]
    start = given_start(coords, 1)
    assert residual(start, coords) < 1e-6
    assert np.ptp(start, axis=0).max() == pytest.approx(10, abs=0.01)


@pytest.mark.parametrize(
    ("init", "words"),
    [
        (np.zeros((3, 2)), r"init has shape \(3, 2\); wanted \(600, 2\)"),
        (np.zeros((600, 3)), r"init has shape \(600, 3\)"),
        (np.zeros(600), r"init has shape \(600,\)"),
        ("spectral", "init is a str; wanted 600 pairs of numbers"),
        (np.where(np.arange(1200).reshape(600, 2) == 8, np.nan, 0.0), r"not finite in 1 of 600 rows \(4\)"),
        (np.where(np.arange(1200).reshape(600, 2) < 20, np.inf, 0.0), r"10 of 600 rows \(0, 1, 2, 3, 4, …\)"),
    ],
)
def test_what_is_no_start_is_refused_before_anything_is_computed(init, words, bumps):
    with pytest.raises(InputError, match=words):
        layout(bumps, init=init)


def test_pca_starts_from_nothing(bumps):
    with pytest.raises(InputError, match="leave init out"):
        layout(bumps, method="pca", init=np.zeros((600, 2)))


def test_one_item_is_checked_too():
    assert layout([[1.0, 2.0]], init=[[5, 5]]).coords.tolist() == [[0, 0]]
    with pytest.raises(InputError, match="init has shape"):
        layout([[1.0, 2.0]], init=[[5, 5], [6, 6]])
    assert check_start([[5, 5]], 1).tolist() == [[5, 5]]
