"""The words that are typed find rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from embedscope._errors import InputError
from embedscope.items.items import Items
from embedscope.views.answers.search import WordSearch
from embedscope.views.channel import Request


def ask(search: WordSearch, words: Any) -> tuple[str, list[int]]:
    answer = search(Request("search", {"words": words}))
    return answer.result["where"], np.frombuffer(answer.buffers[0], "<u4").tolist()


def test_rows_come_as_a_buffer_with_where_was_looked() -> None:
    items = Items.from_texts(["A cat", "a dog", "concat"], columns={"label": ["x", "CAT", "y"]})
    search = WordSearch(lambda: items)
    assert ask(search, "cat") == ("texts, label", [0, 1, 2])
    assert ask(search, "a cat") == ("texts, label", [0])
    assert ask(search, "") == ("texts, label", [])


def test_items_with_a_new_column_are_searched_anew() -> None:
    now = [Items.from_texts(["a", "b"])]
    search = WordSearch(lambda: now[0])
    assert ask(search, "odd")[1] == []
    now[0] = now[0].with_column("verdict", [None, "odd"])
    assert ask(search, "odd") == ("texts, verdict", [1])


@pytest.mark.parametrize("words", [None, 3, "x" * 1001])
def test_what_are_no_words_is_refused(words: Any) -> None:
    with pytest.raises(InputError, match="at most 1,000 characters"):
        ask(WordSearch(lambda: Items.from_texts(["a"])), words)
