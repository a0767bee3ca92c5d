"""What a picture of a comparison says: the student's map has the teacher's colours, thinned alike."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from comparison_pictures import comparison_picture


def test_the_students_map_has_the_teachers_colours_selection_and_query() -> None:
    picture = comparison_picture()
    picture = replace(picture, teacher=replace(picture.teacher, selected=np.array([3], np.uint32), query=5))
    teacher, student = picture.maps
    assert student.coloring is teacher.coloring is picture.coloring
    assert student.selected.tolist() == [3]
    assert student.query == 5
    assert student.coords is picture.coords_b
    assert student.labels is picture.labels_b


def test_both_maps_lose_the_same_points() -> None:
    picture = comparison_picture()
    picture = replace(
        picture, teacher=replace(picture.teacher, selected=np.arange(9, dtype=np.uint32), query=77)
    )
    thin = picture.thinned(40)
    kept = len(thin.coords_b)
    assert 40 <= kept <= 44
    assert len(thin.teacher.coords) == len(thin.student.coords) == kept
    # The student lies at half the teacher's places: row by row they still belong together.
    np.testing.assert_array_equal(thin.coords_b, thin.teacher.coords * np.float32(0.5))
    np.testing.assert_array_equal(thin.teacher.coords[thin.teacher.query], picture.teacher.coords[77])
    assert thin.coloring.counts == picture.coloring.counts


def test_the_outermost_points_of_the_student_stay() -> None:
    picture = comparison_picture()
    turned = replace(picture, coords_b=picture.coords_b @ np.array([[0.6, 0.8], [-0.8, 0.6]], np.float32))
    thin = turned.thinned(20)
    np.testing.assert_array_equal(thin.coords_b.min(axis=0), turned.coords_b.min(axis=0))
    np.testing.assert_array_equal(thin.coords_b.max(axis=0), turned.coords_b.max(axis=0))


def test_few_points_are_all_drawn() -> None:
    picture = comparison_picture()
    assert picture.thinned(160) is picture
