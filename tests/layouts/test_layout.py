from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

import embedscope as es
from embedscope._errors import EmbedscopeWarning, InputError
from embedscope.layouts import layout
from embedscope.neighbors import exact_neighbors


def test_umap_of_vectors_says_what_it_is(bumps):
    made = layout(bumps)
    assert made.coords.shape == (600, 2)
    assert made.trustworthiness > 0.9
    assert made.point_trust.mean() == pytest.approx(made.trustworthiness, abs=1e-6)
    assert made.parameters == {
        "n_neighbors": 15,
        "min_dist": 0.1,
        "random_state": 0,
        "n_epochs": 500,
        "trust_k": 15,
    }
    assert repr(made).startswith("Layout(600 items, umap, trustworthiness 0.9")


def test_the_same_seed_gives_the_same_map(bumps):
    one, two = layout(bumps, random_state=4), layout(bumps, random_state=4)
    np.testing.assert_array_equal(one.coords, two.coords)


def test_known_neighbours_give_the_same_map(bumps):
    known = layout(bumps, neighbors=exact_neighbors(bumps, 30))
    np.testing.assert_array_equal(known.coords, layout(bumps).coords)


def test_pca_is_of_directions_under_cosine(bumps):
    np.testing.assert_allclose(
        layout(bumps, method="pca").coords, layout(bumps * 3, method="pca").coords, atol=1e-5
    )
    plain = layout(bumps, method="pca", metric="euclidean")
    assert not np.allclose(plain.coords, layout(bumps, method="pca").coords)
    assert plain.method == "pca"


def test_a_space_gives_its_metric_and_its_kept_neighbours(bumps):
    asked = []

    def neighbors(k):
        asked.append(k)
        return exact_neighbors(bumps, k, metric="euclidean")

    space = SimpleNamespace(vectors=bumps, metric="euclidean", neighbors=neighbors)
    made = layout(space)
    np.testing.assert_array_equal(made.coords, layout(bumps, metric="euclidean").coords)
    assert len(asked) == 1
    layout(space, metric="cosine", method="pca")
    assert len(asked) == 1


def test_a_real_space_is_taken(bumps):
    space = es.Space.from_arrays(bumps[:80])
    np.testing.assert_array_equal(layout(space).coords, layout(bumps[:80]).coords)


@pytest.mark.parametrize("n", [2, 3, 8, 14])
def test_few_items_shrink_the_neighbourhood_and_say_so(n, bumps):
    with pytest.warns(EmbedscopeWarning, match=rf"n_neighbors=15 with {n} items: using n_neighbors={n}"):
        made = layout(bumps[:n])
    assert made.coords.shape == (n, 2)
    assert np.isfinite(made.coords).all()


@pytest.mark.parametrize("method", ["umap", "pca"])
def test_one_item_is_a_map_too(method):
    assert layout([[1.0, 2.0]], method=method).coords.tolist() == [[0, 0]]


@pytest.mark.parametrize("method", ["umap", "pca"])
def test_identical_items_have_a_finite_map(method):
    made = layout(np.ones((40, 6)), method=method)
    assert np.isfinite(made.coords).all()
    assert made.trustworthiness == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n_neighbors": 1}, "n_neighbors=1"),
        ({"min_dist": -0.1}, "min_dist=-0.1"),
        ({"neighbors": exact_neighbors(np.eye(20), 5)}, "of 20 items under cosine"),
    ],
)
def test_what_does_not_fit_is_refused(bumps, options, message):
    with pytest.raises(InputError, match=message):
        layout(bumps, **options)


def test_too_few_known_neighbours_say_what_to_type(bumps):
    with pytest.raises(InputError, match="Pass n_neighbors=6"):
        layout(bumps, neighbors=exact_neighbors(bumps, 5))


def test_nothing_cannot_be_laid_out():
    with pytest.raises(InputError, match="no item"):
        layout(np.zeros((0, 3)))
