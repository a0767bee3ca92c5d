"""A selection is ids in Python and rows on the wire, and either side may set it."""

from __future__ import annotations

import time

import numpy as np
import pytest

from embedscope._errors import InputError, MissingError
from embedscope.items.items import Items
from embedscope.views.selecting import Selecting
from embedscope.views.wire import from_wire, rows_to_wire


@pytest.fixture
def view() -> Selecting:
    return Selecting(
        Items.from_texts(list("abcde"), ids=[10, 11, 12, 13, 14], columns={"letter": list("abcde")})
    )


def from_page(view: Selecting, rows: list[int]) -> None:
    """Set the rows as a message of the front end does."""
    wire = rows_to_wire(np.array(rows, np.uint32))
    view.set_state({"selection_rows": wire | {"data": memoryview(wire["data"])}})


def test_python_sets_it_and_the_rows_follow(view: Selecting) -> None:
    assert view.selection == []
    view.selection = [13, 11, 13]
    assert view.selection == [11, 13]
    assert from_wire(view.selection_rows).tolist() == [1, 3]
    assert view.selected_rows.tolist() == [1, 3]
    assert view.selected_items.column("letter").tolist() == ["b", "d"]
    view.selection = []
    assert view.selected_rows.tolist() == []


def test_the_page_sets_it_and_whoever_observes_hears_once(view: Selecting) -> None:
    heard = []
    view.observe(lambda change: heard.append(change["new"]), "selection")
    from_page(view, [0, 4])
    assert view.selection == [10, 14]
    from_page(view, [0, 4])
    from_page(view, [])
    assert heard == [[10, 14], []]


def test_an_unknown_id_changes_nothing(view: Selecting) -> None:
    view.selection = [12]
    with pytest.raises(MissingError, match="99"):
        view.selection = [10, 99]
    assert view.selection == [12]
    assert view.selected_rows.tolist() == [2]


def test_rows_past_the_items_are_an_error_and_the_ids_stay(view: Selecting) -> None:
    view.selection = [12]
    with pytest.raises(InputError, match="row 5, and there are 5 items"):
        from_page(view, [5])
    assert view.selection == [12]


def test_a_tuple_of_ids_selects_too(view: Selecting) -> None:
    view.selection = (10, 14)
    assert view.selection == [10, 14]


def test_what_the_page_sets_is_not_sent_back(view: Selecting, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = []
    monkeypatch.setattr(view, "_send", lambda message, buffers=None: sent.append(message))
    from_page(view, [1, 2])
    assert [message for message in sent if message.get("method") == "update"] == []
    view.selection = [10]
    assert [message["state"].keys() for message in sent if message.get("method") == "update"] == [
        {"selection_rows"}
    ]


def test_three_hundred_thousand_rows_take_well_under_a_second() -> None:
    many = Selecting(Items.from_texts(["x"] * 300_000))
    start = time.perf_counter()
    from_page(many, list(range(300_000)))
    assert len(many.selection) == 300_000
    assert time.perf_counter() - start < 1
