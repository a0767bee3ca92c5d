from __future__ import annotations

import numpy as np
import pytest

from embedscope._errors import InputError
from embedscope.comparison.geometry import Geometries, geometry
from embedscope.comparison.groups import Groups
from embedscope.spaces.space import Space


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_all_measures_are_there(make_spaces, metric):
    teacher, _ = make_spaces(metric=metric)
    found = geometry(teacher, groups=Groups.of(teacher.items.column("label")))
    assert all(np.isfinite(value) for value, _ in found.measures().values())
    similarities = teacher.neighbors(10).distances.astype(np.float64)
    wanted = 1 - similarities if metric == "cosine" else 1 / (1 + similarities)
    np.testing.assert_allclose(found.density, wanted.mean(axis=1))
    assert found.hubness.counts.sum() == 1200
    assert found.recall is None


def test_a_turn_changes_nothing(pair):
    teacher, _ = pair
    turn = np.linalg.qr(np.random.default_rng(0).standard_normal((12, 12)))[0]
    turned = Space.from_arrays(teacher.vectors.astype(np.float64) @ turn)
    one, two = geometry(teacher), geometry(turned)
    for name, (value, _) in one.measures().items():
        assert two.measures()[name][0] == pytest.approx(value, rel=1e-4, abs=1e-6, nan_ok=True)


def test_a_collapsed_space_is_told_apart(pair):
    teacher, _ = pair
    flat = np.random.default_rng(0).standard_normal((120, 2)) @ np.ones((2, 12)) * 0.01 + 1
    narrow = geometry(Space.from_arrays(flat + 1e-4 * teacher.vectors))
    wide = geometry(teacher)
    assert narrow.anisotropy > 0.99 > wide.anisotropy
    assert narrow.effective_rank < wide.effective_rank
    assert narrow.uniformity > wide.uniformity


def test_two_spaces_stand_side_by_side(pair):
    found = Geometries(*(geometry(space) for space in pair))
    table = found.to_table()
    assert table.columns == ("measure", "teacher", "student", "says")
    assert table.rows[0][1:3] == (12, 8)
    assert "alignment of classes" in repr(found)
    assert table.column("teacher")[-2] is None  # no classes were given
    assert "<table" in found._repr_html_()
    assert found.teacher.to_frame().num_rows == 9
    assert "neighbours exact" in repr(found.teacher)


def test_two_items_are_enough_and_k_is_checked():
    two = Space.from_arrays([[1.0, 0.0], [0.0, 1.0]])
    found = geometry(two)
    assert found.hubness.k == 1
    assert np.isnan(found.intrinsic_dimension)
    with pytest.raises(InputError, match=r"k=2 neighbours from 2 items.*from 1 to 1"):
        geometry(two, k=2)
    with pytest.raises(InputError, match="Wanted more vectors"):
        geometry(Space.from_arrays([[1.0, 0.0]]))


def test_zero_rows_are_named_under_cosine_and_fine_otherwise():
    rows = {"a": [0.0, 0.0], "b": [1.0, 0.0], "c": [0.0, 2.0]}
    with pytest.raises(InputError, match=r"1 of the space's 3 vectors are all zeros.*'a'"):
        geometry(Space.from_arrays(rows))
    assert geometry(Space.from_arrays(rows, metric="euclidean")).anisotropy == pytest.approx(0)
