"""Arrays survive the wire; what cannot travel says why."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from embedscope._errors import InputError
from embedscope.views.wire import from_wire, rows_from_wire, rows_to_wire, scale_coords, sorted_rows, to_wire


@given(
    st.sampled_from(["float32", "uint32", "uint16", "uint8"]).flatmap(
        lambda dtype: arrays.arrays(dtype, arrays.array_shapes(max_dims=3, min_side=0, max_side=7))
    )
)
def test_an_array_comes_back_as_it_went(array: np.ndarray) -> None:
    wire = to_wire(array)
    back = from_wire(wire | {"data": memoryview(wire["data"])})
    assert back.dtype == array.dtype
    assert back.shape == array.shape
    assert back.tobytes() == array.tobytes()


def test_big_endian_and_strided_arrays_are_laid_out_little_endian() -> None:
    array = np.arange(8, dtype=">u2").reshape(2, 4)[:, ::2]
    assert to_wire(array)["data"] == bytes([0, 0, 2, 0, 4, 0, 6, 0])


def test_no_dtype_is_cast_in_silence() -> None:
    with pytest.raises(InputError, match=r"int64 array cannot travel.*cast it"):
        to_wire(np.arange(3))


@pytest.mark.parametrize(
    ("wire", "message"),
    [
        ({"dtype": "uint32", "shape": [1]}, "lacks data"),
        ({"dtype": "int8", "shape": [1], "data": b"0"}, "no dtype 'int8'"),
        ({"dtype": "uint32", "shape": [2], "data": b"0000"}, "needs 8 bytes; 4 came"),
    ],
)
def test_a_broken_array_says_what_is_wrong(wire: dict, message: str) -> None:
    with pytest.raises(InputError, match=message):
        from_wire(wire)


def test_a_selection_is_sorted_and_each_row_comes_once() -> None:
    wire = rows_to_wire(np.array([5, 1, 5], np.uint32))
    assert rows_from_wire(wire, 6).tolist() == [1, 5]
    assert rows_from_wire({}, 6).tolist() == []
    with pytest.raises(InputError, match="row 5, and there are 5 items"):
        rows_from_wire(wire, 5)
    with pytest.raises(InputError, match="flat uint32"):
        rows_from_wire(to_wire(np.zeros((2, 1), np.uint32)), 5)


@given(
    arrays.arrays(
        np.float32, st.tuples(st.integers(1, 20), st.just(2)), elements=st.floats(-1e6, 1e6, width=32)
    )
)
def test_scaling_keeps_the_shape_of_the_map(coords: np.ndarray) -> None:
    scaled = scale_coords(coords).astype(np.float64)
    assert np.abs(scaled).max() <= 1 + 1e-6
    span = np.ptp(coords.astype(np.float64), axis=0)
    if span.max() > 0:
        np.testing.assert_allclose(np.ptp(scaled, axis=0), span / span.max() * 2, atol=1e-6)


def test_points_that_coincide_and_no_points_at_all() -> None:
    assert scale_coords(np.full((3, 2), 7.0)).tolist() == [[0, 0]] * 3
    assert scale_coords(np.empty((0, 2))).shape == (0, 2)


@pytest.mark.parametrize("rows", [[], [3], [0, 1, 5], [5, 1, 5, 0], [2, 2], [9, 8, 7]])
def test_rows_are_sorted_as_numpy_would(rows: list[int]) -> None:
    given = np.array(rows, np.uint32)
    assert sorted_rows(given).tolist() == np.unique(given).tolist()
    assert sorted_rows(given).dtype == np.uint32
