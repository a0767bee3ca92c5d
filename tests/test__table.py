"""The display table: aligned text, escaped HTML, and Arrow for programs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedscope._errors import InputError, MissingError
from embedscope._table import Table


def test_text_is_aligned_numbers_right_and_words_left() -> None:
    lines = repr(Table(("name", "n"), [("a", 7012), ("longer", 3)], "Sets")).splitlines()
    assert lines == ["Sets", "name        n", "a       7,012", "longer      3"]


def test_values_are_written_for_people() -> None:
    table = Table(("x",), [(None,), (True,), (np.bool_(False),), (np.int64(1234),), (0.123456,), (12345.6,)])
    assert repr(table).splitlines()[1:] == ["", "yes", "no", "1,234", "0.123", "12,346"]


def test_a_long_cell_is_cut_in_text_and_whole_in_html() -> None:
    table = Table(("x",), [("word " * 40,)])
    assert len(repr(table).splitlines()[1]) <= 60
    assert "word " * 40 in table._repr_html_()


def test_line_breaks_do_not_break_rows() -> None:
    assert len(repr(Table(("x",), [("a\nb\r\nc",)])).splitlines()) == 2


@settings(deadline=None)
@given(st.text())
def test_html_never_holds_markup_of_a_value(text: str) -> None:
    html = Table((text, "other"), [(text, "")], text)._repr_html_() if text != "other" else ""
    assert html.count("<") == html.count(">")
    assert "<script" not in Table(("x",), [("<script>" + text,)])._repr_html_()


def test_uneven_rows_and_repeated_names_are_refused() -> None:
    with pytest.raises(InputError, match="Row 1 has 1 values"):
        Table(("a", "b"), [(1, 2), (1,)])
    with pytest.raises(InputError, match="unique"):
        Table(("a", "a"), [])


def test_columns_by_name() -> None:
    table = Table.from_records([{"a": 1, "b": "x"}, {"a": 2, "b": None}])
    assert table.column("a") == [1, 2]
    assert table.to_frame().to_pydict() == {"a": [1, 2], "b": ["x", None]}
    with pytest.raises(MissingError, match="No column is called 'c'"):
        table.column("c")


def test_an_empty_table_shows_its_columns() -> None:
    assert repr(Table(("a", "b"), [])) == "a  b"
    assert len(Table.from_records([])) == 0


def test_markdown_escapes_what_would_be_markup_and_cuts_long_cells() -> None:
    table = Table(("a|b", "n"), [("<b>*x*</b>\nline", 1.5), ("y" * 100, None)], "Title [x](y)")
    title, blank, head, rule, first, second = table.to_markdown().splitlines()
    assert title == r"Title \[x\](y)"
    assert blank == ""
    assert head == r"| a\|b | n |"
    assert rule == "| --- | ---: |"
    assert first == r"| \<b\>\*x\*\</b\> line | 1.5 |"
    assert second == f"| {'y' * 59}… |  |"
