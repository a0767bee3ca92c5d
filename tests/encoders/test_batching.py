"""Batches under a budget, and what happens when the memory runs out: with a forward that really raises."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from embedscope._errors import EmbedscopeWarning, InputError
from embedscope.encoders.batching import Batcher, Budget, plan_batches

CPU = torch.device("cpu")


def identity(rows: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(np.stack([rows, rows**2], axis=1))


@given(
    st.lists(st.integers(0, 300), max_size=80),
    st.integers(1, 600),
    st.integers(1, 20),
    st.integers(1, 200),
)
def test_every_item_is_in_one_batch_within_the_budget(lengths, tokens, items, enough):
    sizes = np.array(lengths, dtype=np.int64)
    batches = plan_batches(sizes, Budget(tokens, items, enough))
    assert sorted(row for batch in batches for row in batch) == list(range(len(sizes)))
    for batch in batches:
        assert 1 <= len(batch) <= items
        assert len(batch) == 1 or len(batch) * sizes[batch].max() <= tokens
    longest = [sizes[batch].max() for batch in batches]
    assert longest == sorted(longest, reverse=True)


def test_enough_tokens_of_one_length_are_not_padded():
    lengths = np.array([10] * 7 + [9] * 8 + [3] * 2, dtype=np.int64)
    batches = plan_batches(lengths, Budget(tokens=1000, items=100, enough=40))
    assert [sorted(set(lengths[batch])) for batch in batches] == [[10], [9], [3]]


def test_few_tokens_share_a_batch():
    lengths = np.array([10, 9, 3], dtype=np.int64)
    assert len(plan_batches(lengths, Budget(tokens=1000, items=100, enough=40))) == 1


def test_results_come_back_in_the_order_given():
    lengths = [5, 1, 9, 1, 5, 7]
    vectors = Batcher(CPU, Budget(10, 3, 5)).run(lengths, identity, 2)
    np.testing.assert_array_equal(vectors, [[i, i * i] for i in range(6)])


def test_nothing_is_no_batch():
    assert Batcher(CPU, Budget(10, 3, 5)).run([], identity, 2).shape == (0, 2)


def limited(limit: int, seen: list[int]):
    """A forward that runs out of memory above a number of items, as a GPU's does."""

    def forward(rows: np.ndarray) -> torch.Tensor:
        seen.append(len(rows))
        if len(rows) > limit:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20 GiB.")
        return identity(rows)

    return forward


def test_a_batch_that_does_not_fit_is_halved_and_said():
    seen: list[int] = []
    steps: list[int] = []
    batcher = Batcher(CPU, Budget(tokens=64, items=64, enough=64))
    with pytest.warns(EmbedscopeWarning) as caught:
        vectors = batcher.run([1] * 40, limited(11, seen), 2, steps.append)
    np.testing.assert_array_equal(vectors[:, 0], np.arange(40))
    assert seen[:3] == [40, 20, 10]
    said = [str(warning.message) for warning in caught]
    assert [text.partition(":")[0] for text in said] == [
        "Out of memory on cpu with 40 items of up to 1 tokens",
        "Out of memory on cpu with 20 items of up to 1 tokens",
    ]
    assert "going on with 20 at a time" in said[0]
    assert sum(steps) == 40


def test_what_did_not_fit_is_not_tried_again():
    seen: list[int] = []
    batcher = Batcher(CPU, Budget(tokens=32, items=32, enough=32))
    with pytest.warns(EmbedscopeWarning) as caught:
        batcher.run([1] * 96, limited(8, seen), 2)
    assert [size for size in seen if size > 8] == [32, 16]
    assert len(caught) == 2
    seen.clear()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        batcher.run([1] * 96, limited(8, seen), 2)
    assert seen == [8] * 12


def test_one_item_that_does_not_fit_is_named():
    batcher = Batcher(CPU, Budget(tokens=8, items=8, enough=8))

    def forward(rows: np.ndarray) -> torch.Tensor:
        if 3 in rows:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return identity(rows)

    with (
        pytest.warns(EmbedscopeWarning),
        pytest.raises(InputError, match=r"Item 3 \(1 tokens\) alone does not fit .* device='cpu'"),
    ):
        batcher.run([1] * 8, forward, 2)


def test_other_errors_go_up_as_they_are():
    def forward(rows: np.ndarray) -> torch.Tensor:
        raise RuntimeError("mat1 and mat2 shapes cannot be multiplied")

    with pytest.raises(RuntimeError, match="mat1"):
        Batcher(CPU, Budget(8, 8, 8)).run([1], forward, 2)


def test_halves_that_are_odd_lose_nobody():
    batcher = Batcher(CPU, Budget(tokens=70, items=7, enough=70))
    with pytest.warns(EmbedscopeWarning):
        vectors = batcher.run([10, 9, 8, 7, 6, 5, 4], limited(1, []), 2)
    np.testing.assert_array_equal(vectors[:, 0], np.arange(7))
