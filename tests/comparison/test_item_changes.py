"""One item's neighbours, cut to the first dims or not, against exact searches and the sampled overlap."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedscope._errors import InputError
from embedscope.comparison.comparison import compare
from embedscope.neighbors import exact_neighbors
from embedscope.spaces.space import Space


def test_without_dims_it_is_what_the_overlap_says(pair):
    comparison = compare(*pair)
    overlap = comparison.neighbors(6)
    for row in range(0, 120, 17):
        one, two = comparison.item_changes.of(row, 6), overlap.changes(f"i{row}")
        assert one.to_frame() == two.to_frame()
        np.testing.assert_array_equal(one.rows, two.rows)


@given(
    st.integers(0, 10_000),
    st.sampled_from(["cosine", "euclidean"]),
    st.booleans(),
    st.integers(1, 40),
    st.data(),
)
@settings(max_examples=40, deadline=None)
def test_ranks_by_the_first_dims_are_those_of_an_exact_search(seed, metric, coarse, dims, data):
    rng = np.random.default_rng(seed)
    n = data.draw(st.integers(2, 40))
    vectors = rng.integers(1, 3, (n, dims)) if coarse else rng.standard_normal((n, dims)) + 3
    teacher = Space.from_arrays(vectors.astype(np.float32), metric=metric)
    student = Space.from_arrays(rng.standard_normal((n, dims)).astype(np.float32), metric="euclidean")
    comparison = compare(teacher, student)
    row, k, cut = int(rng.integers(n)), data.draw(st.integers(1, n - 1)), data.draw(st.integers(1, dims))
    changes = comparison.item_changes.of(row, k, (cut, 0))
    for space, width, ranks, distances in (
        (teacher, cut, changes.teacher_ranks, changes.teacher_distances),
        (student, dims, changes.student_ranks, changes.student_distances),
    ):
        order = exact_neighbors(
            np.ascontiguousarray(space.vectors[:, :width]),
            n - 1,
            metric=space.metric,
            queries=np.array([row]),
        )
        assert order.indices[0][ranks - 1].tolist() == changes.rows.tolist()
        np.testing.assert_array_equal(order.distances[0][ranks - 1], distances)
        assert set(order.indices[0][:k].tolist()) <= set(changes.rows.tolist())


def test_a_prefix_of_zeros_has_no_rank():
    teacher = Space.from_arrays({"a": [1, 0, 1], "b": [0, 0, 1], "c": [1, 1, 0]})
    changes = compare(teacher, teacher).item_changes.of(0, 1, (0, 2))
    assert changes.lost == ("b",)
    assert changes.gained == ("c",)
    assert changes.student_ranks.tolist() == [0, 1]
    assert np.isnan(changes.student_distances[0])
    with pytest.raises(InputError, match="the first 2 dims of 'b' are all zeros"):
        compare(teacher, teacher).item_changes.of(1, 1, (0, 2))


def test_threads_that_ask_at_once_get_what_one_would(pair):
    asked = [(row, (0, dims)) for row in range(40) for dims in (0, 3, 7)]
    alone = [compare(*pair).item_changes.of(row, 5, dims).to_frame() for row, dims in asked[:12]]
    shared = compare(*pair).item_changes
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda one: shared.of(one[0], 5, one[1]).to_frame(), asked))
    assert together[:12] == alone
    assert len(shared._looks) <= 8


def test_bad_input(pair):
    changes = compare(*pair).item_changes
    with pytest.raises(InputError, match="dims=999: this space has"):
        changes.of(0, 3, (0, 999))
    with pytest.raises(InputError, match="k=120 neighbours from 120 items"):
        changes.of(0, 120)
