from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedscope._errors import InputError
from embedscope.training.distinct import Distinct


def clashes(keys, taken):
    return any(len(set(column)) < len(column) for column in keys[taken].T.tolist())


@settings(max_examples=60, deadline=None)
@given(st.integers(8, 40), st.integers(1, 2), st.integers(1, 12), st.integers(0, 999))
def test_no_two_of_a_key_come_together_and_nobody_is_left_behind(n, kinds, count, seed):
    rng = np.random.default_rng(seed)
    # Each key at most four times.
    keys = np.stack([rng.permutation(np.arange(n) // rng.integers(1, 5)) for _ in range(kinds)], axis=1)
    order, counts = Distinct(keys), Counter(range(n))
    for _ in range(60):
        taken = order.take(count, rng)
        assert 0 < len(taken) <= count
        assert not clashes(keys, taken)
        counts.update(taken)
        assert len(order.waiting) < n + count
        assert max(counts.values()) - min(counts.values()) <= 2


def test_without_equal_keys_each_comes_once_a_round_and_batches_are_full():
    order, rng = Distinct(np.arange(10)[:, None]), np.random.default_rng(0)
    drawn = [order.take(4, rng) for _ in range(10)]
    assert {len(taken) for taken in drawn} == {4}
    rows = np.concatenate(drawn).reshape(4, 10)
    assert [sorted(round_) for round_ in rows.tolist()] == [list(range(10))] * 4
    assert len({tuple(round_) for round_ in rows.tolist()}) == 4


def test_those_that_wait_come_first_the_next_time():
    order, rng = Distinct(np.array([[0], [0], [1], [2], [3], [4]])), np.random.default_rng(0)
    while not order.waiting:
        order.take(3, rng)
    waited = order.waiting[0]
    assert order.take(3, rng)[0] == waited


def test_a_frequent_key_makes_batches_smaller_rather_than_its_members_lonely():
    keys = np.concatenate([np.zeros(10, int), np.arange(1, 51)])[:, None]
    order, rng = Distinct(keys), np.random.default_rng(1)
    sizes = [len(order.take(20, rng)) for _ in range(100)]
    assert max(sizes) == 6
    assert np.mean(sizes) > 5.5


def test_where_all_that_wait_clash_a_batch_is_smaller():
    order, rng = Distinct(np.arange(8)[:, None] // 2), np.random.default_rng(0)
    order.left, order.waiting = [], [0, 1, 0, 1, 0]
    assert order.take(4, rng) == [0]
    assert order.waiting == [1, 0, 1, 0]


def test_a_key_of_most_items_says_so():
    with pytest.raises(InputError, match=r"3 of 5 items have the key 7.*masked loss"):
        Distinct(np.array([[7], [7], [7], [1], [2]]))
    assert len(Distinct(np.array([[7]]))) == 1
