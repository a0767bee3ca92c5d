"""Columns of any frame come in whole, and go out as numpy."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from embedscope._errors import EmbedscopeWarning, InputError, MissingError
from embedscope.items.columns import as_array, as_columns, column_values, frame_to_arrow, is_frame, take_rows

DATA = {"text": ["a", "b"], "n": [1, 2]}
FRAMES = [pd.DataFrame(DATA), pl.DataFrame(DATA), pl.DataFrame(DATA).lazy(), pa.table(DATA)]
NAMES = ["pandas", "polars", "lazy polars", "pyarrow"]


@pytest.mark.parametrize("frame", FRAMES, ids=NAMES)
def test_every_frame_reads_the_same(frame: object) -> None:
    assert is_frame(frame)
    assert frame_to_arrow(frame).to_pydict() == DATA


def test_the_index_of_pandas_is_no_column() -> None:
    assert frame_to_arrow(pd.DataFrame(DATA, index=[7, 9])).column_names == ["text", "n"]


def test_what_is_no_frame() -> None:
    assert not any(is_frame(value) for value in ([1], {"a": [1]}, "a", np.zeros(2), pd.Series([1])))
    with pytest.raises(InputError, match="A data frame was wanted"):
        frame_to_arrow([1, 2])


def test_a_column_of_several_types_is_kept_as_text_and_said() -> None:
    with pytest.warns(EmbedscopeWarning, match="'x' holds values of several types"):
        table = frame_to_arrow(pd.DataFrame({"x": ["a", 1, None]}))
    assert table["x"].to_pylist() == ["a", "1", None]


def test_categories_come_out_as_their_names() -> None:
    table = frame_to_arrow(pd.DataFrame({"c": pd.Categorical(["x", None, "y"])}))
    assert column_values(table, "c").tolist() == ["x", None, "y"]


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        ([1, 2], "int64"),
        ([1, None], "float64"),
        ([1.5, 2], "float64"),
        ([True, False], "bool"),
        (["a", "b"], "object"),
    ],
)
def test_types_of_numpy(values: list[object], dtype: str) -> None:
    column = column_values(pa.table({"x": pa.array(values)}), "x")
    assert column.dtype == dtype
    assert column.shape == (2,)


def test_dates_lists_and_missing_booleans() -> None:
    table = pa.table({"d": [datetime.date(2024, 1, 2)], "l": [[1, 2]], "b": pa.array([None], pa.bool_())})
    assert column_values(table, "d").dtype.kind == "M"
    assert column_values(table, "l").tolist() == [[1, 2]]
    assert column_values(table, "b").tolist() == [None]


def test_an_unknown_column_names_the_near_ones() -> None:
    with pytest.raises(MissingError, match="Did you mean 'label'"):
        column_values(pa.table({"label": [1]}), "labels")


@pytest.mark.parametrize("values", [[1, 2], (1, 2), np.array([1, 2]), pd.Series([1, 2]), pl.Series([1, 2])])
def test_one_column_of_any_sequence(values: object) -> None:
    assert as_array("x", values).to_pylist() == [1, 2]


@pytest.mark.parametrize("values", ["text", [1, "a"], [object()], 5])
def test_a_column_that_cannot_be_kept(values: object) -> None:
    with pytest.raises(InputError, match="'x'"):
        as_array("x", values)


def test_lengths_must_agree() -> None:
    with pytest.raises(InputError, match="2 rows for 3 items"):
        as_columns(DATA, 3)
    with pytest.raises(InputError, match="not equally long"):
        as_columns({"a": [1], "b": [1, 2]}, 1)
    assert as_columns(None, 3).num_columns == 0


def test_rows_of_a_table_without_columns() -> None:
    assert take_rows(pa.table({}), np.array([0])).num_columns == 0


def test_rows_are_taken_of_columns_of_every_type() -> None:
    table = pa.table(
        {
            "view": pa.array(["a", None, "c"], pa.string_view()),
            "raw": pa.array([b"a", b"b", None], pa.binary_view()),
            "kind": pa.array(["x", "y", "x"]).dictionary_encode(),
        }
    )
    assert take_rows(table, np.array([2, 0])).to_pylist() == [
        {"view": "c", "raw": None, "kind": "x"},
        {"view": "a", "raw": b"a", "kind": "x"},
    ]
