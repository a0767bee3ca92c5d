"""Rows are the selection where both sides have the same one, else they travel."""

from __future__ import annotations

import numpy as np
import pytest

from embedscope._errors import InputError
from embedscope.views.answers.rows import asked_rows
from embedscope.views.channel import Request, StaleRowsError
from embedscope.views.wire import rows_check

SELECTED = np.array([1, 4, 7], np.uint32)


def test_a_check_stands_for_the_selection() -> None:
    asked = asked_rows(Request("table", {"check": rows_check(SELECTED)}), SELECTED, 9)
    assert asked.tolist() == [1, 4, 7]
    none = np.empty(0, np.uint32)
    assert asked_rows(Request("table", {"check": rows_check(none)}), none, 9).size == 0


@pytest.mark.parametrize("check", [rows_check(np.array([1, 4, 8], np.uint32)), {"count": 3}, None, 7])
def test_another_check_is_stale(check: object) -> None:
    with pytest.raises(StaleRowsError):
        asked_rows(Request("table", {"check": check}), SELECTED, 9)


def test_rows_that_came_along_are_meant_whatever_is_selected() -> None:
    data = memoryview(np.array([8, 0, 8], "<u4").tobytes())
    assert asked_rows(Request("table", {}, [data]), SELECTED, 9).tolist() == [0, 8]
    assert asked_rows(Request("table", {}, [b""]), SELECTED, 9).size == 0


def test_rows_that_are_none_are_refused() -> None:
    with pytest.raises(InputError, match="row 9, and there are 9 items"):
        asked_rows(Request("table", {}, [np.array([9], "<u4").tobytes()]), SELECTED, 9)
    with pytest.raises(InputError, match="4 bytes each; 3 bytes came"):
        asked_rows(Request("table", {}, [b"abc"]), SELECTED, 9)
