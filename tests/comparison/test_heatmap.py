from __future__ import annotations

import numpy as np
import pytest

from embedscope._errors import MissingError
from embedscope.comparison.heatmap import Heatmap


def heatmap(js=None):
    between, within = np.array([[0.25, -0.5], [0.0, 0.0]]), np.array([[0.5, 0.25], [0.0, 0.0]])
    mass = np.array([[0.5, 0.5], [1.0, 0.0]])
    return Heatmap(("oak", "elm"), np.array([3, 1]), between, within, mass, mass[::-1], np.arange(2), js)


def test_layers():
    table = heatmap(np.eye(2))
    assert table.layer("contribution").tolist() == [[0.75, -0.25], [0.0, 0.0]]
    np.testing.assert_array_equal(table.layer("per mass"), [[1.5, -0.5], [0.0, np.nan]])
    assert table.layer("between") is table.between
    assert table.layer("within") is table.within
    assert table.layer("js") is table.js


def test_layers_that_are_not_there():
    with pytest.raises(MissingError, match="Did you mean 'between'"):
        heatmap().layer("betwen")
    with pytest.raises(MissingError, match="second pass"):
        heatmap().layer("js")


def test_a_row_a_cell():
    frame = heatmap().to_frame()
    assert frame.column_names == [
        "anchors",
        "items",
        "n_anchors",
        "contribution",
        "per_mass",
        "between",
        "within",
        "teacher_mass",
        "student_mass",
    ]
    assert frame.slice(1, 1).to_pylist()[0] | {"per_mass": 0} == {
        "anchors": "oak",
        "items": "elm",
        "n_anchors": 3,
        "contribution": -0.25,
        "per_mass": 0,
        "between": -0.5,
        "within": 0.25,
        "teacher_mass": 0.5,
        "student_mass": 0.0,
    }
    assert "js" in heatmap(np.eye(2)).to_frame().column_names
