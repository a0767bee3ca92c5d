from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedscope._errors import InputError, MissingError
from embedscope.comparison.reranker import Reranker
from embedscope.neighbors import exact_neighbors
from embedscope.spaces.space import Space


@given(st.integers(0, 10_000), st.sampled_from(["cosine", "euclidean"]), st.booleans(), st.data())
@settings(max_examples=60, deadline=None)
def test_agrees_with_an_exact_search_of_the_prefixes(seed, metric, coarse, data):
    rng = np.random.default_rng(seed)
    n, dims = data.draw(st.integers(2, 40)), data.draw(st.integers(1, 70))
    vectors = rng.integers(1, 3, (n, dims)) if coarse else rng.standard_normal((n, dims)) + 3
    vectors = vectors.astype(np.float32)
    reranker = Reranker(Space.from_arrays(vectors, metric=metric))
    row, k = int(rng.integers(n)), data.draw(st.integers(1, n - 1))
    for cut in data.draw(st.lists(st.integers(1, dims), min_size=1, max_size=4)):
        wanted = exact_neighbors(vectors[:, :cut], k, metric=metric, queries=np.array([row]))
        rows, distances = reranker.nearest(row, cut, k)
        assert rows.tolist() == wanted.indices[0].tolist()
        np.testing.assert_array_equal(distances, wanted.distances[0])


def test_agrees_with_the_truncated_space_item_by_item():
    space = Space.from_arrays(
        np.random.default_rng(0).standard_normal((300, 100)), ids=[f"i{r}" for r in range(300)]
    )
    reranker = Reranker(space)
    for cut in (1, 15, 16, 17, 64, 99, 100):
        for item in ("i0", "i7", "i8", "i9", "i10", "i11", "i0"):
            assert reranker.neighbors_of(item, cut).ids == space.truncate(cut).neighbors_of(item).ids


def test_a_prefix_of_zeros_is_nobodys_neighbour_and_has_none():
    space = Space.from_arrays({"a": [1, 0, 1], "b": [0, 0, 1], "c": [1, 1, 0]})
    reranker = Reranker(space)
    assert reranker.neighbors_of("a", dims=2, k=2).ids == ("c",)
    assert reranker.neighbors_of("a", dims=3, k=2).ids == ("b", "c")
    with pytest.raises(InputError, match="the first 2 dims of 'b' are all zeros"):
        reranker.neighbors_of("b", dims=2, k=1)


def test_products_of_few_items_are_kept():
    reranker = Reranker(Space.from_arrays(np.random.default_rng(0).standard_normal((50, 40))))
    for row in (0, 1, 2, 3, 4, 1):
        reranker.nearest(row, 20)
    assert list(reranker._products) == [2, 3, 4, 1]


def test_bad_input_says_what_is_wanted():
    reranker = Reranker(Space.from_arrays({"a": [1.0, 0.0], "b": [0.5, 0.5]}))
    assert repr(reranker) == "Reranker(2 items × 2 dims, cosine)"
    with pytest.raises(InputError, match="dims=3: this space has 2 dims; wanted 1 to 2"):
        reranker.neighbors_of("a", dims=3, k=1)
    with pytest.raises(InputError, match="k=2 neighbours from 2 items"):
        reranker.nearest(0, dims=1, k=2)
    with pytest.raises(MissingError, match="1 of 1 ids"):
        reranker.neighbors_of("x", dims=1)
    with pytest.raises(InputError, match="all zeros"):
        Reranker(Space.from_arrays({"a": [0.0, 0.0], "b": [0.5, 0.5]}))
