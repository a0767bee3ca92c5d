"""The explorer is plain Python on this side, whichever side acts."""

from __future__ import annotations

import csv
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from PIL import Image as PILImage

import embedscope as es
from embedscope._errors import EmbedscopeWarning, InputError, MissingError, StoreError
from embedscope.encoders.protocol import EncoderRecord
from embedscope.items.items import Items
from embedscope.spaces.space import Space
from embedscope.views.explorer import Explorer, explore
from embedscope.views.wire import rows_check


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMBEDSCOPE_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def shown(space, layout, clusters) -> Explorer:
    fresh = Space(space.items, space.source)
    return Explorer(fresh, layout, clusters)


class Page:
    """The front end's end of the channel: asks, and waits for the reply."""

    def __init__(self, view: Explorer, monkeypatch: pytest.MonkeyPatch) -> None:
        self.view, self.count = view, 0
        self.replies: dict[int, tuple[dict[str, Any], list[bytes]]] = {}
        self.changed = threading.Condition()
        monkeypatch.setattr(view, "send", self.receive)

    def receive(self, content: dict[str, Any], buffers: list[bytes]) -> None:
        with self.changed:
            self.replies[content["id"]] = (content, buffers)
            self.changed.notify_all()

    def ask(
        self, kind: str, buffers: Sequence[bytes] = (), **content: Any
    ) -> tuple[dict[str, Any], list[bytes]]:
        with self.changed:
            self.count += 1
            number = self.count
        message = {"type": "request", "id": number, "kind": kind} | content
        self.view._handle_custom_msg(message, [memoryview(part) for part in buffers])
        with self.changed:
            assert self.changed.wait_for(lambda: number in self.replies, 20)
            return self.replies[number]

    def about(self, rows: Sequence[int], kind: str, **content: Any) -> tuple[dict[str, Any], list[bytes]]:
        return self.ask(kind, [np.array(rows, "<u4").tobytes()], **content)


@pytest.fixture
def page(shown: Explorer, monkeypatch: pytest.MonkeyPatch) -> Page:
    return Page(shown, monkeypatch)


def test_it_is_a_map_with_more_panes(shown: Explorer) -> None:
    assert shown.panes == ["search", "map", "neighbors", "table"]
    assert repr(shown) == f"Explorer({shown.universe['facts']})"
    assert shown.items is shown.space.items
    assert set(shown._answers()) == {
        "payload", "original", "neighbors", "search", "composition", "table", "export",
        "save_selection", "apply_selection", "delete_selection", "label_selection",
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["texts", "frame", "polars", "items", "space", "folder"])
def test_anything_can_be_explored(kind: str, tmp_path: Path) -> None:
    texts = [f"the {word} number {i}" for i, word in enumerate(["cat", "dog", "car", "bus", "oak", "elm"])]
    if kind == "folder":
        for i in range(6):
            PILImage.fromarray(np.full((32, 32, 3), 40 * i, np.uint8)).save(tmp_path / f"{i}.png")
    data = {
        "texts": texts,
        "frame": pd.DataFrame({"text": texts, "label": list("aabbcc")}),
        "polars": pl.DataFrame({"text": texts, "label": list("aabbcc")}),
        "items": Items.from_texts(texts),
        "space": Space.from_arrays(np.random.default_rng(0).normal(size=(6, 4))),
        "folder": tmp_path,
    }[kind]
    encoder = None if kind == "space" else Lengths("image" if kind == "folder" else "text")
    view = es.explore(data, encoder=encoder, height=500, title="Mine")
    assert isinstance(view, es.Explorer)
    assert (len(view.space), view.universe["title"], view.height) == (6, "Mine", 500)
    with pytest.raises(InputError, match="leave encoder out"):
        explore(view.space, encoder="x")


class Lengths:
    """An encoder of how long a text or a file is."""

    def __init__(self, *modalities: str) -> None:
        self.record = EncoderRecord("test:lengths", frozenset(modalities), 3)

    def encode(self, payloads: Sequence[Any], *, progress: Any = None, **_: Any) -> np.ndarray:
        if progress is not None:
            progress(len(payloads))
        sizes = [len(p) if isinstance(p, str) else float(np.asarray(p.open()).mean()) for p in payloads]
        rows = [[1.0, size / 7, sum(map(ord, str(size))) / 100] for size in sizes]
        return np.array(rows, np.float32).reshape(-1, 3)


def test_focus_and_query_follow_each_other(shown: Explorer) -> None:
    heard: list[Any] = []
    shown.observe(lambda change: heard.append(change["new"]), "focus")
    shown.focus = "id-7"
    assert list(shown.query.items()) == [("kind", "item"), ("row", 7)]
    shown.set_state({"query": {"kind": "item", "row": 9}})
    assert shown.focus == "id-9"
    shown.set_state({"query": {"kind": "text", "text": "a"}})
    assert (shown.focus, shown.query) == (None, {"kind": "text", "text": "a"})
    shown.focus = "id-1"
    shown.focus = None
    assert shown.query == {}
    assert heard == ["id-7", "id-9", None, "id-1", None]
    with pytest.raises(MissingError, match="'id-99'"):
        shown.focus = "id-99"
    for query in ({"kind": "item", "row": 60}, {"kind": "smell"}, {"kind": "text", "text": 3}, {"row": 3}):
        with pytest.raises(InputError):
            shown.query = query
    assert shown.query == {}


def test_neighbors_are_those_of_what_is_at_hand(shown: Explorer, page: Page) -> None:
    assert shown.neighbors is None
    shown.focus = "id-7"
    assert shown.neighbors.ids == shown.space.neighbors_of("id-7", 12).ids
    shown.n_neighbors = 3
    assert len(shown.neighbors) == 3
    content, _ = page.ask("neighbors", query=shown.query, k=3)
    assert [shown.space.ids[row] for row in content["result"]["rows"]] == list(shown.neighbors.ids)
    shown.query = {"kind": "image", "name": "x.png"}
    assert shown.neighbors is None


def test_find_takes_texts_images_and_vectors(tmp_path: Path) -> None:
    encoder = Lengths("text", "image")
    items = Items.from_texts(["a", "bbbbbb", "c" * 60], ids=[10, 20, 30])
    made = Space.from_arrays(encoder.encode(items.payloads), ids=items.ids, items=items)
    view = explore(Space(items, made.source, encoder.record, loaded=encoder))
    found = view.find("zzzzzz", k=1)
    assert found.ids == (20,)
    assert (view.query, view.focus) == ({"kind": "text", "text": "zzzzzz"}, None)
    view.n_neighbors = 2
    assert len(view.find("q")) == 2
    assert view.neighbors.ids == view.find("q").ids
    PILImage.new("L", (4, 4), 60).save(tmp_path / "x.png")
    assert len(view.find(tmp_path / "x.png", k=2)) == 2
    assert len(view.find(np.ones(3), k=2)) == 2
    view.focus = 30
    assert view.query == {"kind": "item", "row": 2}


def test_an_encoder_of_images_takes_a_path_and_says_what_words_are_for(tmp_path: Path) -> None:
    encoder = Lengths("image")
    for i in range(3):
        PILImage.new("L", (4, 4), 80 * i).save(tmp_path / f"{i}.png")
    items = Items.from_images(tmp_path)
    made = Space.from_arrays(encoder.encode(items.payloads), ids=items.ids, items=items)
    view = explore(Space(items, made.source, encoder.record, loaded=encoder))
    assert view.find(str(tmp_path / "2.png"), k=1).ids == ("2.png",)
    with pytest.raises(InputError, match="reads images only"):
        view.find("a sunset")


def test_one_item_and_vectors_alone_are_explored_too(monkeypatch: pytest.MonkeyPatch) -> None:
    single = explore(Space.from_arrays([[1.0, 2.0]], ids=[5]))
    single.focus = 5
    assert len(single.neighbors) == 0
    single.selection = [5]
    assert single.selected_items.ids == (5,)
    page = Page(single, monkeypatch)
    content, _ = page.ask("neighbors", query={"kind": "text", "text": "a"}, k=3)
    assert not content["ok"]
    assert "vectors alone" in content["error"]
    assert "Type to match names" in content["error"]
    assert page.ask("search", words="5")[0]["result"]["where"] == "ids"
    assert page.about([0], "composition")[0]["ok"]
    assert page.about([0], "table", view={"limit": 5})[0]["result"]["total"] == 1


def test_selections_are_kept_applied_and_told(shown: Explorer, space, layout, clusters) -> None:
    heard: list[Any] = []
    shown.observe(lambda change: heard.append(change["new"]), "saved_selections")
    shown.selections["mine"] = ["id-3", "id-1"]
    assert heard == [[{"name": "mine", "count": 2}]]
    shown.selection = shown.selections["mine"].ids
    assert shown.selected_rows.tolist() == [1, 3]
    other = Explorer(Space(space.items, space.source), layout, clusters)
    assert other.saved_selections == [{"name": "mine", "count": 2}]
    same_space = Explorer(shown.space, layout, clusters)
    del same_space.selections["mine"]
    assert shown.saved_selections == []
    same_space.close()
    shown.selections["again"] = ["id-3"]
    assert same_space.saved_selections == []


def test_the_page_saves_applies_and_deletes(shown: Explorer, page: Page) -> None:
    shown.selection = ["id-2", "id-5"]
    check = rows_check(shown.selected_rows)
    assert page.ask("save_selection", name=" two ", check=check)[0]["ok"]
    assert shown.selections["two"].ids == ("id-2", "id-5")
    assert shown.saved_selections == [{"name": "two", "count": 2}]
    assert page.about([7], "save_selection", name="<b>one</b>")[0]["ok"]
    assert page.ask("apply_selection", name="<b>one</b>")[0]["ok"]
    assert shown.selection == ["id-7"]
    assert page.ask("delete_selection", name="<b>one</b>")[0]["ok"]
    assert list(shown.selections) == ["two"]
    for kind, content, words in (
        ("apply_selection", {"name": "gone"}, "There are: two"),
        ("delete_selection", {"name": "gone"}, "No selection is called 'gone'"),
        ("save_selection", {"name": "", "check": rows_check(shown.selected_rows)}, "1 to 80 characters"),
        ("save_selection", {"name": "x" * 81, "check": rows_check(shown.selected_rows)}, "81 came"),
        ("save_selection", {"check": rows_check(shown.selected_rows)}, "NoneType came"),
    ):
        content, _ = page.ask(kind, **content)
        assert not content["ok"]
        assert words in content["error"]
    assert "Nothing is selected" in page.about([], "save_selection", name="none")[0]["error"]


def test_another_selection_than_the_kernels_is_stale(shown: Explorer, page: Page) -> None:
    shown.selection = ["id-2"]
    stale = rows_check(np.array([3], np.uint32))
    for kind in ("table", "composition", "export", "save_selection", "label_selection"):
        content, _ = page.ask(kind, check=stale, view={}, format="csv", name="x", label="x", column="y")
        assert (content["ok"], content.get("stale")) == (False, True)
    assert len(shown.selections) == 0


def test_the_page_reads_composition_table_and_file(shown: Explorer, page: Page) -> None:
    shown.color_by = "label"
    shown.selection = [f"id-{row}" for row in range(25, 40)]
    check = rows_check(shown.selected_rows)
    parts = page.ask("composition", check=check)[0]["result"]
    assert [part["key"] for part in parts][:2] == ["cluster", "label"]
    python = shown.composition(by="label")
    assert [share["name"] for share in parts[1]["shares"]] == list(python.names)
    assert [share["q_value"] for share in parts[1]["shares"]] == pytest.approx(python.q_values.tolist())
    table = page.ask("table", check=check, view={"filters": {"label": "pine"}, "limit": 4})[0]["result"]
    assert (table["total"], [entry["row"] for entry in table["rows"]]) == (10, [30, 31, 32, 33])
    content, buffers = page.ask("export", check=check, format="csv")
    assert content["result"] is None
    assert buffers[0].decode().count("\n") == 16
    rows = np.frombuffer(page.ask("search", words="NUMBER 5")[1][0], "<u4")
    assert rows.tolist() == [5, *range(50, 60)]


def test_composition_in_python(shown: Explorer) -> None:
    shown.selection = [f"id-{row}" for row in range(30)]
    by_label = shown.composition(by="label")
    assert (by_label.names[0], by_label.counts[0], by_label.totals[0]) == ("oak", 30, 30)
    assert shown.composition().by == "cluster"
    assert set(shown.composition("cluster").names) == {"oak wood", "pine cone", "elm leaf", "unclustered"}
    shown.color_with(["x", "y"] * 30, title="mine")
    assert shown.composition().counts.tolist() == [15, 15]
    assert len(shown.composition("note")) == 60
    with pytest.raises(InputError, match="takes categories"):
        shown.composition("size")
    with pytest.raises(MissingError, match="'lable'"):
        shown.composition("lable")
    shown.selection = []
    with pytest.raises(InputError, match="Nothing is selected"):
        shown.composition("label")


def test_labels_go_into_a_column_that_one_can_colour_by(shown: Explorer, page: Page) -> None:
    before = shown.space
    shown.selection = ["id-1", "id-2"]
    shown.label_selection("odd", column="verdict")
    assert page.about([2, 4], "label_selection", label="<i>fine</i>", column="verdict")[0]["ok"]
    assert shown.items.column("verdict").tolist()[:6] == [
        None,
        "odd",
        "<i>fine</i>",
        None,
        "<i>fine</i>",
        None,
    ]
    assert "verdict" not in before.items.columns.column_names
    assert shown.space.vectors is before.vectors
    assert "verdict" in [choice["key"] for choice in shown.color_choices]
    assert shown.hover_columns[-1] == "verdict"
    shown.color_by = "verdict"
    revision = shown.universe["revision"]
    shown.label_selection(None, column="verdict")
    assert (shown.coloring.names, shown.coloring.counts) == (("<i>fine</i>", "missing"), (1, 59))
    assert shown.universe["revision"] == revision + 1
    assert page.ask("payload", rows=[4])[0]["result"][0]["columns"]["verdict"] == "<i>fine</i>"
    assert shown.selected_items.column("verdict").tolist() == [None, None]
    assert np.frombuffer(page.ask("search", words="fine")[1][0], "<u4").tolist() == [4]


def test_labels_keep_to_the_columns_type(shown: Explorer, page: Page) -> None:
    shown.selection = ["id-1"]
    shown.label_selection("2.5", column="size")
    assert shown.items.column("size")[1] == 2.5
    content, _ = page.about([1], "label_selection", label="big", column="size")
    assert "holds double, which has no place for 'big'" in content["error"]
    shown.color_with(["x", "y"] * 30, title="mine")
    shown.label_selection("z", column="mine")
    assert shown.items.column("mine").tolist()[:3] == ["x", "z", "x"]
    assert (shown.color_by, shown.coloring.names) == ("mine", ("x", "y", "z"))
    assert [choice["key"] for choice in shown.color_choices].count("mine") == 1
    shown.selection = []
    with pytest.raises(InputError, match="Nothing is selected"):
        shown.label_selection("x")


def test_selected_items_are_a_frame_and_a_file(shown: Explorer, tmp_path: Path) -> None:
    shown.selection = ["id-59", "id-0"]
    assert pl.DataFrame(shown.selected_items)["id"].to_list() == ["id-0", "id-59"]
    assert shown.selected_items.to_frame().to_pandas()["label"].tolist() == ["oak", "elm"]
    with shown.export(tmp_path / "two.csv").open(newline="") as file:
        assert [row["cluster"] for row in csv.DictReader(file)] == ["", "elm leaf"]
    assert pd.read_json(shown.export(tmp_path / "two.JSON"))["text"].tolist() == [
        "text number 0",
        "text number 59",
    ]
    assert pl.read_parquet(shown.export(tmp_path / "two.parquet"))["id"].to_list() == ["id-0", "id-59"]
    with pytest.raises(MissingError, match="'xlsx'"):
        shown.export(tmp_path / "two.xlsx")
    shown.selection = []
    assert len(pl.DataFrame(shown.selected_items)) == 0
    with pytest.raises(InputError, match="Nothing is selected"):
        shown.export(tmp_path / "none.csv")


def test_a_cache_that_cannot_be_written_does_not_keep_it_from_opening(
    space, layout, clusters, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("EMBEDSCOPE_CACHE", str(tmp_path / "file"))
    view = Explorer(Space(space.items, space.source), layout, clusters)
    assert view.saved_selections == []
    with pytest.raises(StoreError, match="Set EMBEDSCOPE_CACHE"):
        view.selections["x"] = ["id-1"]


def test_selections_that_cannot_be_read_are_a_warning(space, layout, clusters) -> None:
    fresh = Space(space.items, space.source)
    fresh.selections.path.mkdir(parents=True)
    with pytest.warns(EmbedscopeWarning, match="goes on without saved selections"):
        assert Explorer(fresh, layout, clusters).saved_selections == []


def test_many_threads_that_ask_select_save_and_label_end_in_one_state(shown: Explorer, page: Page) -> None:
    def act(number: int) -> bool:
        row = number % 60
        kind = number % 6
        if kind == 0:
            return page.about([row], "save_selection", name=f"s{number}")[0]["ok"]
        if kind == 1:
            return page.about([row], "label_selection", label=f"l{number}", column="verdict")[0]["ok"]
        if kind == 2:
            shown.selection = [f"id-{row}"]
            return True
        if kind == 3:
            return (
                page.about(range(60), "table", view={"sort": "label", "limit": 9})[0]["result"]["total"] == 60
            )
        if kind == 4:
            return page.ask("neighbors", query={"kind": "item", "row": row}, k=3)[0]["ok"]
        return page.about([row], "composition")[0]["ok"]

    with ThreadPoolExecutor(12) as pool:
        assert all(pool.map(act, range(240)))
    assert len(shown.selections) == 40
    assert {entry["name"] for entry in shown.saved_selections} == {
        f"s{number}" for number in range(0, 240, 6)
    }
    verdicts = shown.items.column("verdict").tolist()
    assert all((verdicts[row] is not None) == (row % 6 == 1) for row in range(60))
    assert shown.selected_rows.tolist() == [int(shown.selection[0].removeprefix("id-"))]
