from __future__ import annotations

import numpy as np

from embedscope.training.shuffled import Shuffled


def test_each_round_gives_each_member_once():
    order, rng = Shuffled(range(7)), np.random.default_rng(0)
    rounds = [[order.take(1, rng)[0] for _ in range(7)] for _ in range(5)]
    assert all(sorted(given) == list(range(7)) for given in rounds)
    assert rounds[0] != rounds[1]


def test_nothing_is_given_twice_at_once_also_across_rounds():
    order, rng = Shuffled(range(5)), np.random.default_rng(0)
    given = [order.take(3, rng) for _ in range(100)]
    assert all(len(set(some)) == 3 for some in given)
    counts = np.bincount(np.concatenate(given))
    assert counts.max() - counts.min() <= 1


def test_more_than_there_are_is_all_of_them():
    assert sorted(Shuffled([4, 9]).take(5, np.random.default_rng(0))) == [4, 9]


def test_what_is_put_back_comes_last():
    order, rng = Shuffled(range(4)), np.random.default_rng(0)
    (first,) = order.take(1, rng)
    order.put_back(first)
    assert order.take(4, rng)[-1] == first
