"""One suite over every way to neighbours, against brute force in float64."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from embedscope._errors import InputError, MissingError
from embedscope.neighbors import Neighbors, approximate_neighbors, exact_neighbors, find_neighbors

WAYS = {
    "exact": exact_neighbors,
    "exact, little memory": partial(exact_neighbors, memory=1),
    "approximate": approximate_neighbors,
    "auto": find_neighbors,
}
METRICS = ("cosine", "euclidean")


@pytest.fixture(params=WAYS, ids=str)
def find(request):
    way = WAYS[request.param]
    return way if request.param != "auto" else lambda x, k, metric="cosine": find_neighbors(x, k, metric)


def brute_neighbors(points, k, metric):
    points = np.asarray(points, np.float32).astype(np.float64)
    if metric == "euclidean":
        distances = np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=-1))
    else:
        lengths = np.linalg.norm(points, axis=1)
        distances = 1 - (points[:, None] * points[None]).sum(axis=-1) / (lengths[:, None] * lengths)
        distances[distances < 1e-14] = 0
    distances = distances.astype(np.float32)
    np.fill_diagonal(distances, np.inf)
    indices = np.argsort(distances, axis=1, kind="stable")[:, :k]
    return indices, np.take_along_axis(distances, indices, axis=1)


def gaussian(rng):
    return rng.standard_normal((300, 24))


def duplicates(rng):
    return np.repeat(rng.standard_normal((15, 6)), 20, axis=0)


def lattice(rng):
    return rng.integers(1, 4, (250, 3))


def far_from_origin(rng):
    return rng.standard_normal((200, 8)) + 40


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("k", [1, 12])
@pytest.mark.parametrize("make", [gaussian, duplicates, lattice, far_from_origin])
def test_agrees_with_brute_force(find, make, k, metric):
    points = make(np.random.default_rng(7))
    found = find(points, k, metric=metric)
    indices, distances = brute_neighbors(points, k, metric)
    if found.recall is None:
        np.testing.assert_array_equal(found.indices, indices)
        np.testing.assert_allclose(found.distances, distances, rtol=1e-6, atol=1e-9)
    else:
        true = found.distances <= distances[:, -1:] * (1 + 1e-6) + 1e-9
        assert true.mean() >= 0.9


@pytest.mark.parametrize("metric", METRICS)
def test_an_item_is_never_its_own_neighbour_though_its_duplicates_are(find, metric):
    found = find(np.ones((40, 5)), 3, metric=metric)
    assert not (found.indices == np.arange(40)[:, None]).any()
    assert (found.distances == 0).all()
    if found.recall is None:
        assert found.indices[0].tolist() == [1, 2, 3]
        assert found.indices[39].tolist() == [0, 1, 2]


def test_repeats_exactly(find):
    points = np.random.default_rng(1).standard_normal((400, 16))
    first, second = find(points, 8), find(points, 8)
    np.testing.assert_array_equal(first.indices, second.indices)
    np.testing.assert_array_equal(first.distances, second.distances)


def test_two_items(find):
    found = find([[1.0, 0.0], [0.0, 1.0]], 1)
    assert found.indices.tolist() == [[1], [0]]
    assert found.distances.tolist() == [[1.0], [1.0]]


def test_distances_do_not_decrease_and_arrays_are_small(find):
    found = find(np.random.default_rng(2).standard_normal((120, 4)), 10)
    assert isinstance(found, Neighbors)
    assert (np.diff(found.distances, axis=1) >= 0).all()
    assert (found.indices.dtype, found.distances.dtype) == (np.int32, np.float32)


@pytest.mark.parametrize("k", [0, 5, 99])
def test_k_out_of_range_says_what_is_possible(find, k):
    with pytest.raises(
        InputError, match=rf"k={k} neighbours from 5 items: each has 4 others. Wanted from 1 to 4"
    ):
        find(np.eye(5), k)


def test_one_item_has_no_neighbours(find):
    with pytest.raises(InputError, match="Wanted more vectors"):
        find([[1.0, 2.0]], 1)


def test_names_rows_that_are_not_finite_or_zero(find):
    with pytest.raises(InputError, match="row 3 of 5"):
        find(np.where(np.arange(5)[:, None] == 3, np.nan, np.eye(5)), 1)
    zero = np.where(np.arange(5)[:, None] == 2, 0.0, np.eye(5))
    with pytest.raises(InputError, match="all zeros in row 2 of 5"):
        find(zero, 1, metric="cosine")
    assert find(zero, 1, metric="euclidean").distances.max() == 1


def test_unknown_metric_lists_the_choices(find):
    with pytest.raises(Exception, match="cosine"):
        find(np.eye(4), 1, metric="cosin")


def test_errors_are_the_packages_own():
    assert issubclass(InputError, ValueError)
    assert issubclass(MissingError, LookupError)
