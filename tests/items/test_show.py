"""Items as people see them: one line, no markup, whatever the texts hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedscope._errors import EmbedscopeWarning
from embedscope.items.items import Items
from embedscope.items.show import one_line


@settings(deadline=None)
@given(st.text(), st.integers(1, 50))
def test_a_line_is_one_line_and_not_too_long(text: str, length: int) -> None:
    line = one_line(text, length)
    assert len(line) <= length
    assert len(line.splitlines()) <= 1


def test_a_short_text_is_not_cut() -> None:
    assert one_line("one\n two", 7) == "one two"
    assert one_line("one two", 6) == "one t…"
    assert one_line("x" * 10_000_000, 3) == "xx…"


def test_images_are_called_by_caption_then_label_then_id() -> None:
    image = [np.zeros((2, 2), np.uint8)]
    assert Items.from_images(image, ids=["i"]).snippet(0) == "i"
    assert Items.from_images(image, columns={"label": ["cat"]}).snippet(0) == "cat"
    both = {"label": ["cat"], "caption": ["a cat"]}
    assert Items.from_images(image, columns=both).snippet(0) == "a cat"
    assert Items.from_images(image, columns={"label": ["cat"], "caption": [None]}).snippet(0) == "cat"


def test_a_marked_item_shows_its_reason() -> None:
    with pytest.warns(EmbedscopeWarning):
        items = Items.from_texts(["", "a"], on_error="mark")
    assert items.snippet(0) == "(no content: the text is empty)"
    assert "1 problems" in repr(items)


def test_the_headline_and_the_first_rows() -> None:
    items = Items.from_texts(
        [f"text {n}" for n in range(1000)], columns={"id": list(range(1000))}, name="mine"
    )
    lines = repr(items).splitlines()
    assert lines[0] == "mine: 1,000 texts · columns id"
    assert len(lines) == 7


def test_html_is_escaped() -> None:
    html = Items.from_texts(["<script>alert(1)</script>"], columns={"<b>": ["<i>"]}, name="<u>")._repr_html_()
    assert not any(tag in html for tag in ("<script", "<b>", "<i>", "<u>"))
