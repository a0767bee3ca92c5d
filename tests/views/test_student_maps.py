"""The student's map is made once for each of the teacher's, and both are moved by one transform."""

from __future__ import annotations

import numpy as np

from embedscope.layouts.layout import layout
from embedscope.views.student_maps import StudentMaps, place_beside


def test_the_student_is_laid_out_as_the_teacher_was(make_two_spaces):
    teacher, student = make_two_spaces()
    maps = StudentMaps(student)
    first = layout(teacher, n_neighbors=9, min_dist=0.4, random_state=3)
    made = maps.beside(first)
    asked = {name: made.parameters[name] for name in ("n_neighbors", "min_dist", "random_state")}
    assert asked == {"n_neighbors": 9, "min_dist": 0.4, "random_state": 3}
    wanted = layout(student, n_neighbors=9, min_dist=0.4, random_state=3, init=first.coords)
    np.testing.assert_array_equal(made.coords, wanted.coords)
    assert maps.beside(first) is made
    assert maps.beside(layout(teacher, method="pca")).method == "pca"


def test_a_turned_copy_lies_on_the_other_one():
    coords = np.random.default_rng(0).normal(size=(40, 2)) * [4, 1] + 9
    turn = np.array([[0.6, -0.8], [0.8, 0.6]])
    one, other = place_beside(coords, coords @ turn - 50)
    np.testing.assert_allclose(one, other, atol=1e-5)
    assert np.ptp(one, axis=0).max() == np.float32(2)


def test_the_size_of_the_student_is_kept():
    coords = np.random.default_rng(0).normal(size=(40, 2))
    one, other = place_beside(coords, 3 * coords)
    np.testing.assert_allclose(np.ptp(other, axis=0), 3 * np.ptp(one, axis=0), rtol=1e-5)
    assert np.abs(other).max() <= 1 + 1e-6
