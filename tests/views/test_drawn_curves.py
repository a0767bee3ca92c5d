"""Labels that never cover each other, and axes that hold their values."""

from __future__ import annotations

import numpy as np
import pytest

from embedscope.views.drawn_curves import spread, value_range


@pytest.mark.parametrize("seed", range(20))
def test_labels_keep_their_order_and_their_distance(seed: int) -> None:
    rng = np.random.default_rng(seed)
    wanted = rng.uniform(0, 100, size=6).tolist()
    found = spread(wanted, 12.0, 0.0, 100.0)
    assert np.argsort(found).tolist() == np.argsort(wanted).tolist()
    assert np.diff(np.sort(found)).min() >= 12 - 1e-9
    assert min(found) >= -1e-9
    assert max(found) <= 100 + 1e-9


def test_labels_that_have_room_stay_where_they_are() -> None:
    assert spread([20.0, 60.0], 12.0, 0.0, 100.0) == [20.0, 60.0]
    assert spread([], 12.0, 0.0, 100.0) == []


@pytest.mark.parametrize("seed", range(20))
def test_an_axis_holds_its_values_and_little_more(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = (10.0 ** rng.integers(-4, 5) * rng.normal(size=5)).tolist()
    low, high = value_range(values)
    assert low <= min(values)
    assert high >= max(values)
    assert high - low <= 3 * (max(values) - min(values))


def test_equal_values_have_an_axis_too() -> None:
    assert value_range([3.0, 3.0]) == (2.5, 3.5)
