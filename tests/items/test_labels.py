"""Labels go into a column that keeps what the others have."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from embedscope._errors import InputError
from embedscope.items.labels import label_rows

ROWS = np.array([0, 2])


@pytest.mark.parametrize(
    ("values", "label", "expected"),
    [
        (None, "odd", ["odd", None, "odd"]),
        (None, 3, [3, None, 3]),
        (None, None, [None, None, None]),
        (pa.array(["a", "b", None]), "<b>", ["<b>", "b", "<b>"]),
        (pa.array(["a", "b", None]), 5, ["5", "b", "5"]),
        (pa.array(["a", "b", None]), None, [None, "b", None]),
        (pa.array([1, 2, 3]), "7", [7, 2, 7]),
        (pa.array([True, False, None]), "true", [True, False, True]),
        (pa.array([0.5, 1.5, None]), 2, [2.0, 1.5, 2.0]),
        (pa.array(["a", "b", "a"]).dictionary_encode(), "c", ["c", "b", "c"]),
        (pa.array(["a", "b", "a"], pa.large_string()), "c", ["c", "b", "c"]),
        (pa.array(["a", "b", "a"], pa.string_view()), "c", ["c", "b", "c"]),
        (pa.chunked_array([["a"], ["b", "c"]]), "d", ["d", "b", "d"]),
        (pa.nulls(3), "d", ["d", None, "d"]),
    ],
    ids=str,
)
def test_the_chosen_rows_get_it_and_the_others_keep_theirs(
    values: Any, label: Any, expected: list[Any]
) -> None:
    assert label_rows(values, ROWS, label, 3).to_pylist() == expected


def test_a_label_of_another_kind_is_refused() -> None:
    with pytest.raises(InputError, match="holds int64, which has no place for 'many'"):
        label_rows(pa.array([1, 2, 3]), ROWS, "many", 3)
