"""A colouring says the same to the widget and to a picture."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from embedscope.views.categories import category_coloring
from embedscope.views.coloring import no_coloring
from embedscope.views.colors import number_coloring
from embedscope.views.palette import MISSING, PALETTE, RAMP
from embedscope.views.wire import from_wire


def hexes(rgb: np.ndarray) -> list[str]:
    return [f"#{bytes(row.tolist()).hex()}" for row in rgb]


def test_a_category_travels_as_two_bytes_an_item_with_its_legend() -> None:
    coloring = category_coloring(pa.array(["x", "y", "x", None]), "label", "Label")
    wire = coloring.to_wire()
    assert wire["kind"] == "category"
    assert (wire["column"], wire["title"], wire["missing"]) == ("label", "Label", MISSING)
    assert from_wire(wire["codes"]).tolist() == [0, 1, 0, 2]
    assert len(wire["codes"]["data"]) == 2 * 4
    assert (wire["names"], wire["counts"]) == (["x", "y", "missing"], [2, 1, 1])
    assert hexes(coloring.rgb(4)) == [wire["colors"][code] for code in (0, 1, 0, 2)]
    assert "values" not in wire


def test_a_number_travels_as_four_bytes_an_item_with_its_ramp() -> None:
    coloring = number_coloring(np.array([0.0, 5.0, 10.0, np.nan]), "size", "Size")
    wire = coloring.to_wire()
    assert np.isnan(from_wire(wire["values"])[3])
    assert len(wire["values"]["data"]) == 4 * 4
    assert wire["ramp"] == list(RAMP)
    assert "codes" not in wire
    assert hexes(coloring.rgb(4)) == [RAMP[0], RAMP[4], RAMP[8], MISSING]


def test_without_a_colouring_all_points_are_alike() -> None:
    assert hexes(no_coloring().rgb(2)) == [PALETTE[0]] * 2
    assert no_coloring().to_wire()["kind"] == "none"
