"""A column's type says how it is coloured."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest

from embedscope._errors import InputError
from embedscope.views.colors import column_coloring, number_coloring


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (pa.array(["a", "b"]), "category"),
        (pa.array(["a", "b"], pa.large_string()), "category"),
        (pa.array(["a", "b"]).dictionary_encode(), "category"),
        (pa.array([True, None]), "category"),
        (pa.nulls(2), "category"),
        (pa.array([1, 2, None]), "category"),
        (pa.array(list(range(100))), "number"),
        (pa.array([1.0, 2.0]), "number"),
        (pa.array([1.0, 2.0], pa.float16()), "number"),
        (pa.array([dt.timedelta(seconds=1), dt.timedelta(days=1)]), "number"),
        (pa.array([dt.date(2020, 1, 1), None]), "number"),
        (pa.array([dt.time(1, 2)]), "category"),
    ],
    ids=lambda value: str(value.type) if isinstance(value, pa.Array) else value,
)
def test_the_kind_follows_the_type(values: pa.Array, kind: str) -> None:
    coloring = column_coloring(values, "key", "title")
    assert coloring.kind == kind
    assert len(coloring.codes if kind == "category" else coloring.values) == len(values)


@pytest.mark.parametrize("values", [pa.array([b"x"]), pa.array([[1]]), pa.array([{"a": 1}])])
def test_what_has_no_colour_says_so(values: pa.Array) -> None:
    with pytest.raises(InputError, match=r"'blob' holds .*no colour"):
        column_coloring(values, "blob", "blob")


def test_the_ramp_ends_where_one_in_a_hundred_lies_beyond() -> None:
    values = np.concatenate([np.linspace(0, 1, 1000), [1e9]])
    coloring = number_coloring(values, "k", "t")
    low, high = np.quantile(values, [0.01, 0.99])
    assert coloring.range == (low, high)
    assert coloring.range_labels == ("≤ 0.01", "≥ 0.991")


def test_ends_are_written_for_people() -> None:
    assert number_coloring(np.array([-1234567.0, 2.0]), "k", "t").range_labels[0].startswith("≤ -1,")
    assert number_coloring(np.array([7.0, 7.0]), "k", "t").range_labels == ("7", "7")
    assert number_coloring(np.array([np.nan, np.inf]), "k", "t").range_labels == ("no values", "no values")


def test_infinite_numbers_are_missing() -> None:
    values = number_coloring(np.array([1.0, np.inf, -np.inf, 2.0]), "k", "t").values
    assert np.isnan(values).tolist() == [False, True, True, False]


def test_dates_are_written_as_dates_and_keep_their_order() -> None:
    dates = [dt.date(2020, 1, day) for day in range(1, 32)] + [None]
    coloring = column_coloring(pa.array(dates), "day", "day")
    assert np.all(np.diff(coloring.values[:-1]) > 0)
    assert np.isnan(coloring.values[-1])
    assert coloring.range_labels == ("≤ 2020-01-01", "≥ 2020-01-30")


def test_times_of_one_day_are_written_with_the_minute_and_in_their_zone() -> None:
    times = [dt.datetime(2020, 1, 1, 10, 30), dt.datetime(2020, 1, 1, 10, 31)]
    coloring = column_coloring(pa.array(times), "t", "t")
    assert [label[-16:] for label in coloring.range_labels] == ["2020-01-01T10:30", "2020-01-01T10:30"]
    zoned = column_coloring(pa.array(times, pa.timestamp("ms", "UTC")), "t", "t")
    assert zoned.values.tolist() == coloring.values.tolist() == [0.0, 60.0]


def test_a_column_of_missing_dates() -> None:
    coloring = column_coloring(pa.array([None, None], pa.date32()), "day", "day")
    assert coloring.range_labels == ("no values", "no values")
