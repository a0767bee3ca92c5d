"""Pages of the selection: sorted, filtered, bounded."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedscope._errors import InputError, MissingError
from embedscope.clusters.cluster import Clusters
from embedscope.items.items import Items
from embedscope.spaces.space import Space
from embedscope.views.answers.columns import sort_order
from embedscope.views.answers.rows import asked_rows
from embedscope.views.answers.table_page import TablePages
from embedscope.views.channel import Request

LABELS = ["oak", "Elm", None, "ash", "<b>x</b>", "oak"]
SIZES = [3, 10, None, 2, 10, -1]
SCORES = [0.5, None, float("nan"), 0.123456, 2.0, 1e9]


def make_items() -> Items:
    columns = pa.table(
        {
            "label": pa.array(LABELS),
            "size": pa.array(SIZES, pa.int64()),
            "score": pa.array(SCORES),
            "good": pa.array([True, False, None, True, False, True]),
            "day": pa.array([datetime.date(2020, 1, 9 - day) for day in range(6)]),
            "kind": pa.array(["b", "a", "b", None, "a", "c"]).dictionary_encode(),
            "tags": pa.array([["a"]] * 6),
            "cluster": pa.array(list("uvwxyz")),
            "id": pa.array([9, 8, 7, 6, 5, 4]),
            "void": pa.nulls(6),
        }
    )
    texts = ["delta Wing", "alpha", "Charlie " + "x" * 500, "bravo", "echo", "foxtrot"]
    return Items.from_texts(texts, ids=[f"i{row}" for row in range(6)], columns=columns)


CLUSTERS = Clusters(
    np.array([0, 0, 1, -1, 1, 1], np.int32), np.ones(6, np.float32), ("zebra", "Ape"), "map", {}
)


@pytest.fixture
def page(about: Callable[..., Request]) -> Callable[..., dict[str, Any]]:
    items = make_items()
    pages = TablePages(
        lambda r: asked_rows(r, np.empty(0, np.uint32), len(items)), lambda: items, lambda: CLUSTERS
    )

    def ask(rows: Any = range(6), **view: Any) -> dict[str, Any]:
        whole = {"sort": "", "descending": False, "filters": {}, "offset": 0, "limit": 200} | view
        result = pages(about(list(rows), view=whole)).result
        json.dumps(result, allow_nan=False)
        return result

    return ask


def rows_of(result: dict[str, Any]) -> list[int]:
    return [entry["row"] for entry in result["rows"]]


def test_the_columns_are_id_content_single_values_and_cluster(page: Any) -> None:
    result = page()
    assert [(c["name"], c["title"], c["numeric"]) for c in result["columns"]] == [
        ("embedscope:id", "id", False),
        ("embedscope:content", "text", False),
        ("label", "label", False),
        ("size", "size", True),
        ("score", "score", True),
        ("good", "good", False),
        ("day", "day", False),
        ("kind", "kind", False),
        ("column:cluster", "cluster", False),
        ("id", "id", True),
        ("void", "void", False),
        ("cluster", "cluster", False),
    ]
    assert result["total"] == 6
    first, last = result["rows"][0]["cells"], result["rows"][3]["cells"]
    assert first == ["i0", "delta Wing", "oak", "3", "0.5", "yes", "2020-01-09", "b", "u", "9", "", "zebra"]
    assert last[-1] == "unclustered"
    assert len(result["rows"][2]["cells"][1]) == 120
    assert result["rows"][4]["cells"][2] == "<b>x</b>"
    assert result["rows"][2]["cells"][4] == ""


@pytest.mark.parametrize(
    ("sort", "descending", "expected"),
    [
        ("", False, [0, 1, 2, 3, 4, 5]),
        ("", True, [5, 4, 3, 2, 1, 0]),
        ("size", False, [5, 3, 0, 1, 4, 2]),
        ("size", True, [1, 4, 0, 3, 5, 2]),
        ("score", False, [3, 0, 4, 5, 1, 2]),
        ("score", True, [5, 4, 0, 3, 1, 2]),
        ("label", False, [4, 3, 1, 0, 5, 2]),
        ("embedscope:content", False, [1, 3, 2, 0, 4, 5]),
        ("embedscope:id", True, [5, 4, 3, 2, 1, 0]),
        ("good", True, [0, 3, 5, 1, 4, 2]),
        ("day", False, [5, 4, 3, 2, 1, 0]),
        ("kind", False, [1, 4, 0, 2, 5, 3]),
        ("cluster", False, [2, 4, 5, 0, 1, 3]),
        ("void", True, [0, 1, 2, 3, 4, 5]),
    ],
)
def test_sorted_as_people_do_with_missing_ones_last(
    page: Any, sort: str, descending: bool, expected: list[int]
) -> None:
    result = rows_of(page(sort=sort, descending=descending))
    if sort == "score":
        assert result[:4] == expected[:4]
        assert set(result[4:]) == {1, 2}
    else:
        assert result == expected


@settings(max_examples=80, deadline=None)
@given(st.lists(st.one_of(st.none(), st.integers(-5, 5)), max_size=30), st.booleans())
def test_sorting_is_stable_either_way(values: list[int | None], descending: bool) -> None:
    there = [place for place, value in enumerate(values) if value is not None]
    there.sort(key=lambda place: -values[place] if descending else values[place])
    missing = [place for place, value in enumerate(values) if value is None]
    assert sort_order(pa.array(values, pa.int64()), descending).to_pylist() == there + missing


@pytest.mark.parametrize(
    ("column", "words", "expected"),
    [
        ("size", "> 3", [1, 4]),
        ("size", ">=3", [0, 1, 4]),
        ("size", "≤ 2", [3, 5]),
        ("size", "< 2", [5]),
        ("size", "= 10", [1, 4]),
        ("size", "10", [1, 4]),
        ("size", "10.0", [1, 4]),
        ("size", "!= 10", [0, 3, 5]),
        ("size", "= 99999999999999999999", []),
        ("size", "missing", [2]),
        ("score", "= 0.1235", [3]),
        ("score", ">= 1,000", [5]),
        ("score", "= 2", [4]),
        ("score", "= 0.123456", [3]),
        ("score", "= 0.123457", []),
        ("score", "= 0.12", []),
        ("score", "< inf", [0, 3, 4, 5]),
        ("score", "= 1e9", [5]),
        ("score", "missing", [1, 2]),
        ("label", "OAK", [0, 5]),
        ("label", "<B>", [4]),
        ("label", "missing", [2]),
        ("label", "oa…", [0, 5]),
        ("good", "yes", [0, 3, 5]),
        ("day", "2020-01-0", [0, 1, 2, 3, 4, 5]),
        ("day", "-09", [0]),
        ("kind", "B", [0, 2]),
        ("embedscope:content", "xxx", [2]),
        ("embedscope:content", "wing", [0]),
        ("embedscope:id", "I3", [3]),
        ("cluster", "ape", [2, 4, 5]),
        ("cluster", "Unclustered", [3]),
        ("label", "   ", [0, 1, 2, 3, 4, 5]),
    ],
)
def test_filters_hold_words_or_compare_numbers(
    page: Any, column: str, words: str, expected: list[int]
) -> None:
    result = page(filters={column: words})
    assert rows_of(result) == expected
    assert result["total"] == len(expected)


def test_filters_add_up_and_pages_follow_each_other(page: Any) -> None:
    assert rows_of(page(filters={"label": "oak", "size": "> 0"})) == [0]
    both = [page(sort="size", offset=offset, limit=2) for offset in (0, 2, 4, 6)]
    assert [rows_of(part) for part in both] == [[5, 3], [0, 1], [4, 2], []]
    assert {part["total"] for part in both} == {6}
    assert rows_of(page(rows=[1, 4], sort="label")) == [4, 1]


def test_nothing_selected_is_an_empty_page_with_its_columns(page: Any) -> None:
    result = page(rows=[], sort="size", filters={"label": "x"})
    assert (result["rows"], result["total"], len(result["columns"])) == ([], 0, 12)


@pytest.mark.parametrize("words", ["> x", "abc", ">", "= ", "< nan", "1 2"])
def test_a_filter_of_numbers_that_is_none_says_what_to_type(page: Any, words: str) -> None:
    with pytest.raises(InputError, match=r"'size' holds numbers .* Type for example \"> 3\""):
        page(filters={"size": words})


@pytest.mark.parametrize(
    "view",
    [
        {"limit": 201},
        {"limit": -1},
        {"offset": -1},
        {"limit": "9"},
        {"filters": ["x"]},
        {"filters": {"size": 3}},
    ],
)
def test_a_view_that_cannot_be_understood_is_refused(page: Any, view: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        page(**view)


def test_unknown_columns_name_the_known_ones(page: Any) -> None:
    with pytest.raises(MissingError, match=r"No column is called 'sise'.*Did you mean 'size'"):
        page(sort="sise")
    with pytest.raises(MissingError, match="'tags'"):
        page(filters={"tags": "a"})


def test_images_and_bare_items_have_their_columns_too(about: Callable[..., Request]) -> None:
    none = Clusters(np.full(2, -1, np.int32), np.zeros(2, np.float32), (), "map", {})
    images = Items.from_images([np.zeros((4, 4), np.uint8)] * 2, ids=[1, 2], columns={"caption": ["B", "a"]})
    bare = Space.from_arrays(np.eye(2), ids=["a", "b"]).items
    for items, names in ((images, ["id", "image", "caption"]), (bare, ["id"])):
        pages = TablePages(
            lambda r: asked_rows(r, np.empty(0, np.uint32), 2), lambda items=items: items, lambda: none
        )
        result = pages(about([0, 1], view={"sort": "", "filters": {}, "offset": 0, "limit": 9})).result
        assert [column["title"] for column in result["columns"]] == names
        assert result["columns"][0]["numeric"] is (items is images)
        assert len(result["rows"]) == 2


def test_a_new_column_is_seen_although_the_order_is_kept(about: Callable[..., Request]) -> None:
    now = [make_items()]
    pages = TablePages(lambda r: asked_rows(r, np.empty(0, np.uint32), 6), lambda: now[0], lambda: CLUSTERS)
    view = {"sort": "label", "filters": {}, "offset": 0, "limit": 3}
    assert rows_of(pages(about(range(6), view=view)).result) == [4, 3, 1]
    now[0] = now[0].with_column("label", list("abcdef"))
    assert rows_of(pages(about(range(6), view=view)).result) == [0, 1, 2]
