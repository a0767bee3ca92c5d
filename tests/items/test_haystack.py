"""Words are found whatever their case and script, as a slow and obvious search finds them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedscope.items.haystack import Haystack
from embedscope.items.items import Items
from embedscope.spaces.space import Space

HOSTILE = [
    "a.b*c",
    "100%",
    "<script>",
    "\u202edrow",
    "\ud800 lone",
    "x" * 1_000_000 + "needle",
    "İstanbul",
    "ΣΑΣ",
]


def slow(items: Items, words: str) -> list[int]:
    def clean(text: str) -> str:
        return text.encode("utf-8", "replace").decode().casefold()

    columns = [items.column(name).tolist() for name in items.columns.column_names]
    parts = [[str(p) for p in items.payloads], *([value or "" for value in column] for column in columns)]
    return [row for row in range(len(items)) if any(clean(words) in clean(part[row]) for part in parts)]


@pytest.mark.parametrize(
    "words",
    ["b*c", ".", "%", "script", "SCRIPT", "\u202e", "lone", "\ud800", "needle", "i̇stan", "σας", "oak", "xyz"],
)
def test_hostile_texts_are_searched_literally(words: str) -> None:
    labels = ["Oak", None, "elm", "OAK tree", "", "x", "y", "zz"]
    items = Items.from_texts(HOSTILE, columns={"label": labels})
    assert Haystack(items).rows_with(words).tolist() == slow(items, words)


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=12), words=st.text(max_size=3))
def test_it_finds_what_python_finds(texts: list[str], words: str) -> None:
    items = Items.from_texts([f"{text}." for text in texts])
    expected = slow(items, words) if words.strip() else []
    assert Haystack(items).rows_with(words).tolist() == expected


def test_no_words_find_nothing() -> None:
    haystack = Haystack(Items.from_texts(["a b"]))
    assert haystack.rows_with("").size == 0
    assert haystack.rows_with("  ").size == 0
    assert haystack.rows_with("a b").dtype == np.uint32


def test_ids_stand_in_where_there_are_no_texts() -> None:
    vectors = Space.from_arrays(np.eye(3), ids=[10, 21, 31], columns={"kind": ["Ash", "Oak", None]}).items
    assert Haystack(vectors).rows_with("1").tolist() == [0, 1, 2]
    assert Haystack(vectors).rows_with("oak").tolist() == [1]
    assert Haystack(vectors).where == "ids, kind"
    images = Items.from_images([np.zeros((4, 4), np.uint8)] * 2, ids=["Cat", "dog"])
    assert Haystack(images).rows_with("cat").tolist() == [0]


def test_columns_of_every_kind_of_text_are_searched_and_numbers_are_not() -> None:
    columns = pa.table(
        {
            "a": pa.array(["One", "two", None]).dictionary_encode(),
            "b": pa.array(["x", "One y", "z"], pa.string_view()),
            "n": [1, 2, 3],
        }
    )
    haystack = Haystack(Items.from_texts(["p", "q", "r"], columns=columns))
    assert haystack.rows_with("one").tolist() == [0, 1]
    assert haystack.rows_with("3").tolist() == []
    assert haystack.where == "texts, a, b"
    many = {f"c{i}": ["x"] for i in range(6)}
    assert Haystack(Items.from_texts(["p"], columns=many)).where == "texts, c0, c1, c2 and 3 more columns"


def test_beyond_its_memory_it_still_finds_everything() -> None:
    items = Items.from_texts([f"Text {row}" for row in range(70_000)])
    small = Haystack(items, kept_bytes=1_200_000)
    for words in ("text 69999", "TEXT 1234"):
        assert small.rows_with(words).tolist() == Haystack(items).rows_with(words).tolist()
    assert 0 < sum(part.nbytes for parts in small._kept.values() for part in parts) <= 1_200_000


def test_many_threads_find_the_same() -> None:
    items = Items.from_texts([f"Text {row}" for row in range(100_000)])
    shared = Haystack(items)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda i: shared.rows_with(f"text {i}999").size, [1, 2, 3, 4] * 6))
    alone = Haystack(items)
    assert found == [alone.rows_with(f"text {i}999").size for i in [1, 2, 3, 4] * 6]
