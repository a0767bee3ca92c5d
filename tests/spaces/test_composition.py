"""Counts, tests and their correction agree with scipy and with slow, obvious versions."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from embedscope._errors import InputError
from embedscope.spaces.composition import compose, compose_values, false_discovery_q, two_sided_p


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_p_values_are_those_of_fishers_exact_test(data: st.DataObject) -> None:
    items = data.draw(st.integers(1, 400))
    selected = data.draw(st.integers(1, items))
    total = data.draw(st.integers(1, items))
    count = data.draw(st.integers(max(0, selected + total - items), min(total, selected)))
    (p,) = two_sided_p(np.array([count]), np.array([total]), selected, items)
    square = [[count, total - count], [selected - count, items - total - selected + count]]
    assert p == pytest.approx(stats.fisher_exact(square).pvalue, rel=1e-6)


def test_large_spaces_agree_with_the_hypergeometric_distribution() -> None:
    items, selected, total = 1_000_000, 300_000, 50_000
    for count in (14_900, 15_000, 15_150, 15_400):
        (p,) = two_sided_p(np.array([count]), np.array([total]), selected, items)
        possible = np.arange(0, total + 1)
        chance = stats.hypergeom.pmf(possible, items, total, selected)
        slow = chance[chance <= chance[count] * (1 + 1e-7)].sum()
        assert p == pytest.approx(slow, rel=1e-5)
    (far,) = two_sided_p(np.array([50_000]), np.array([total]), selected, items)
    assert far == 0


@given(st.lists(st.floats(0, 1), min_size=1, max_size=50))
def test_q_values_are_those_of_scipy(p: list[float]) -> None:
    np.testing.assert_allclose(false_discovery_q(np.array(p)), stats.false_discovery_control(p), atol=1e-15)


def test_a_planted_category_comes_first_with_its_counts() -> None:
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 40, 5000)
    chosen = np.unique(
        np.concatenate([np.flatnonzero(codes == 7)[:60], rng.choice(5000, 300, replace=False)])
    )
    found = compose(codes, [f"c{i}" for i in range(41)], chosen, by="label")
    assert (found.names[0], found.places[0]) == ("c7", 7)
    assert len(found) == 40
    assert found.q_values[0] < 1e-6
    assert (found.q_values[1:] > 0.01).all()
    for place, name in enumerate(found.names):
        code = int(name[1:])
        assert found.counts[place] == (codes[chosen] == code).sum()
        assert found.totals[place] == (codes == code).sum()
    assert found.ratios[0] == pytest.approx((found.counts[0] / len(chosen)) / (found.totals[0] / 5000))
    assert (np.diff(found.p_values) >= 0).all()


def test_of_random_subsets_few_are_called_telling() -> None:
    rng = np.random.default_rng(1)
    codes = rng.integers(0, 20, 3000)
    hits = 0
    for _ in range(60):
        rows = rng.choice(3000, 200, replace=False)
        hits += int((compose(codes, list("abcdefghijklmnopqrst"), rows, by="x").q_values < 0.05).any())
    assert hits <= 8


def test_values_of_every_type_with_missing_ones() -> None:
    rows = np.array([0, 3])
    for values in (
        pa.array(["a", "b", "b", None]),
        pa.chunked_array([["a", "b"], ["b", None]]),
        pa.array(["a", "b", "b", None]).dictionary_encode(),
        pa.array(["a", "b", "b", None]).dictionary_encode(null_encoding="encode"),
    ):
        found = compose_values(values, rows, by="v")
        assert dict(zip(found.names, found.counts.tolist(), strict=True)) == {"a": 1, "b": 0, "missing": 1}
    assert compose_values(pa.array([True, False]), np.array([0]), by="v").names == ("True", "False")


def test_the_whole_is_not_telling_and_nothing_is_refused() -> None:
    whole = compose(np.array([0, 1, 1]), ["a", "b"], np.arange(3), by="x")
    assert whole.ratios.tolist() == [1, 1]
    assert whole.q_values.tolist() == pytest.approx([1, 1])
    assert compose(np.array([0]), ["a"], np.array([0]), by="x").to_frame().num_rows == 1
    with pytest.raises(InputError, match="Nothing is selected"):
        compose(np.array([0]), ["a"], np.empty(0, np.int64), by="x")
