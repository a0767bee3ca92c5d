from __future__ import annotations

import numpy as np
import pytest
from sklearn.manifold import trustworthiness

from embedscope._errors import InputError
from embedscope.layouts import trust
from embedscope.layouts.trust import map_neighbors, map_trust
from embedscope.neighbors import exact_neighbors


@pytest.fixture(scope="module")
def space():
    return np.random.default_rng(0).standard_normal((400, 12)).astype(np.float32)


@pytest.fixture(scope="module")
def coords(space):
    return (space[:, :2] + 0.3 * np.random.default_rng(1).standard_normal((400, 2))).astype(np.float32)


def slow_penalties(near, far, k):
    """Per item: how far past k the neighbours in ``near`` rank in ``far``; both are distances, from everything to all."""
    n, total = len(near), np.zeros(len(near))
    for i in range(n):
        others = np.array([j for j in range(n) if j != i])
        nearest = others[np.argsort(near[i, others], kind="stable")][:k]
        for j in nearest:
            rank = 1 + sum(far[i, m] < far[i, j] for m in others)
            total[i] += max(0, rank - k)
    return total


def distances(points, metric):
    wide = points.astype(np.float64)
    if metric == "cosine":
        unit = wide / np.linalg.norm(wide, axis=1, keepdims=True)
        return 1 - unit @ unit.T
    return np.sqrt(((wide[:, None] - wide[None]) ** 2).sum(axis=-1))


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
@pytest.mark.parametrize("k", [1, 5, 15])
def test_agrees_with_scikit_learn(space, coords, metric, k):
    found = map_trust(space, coords, k=k, metric=metric)
    assert found.trustworthiness == pytest.approx(
        trustworthiness(space, coords, n_neighbors=k, metric=metric), abs=1e-6
    )
    original = space / np.linalg.norm(space, axis=1, keepdims=True) if metric == "cosine" else space
    assert found.continuity == pytest.approx(trustworthiness(coords, original, n_neighbors=k), abs=1e-6)


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_agrees_with_the_formula_item_by_item(space, coords, metric):
    few, flat, k = space[:80], coords[:80], 6
    found = map_trust(few, flat, k=k, metric=metric)
    scale = 2 / (k * (2 * 80 - 3 * k - 1))
    slow = 1 - scale * slow_penalties(distances(flat, "euclidean"), distances(few, metric), k)
    np.testing.assert_allclose(found.point_trust, slow, atol=1e-6)
    assert found.trustworthiness == pytest.approx(found.point_trust.mean(), abs=1e-6)
    torn = 1 - scale * slow_penalties(distances(few, metric), distances(flat, "euclidean"), k)
    assert found.continuity == pytest.approx(torn.mean(), abs=1e-6)


def test_tiles_do_not_change_the_result(space, coords, monkeypatch):
    whole = map_trust(space, coords)
    monkeypatch.setattr(trust, "_TILE_BYTES", 4 * 400 * 7)
    assert map_trust(space, coords).trustworthiness == pytest.approx(whole.trustworthiness, abs=1e-7)


def test_known_neighbours_give_the_same(space, coords):
    known = map_trust(space, coords, neighbors=exact_neighbors(space, 20))
    assert known.continuity == map_trust(space, coords).continuity


def test_a_sample_ranks_among_all_items_and_leaves_the_rest_open(space, coords):
    whole, some = map_trust(space, coords), map_trust(space, coords, n_sampled=150)
    seen = np.isfinite(some.point_trust)
    assert (seen.sum(), some.sampled) == (150, 150)
    np.testing.assert_array_equal(some.point_trust[seen], whole.point_trust[seen])
    assert some.trustworthiness == pytest.approx(whole.trustworthiness, abs=0.02)


def test_large_spaces_are_sampled_by_themselves(space, coords, monkeypatch):
    monkeypatch.setattr(trust, "RANKED_PAIRS", 100 * 400)
    monkeypatch.setattr(trust, "_FEWEST_SAMPLED", 50)
    assert map_trust(space, coords).sampled == 100


def test_a_map_of_duplicates_is_not_to_blame():
    twice = np.repeat(np.random.default_rng(2).standard_normal((40, 5)), 4, axis=0)
    assert map_trust(np.ones((50, 5)), np.random.default_rng(0).standard_normal((50, 2))).trustworthiness == 1
    assert map_trust(twice, twice, metric="euclidean", k=3).trustworthiness == 1


@pytest.mark.parametrize("n", [1, 2])
def test_too_few_items_have_nothing_to_get_wrong(n):
    found = map_trust(np.eye(3)[:n], np.eye(3)[:n, :2])
    assert (found.trustworthiness, found.continuity, found.k) == (1.0, 1.0, 0)


def test_neighbourhoods_shrink_with_the_space():
    assert map_trust(np.eye(9), np.eye(9)[:, :2]).k == 4


def test_map_neighbours_leave_out_the_item_itself_among_duplicates():
    coords = np.zeros((10, 2), np.float32)
    found = map_neighbors(coords, 3)
    assert found.shape == (10, 3)
    assert (map_neighbors(np.arange(8, dtype=np.float32)[:, None], 2)[0] == [1, 2]).all()


def test_other_items_are_refused(space, coords):
    with pytest.raises(InputError, match="coords are of 399 items"):
        map_trust(space, coords[1:])
