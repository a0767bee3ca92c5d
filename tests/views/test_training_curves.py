"""Curves that travel: every value of a short one, means of a long one."""

from __future__ import annotations

import numpy as np
import pytest

from embedscope.views.training_curves import loss_curves, thinned, validation_curves


def test_a_short_curve_travels_whole() -> None:
    steps, rows = thinned(np.arange(3), np.array([[0.123456789, np.nan, 2.0]]))
    assert steps == [0, 1, 2]
    assert rows == [[0.12346, None, 2.0]]


@pytest.mark.parametrize("points", [361, 1000, 7919])
def test_a_long_one_is_means_of_neighbours_at_the_last_ones_step(points: int) -> None:
    rng = np.random.default_rng(points)
    values = rng.normal(size=(2, points))
    values[1, rng.random(points) < 0.6] = np.nan
    steps, rows = thinned(np.arange(points) * 10, values, most=50)
    assert len(steps) == 50
    assert steps[-1] == (points - 1) * 10
    ends = [0, *(step // 10 + 1 for step in steps)]
    for row, told in zip(values, rows, strict=True):
        for low, high, mean in zip(ends[:-1], ends[1:], told, strict=True):
            assert high > low
            known = row[low:high][~np.isnan(row[low:high])]
            assert mean == (pytest.approx(known.mean(), rel=1e-4, abs=1e-6) if len(known) else None)


def test_losses_are_one_row_for_all_and_one_for_each_domain() -> None:
    events = [
        {"step": 1, "loss": 2.0, "loss/a": 2.0, "learning_rate": 0.1},
        {"step": 2, "loss": 1.0, "loss/b": 1.0},
        {"step": 3, "loss": None, "loss/b": True},
    ]
    assert loss_curves(events, ["a", "b", "c"]) == {
        "steps": [1, 2, 3],
        "total": [2.0, 1.0, None],
        "domains": [[2.0, None, None], [None, 1.0, None], None],
    }


def test_validations_are_rows_by_measure() -> None:
    events = [
        {"step": 0, "recall_at_1": 0.25, "recall_at_1/a": 0.25, "is_best": True},
        {"step": 9, "recall_at_1": 0.5, "recall_at_1/a": 0.5, "kl/a": 1.5},
    ]
    assert validation_curves(events, ["a"]) == {
        "steps": [0, 9],
        "recall": [0.25, 0.5],
        "merged": None,
        "recall_domains": [[0.25, 0.5]],
        "kl_domains": [[None, 1.5]],
    }


def test_nothing_has_no_rows() -> None:
    assert loss_curves([], ["a"]) == {"steps": [], "total": [], "domains": [None]}
    assert validation_curves([], [])["recall_domains"] == []
