"""Groups of matches, against a slow and obvious search."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedscope._errors import InputError
from embedscope.items.leakage import group_matches, split_matches


def slow_groups(nodes: list[tuple[int, int]]) -> list[int]:
    """Join groups until nothing changes."""
    groups = list(range(len(nodes)))
    changed = True
    while changed:
        changed = False
        for one in range(len(nodes)):
            for two in range(len(nodes)):
                if {*nodes[one]} & {*nodes[two]} and groups[one] != groups[two]:
                    low = min(groups[one], groups[two])
                    groups[one] = groups[two] = low
                    changed = True
    return groups


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=15))
def test_groups_are_those_of_the_slow_search(nodes: list[tuple[int, int]]) -> None:
    fast = group_matches(np.asarray(nodes, np.int64))
    slow = slow_groups(nodes)
    same = np.asarray(slow)[:, None] == np.asarray(slow)[None, :]
    assert np.array_equal(fast[:, None] == fast[None, :], same)


@settings(deadline=None)
@given(st.integers(0, 100))
def test_the_same_seed_splits_the_same_way(seed: int) -> None:
    nodes = np.arange(40).reshape(20, 2)
    assert np.array_equal(split_matches(nodes, 0.7, seed), split_matches(nodes, 0.7, seed))
    assert split_matches(nodes, 0.7, seed).sum() == 14


def test_an_empty_part_is_refused() -> None:
    with pytest.raises(InputError, match="cannot be split"):
        split_matches(np.zeros((3, 2), np.int64), 0.5, 0)
    with pytest.raises(InputError, match="0 matches"):
        split_matches(np.zeros((0, 2), np.int64), 0.5, 0)
