"""Weighted Ward linkage is Ward's linkage of all items."""

from __future__ import annotations

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage

from embedscope.clusters.merging import merge_centres


def same_groups(one: np.ndarray, other: np.ndarray) -> bool:
    pairs = set(zip(one.tolist(), other.tolist(), strict=True))
    return len(pairs) == len(set(one.tolist())) == len(set(other.tolist()))


def test_it_agrees_with_scipy_where_all_weigh_the_same() -> None:
    rng = np.random.default_rng(0)
    for wanted in (1, 3, 10, 40):
        centres = rng.normal(size=(40, 2))
        scipys = fcluster(linkage(centres, "ward"), wanted, "maxclust")
        assert same_groups(merge_centres(centres, np.ones(40, np.int64), wanted), scipys)


def test_a_weight_is_so_many_items_in_one_place() -> None:
    rng = np.random.default_rng(1)
    centres, sizes = rng.normal(size=(12, 2)), rng.integers(1, 9, 12)
    repeated = np.repeat(centres, sizes, axis=0)
    scipys = fcluster(linkage(repeated, "ward"), 4, "maxclust")[np.cumsum(sizes) - 1]
    assert same_groups(merge_centres(centres, sizes.astype(np.int64), 4), scipys)


def test_nothing_to_merge() -> None:
    assert merge_centres(np.empty((0, 2)), np.empty(0, np.int64), 3).tolist() == []
    assert merge_centres(np.zeros((2, 2)), np.ones(2, np.int64), 5).tolist() == [0, 1]
