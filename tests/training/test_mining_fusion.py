"""Rank fusion against a loop, and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embedscope._errors import InputError
from embedscope.training.mining_fusion import fuse_ranks, lowest


def by_hand(scores: list[list[int]], rows: list[int]) -> list[float]:
    """For each candidate, count those before it."""
    fused = []
    for one in range(len(rows)):
        shares = []
        for given_scores in scores:
            before = sum(
                given_scores[other] > given_scores[one]
                or (given_scores[other] == given_scores[one] and rows[other] < rows[one])
                for other in range(len(rows))
            )
            shares.append(1 / (60 + before + 1))
        fused.append(sum(sorted(shares)))
    return fused


@given(
    st.integers(1, 12).flatmap(
        lambda n: st.tuples(
            st.lists(st.lists(st.integers(0, 3), min_size=n, max_size=n), min_size=1, max_size=3),
            st.permutations(range(20)).map(lambda rows: rows[:n]),
            st.integers(1, 5),
        )
    )
)
def test_fusion_is_that_of_a_loop(case) -> None:
    scores, rows, n = case
    fused = fuse_ranks(np.array(scores, np.float64), np.array(rows, np.int64))
    assert fused.tolist() == pytest.approx(by_hand(scores, rows), rel=1e-15)
    chosen = lowest(fused, np.array(rows, np.int64), n)
    assert chosen.tolist() == sorted(range(len(rows)), key=lambda at: (fused[at], rows[at]))[:n]


@given(st.lists(st.lists(st.integers(0, 3), min_size=6, max_size=6), min_size=3, max_size=3))
def test_the_order_of_scorers_does_not_count(scores) -> None:
    rows = np.arange(6)
    fused = [
        fuse_ranks(np.array(order, np.float64), rows)
        for order in (scores, scores[::-1], scores[1:] + scores[:1])
    ]
    assert np.array_equal(fused[0], fused[1])
    assert np.array_equal(fused[0], fused[2])


def test_by_hand() -> None:
    # Relevance ranks a b c as 1 2 3 (b and c are equal, b has the lower row), likelihood as 3 1 2.
    scores = np.array([[3.0, 0.0, 0.0], [5.0, 90.0, 40.0]])
    fused = fuse_ranks(scores, np.array([7, 2, 9]))
    assert fused.tolist() == pytest.approx([1 / 61 + 1 / 63, 1 / 62 + 1 / 61, 1 / 63 + 1 / 62])
    assert lowest(fused, np.array([7, 2, 9]), 2).tolist() == [2, 0]
    assert lowest(fused[:0], np.array([], np.int64), 2).tolist() == []


def test_a_score_that_is_none_is_refused() -> None:
    with pytest.raises(InputError, match="not finite"):
        fuse_ranks(np.array([[1.0, np.nan]]), np.array([0, 1]))
