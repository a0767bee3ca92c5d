"""Named selections live with their space, whoever changes them and whatever happens to the file."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from embedscope._errors import EmbedscopeWarning, InputError, MissingError, StoreError
from embedscope.spaces.selections import Selection, clean_name
from embedscope.spaces.space import Space

NAMES = ["a", "b", "c", "d", "e"]


@pytest.fixture
def space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Space:
    monkeypatch.setenv("EMBEDSCOPE_CACHE", str(tmp_path / "cache"))
    return make()


def make(ids: list = NAMES) -> Space:
    return Space.from_arrays(np.random.default_rng(0).normal(size=(5, 3)), ids=ids)


def test_a_selection_is_ids_in_the_spaces_order(space: Space) -> None:
    space.selections["  odd\n ones "] = ["c", "a", "c"]
    assert list(space.selections) == ["odd ones"]
    assert space.selections["odd ones"] == Selection("odd ones", ("a", "c"))
    assert repr(space.selections["odd ones"]) == "Selection('odd ones', 2 items)"
    assert "odd ones" in repr(space.selections)
    space.selections["copy"] = space.selections["odd ones"]
    space.selections["none"] = []
    assert {name: len(chosen) for name, chosen in space.selections.items()} == {
        "odd ones": 2,
        "copy": 2,
        "none": 0,
    }
    del space.selections["copy"]
    assert space.selections.pop("none").ids == ()
    assert list(space.selections) == ["odd ones"]


def test_what_is_not_there_is_a_missing_error_that_mappings_understand(space: Space) -> None:
    with pytest.raises(MissingError, match=r"No selection is called 'x'. There is none yet."):
        space.selections["x"]
    assert "x" not in space.selections
    assert space.selections.get("x") is None
    with pytest.raises(KeyError):
        del space.selections["x"]
    space.selections["y"] = ["a"]
    with pytest.raises(MissingError, match="There are: y"):
        space.selections["x"]


def test_ids_must_be_the_spaces_and_names_must_be_names(space: Space) -> None:
    with pytest.raises(MissingError, match="'z'"):
        space.selections["x"] = ["a", "z"]
    with pytest.raises(InputError, match="a single text"):
        space.selections["x"] = "abc"
    for name in ("", "  ", "\x00", "x" * 81):
        with pytest.raises(InputError, match="A name"):
            space.selections[name] = ["a"]
    with pytest.raises(InputError, match="A name is a text; int came"):
        clean_name(3)
    assert len(space.selections) == 0
    assert clean_name("<b>\u202e x\ud800") == "<b>\u202e x"
    assert clean_name("e\u0301") == "é"


def test_the_same_data_made_again_has_them_and_other_data_has_not(space: Space) -> None:
    space.selections["x"] = ["b"]
    assert make().selections["x"].ids == ("b",)
    assert len(make([1, 2, 3, 4, 5]).selections) == 0
    assert len(space.subset(["a", "b"]).selections) == 0
    assert len(space.truncate(2).selections) == 0


def test_ids_of_int_stay_int(space: Space) -> None:
    numbered = make([1, 2, 3, 4, 5])
    numbered.selections["x"] = np.array([5, 2])
    again = make([1, 2, 3, 4, 5]).selections["x"]
    assert again.ids == (2, 5)
    assert all(type(value) is int for value in again.ids)


def test_a_saved_space_takes_them_along_and_keeps_later_ones(space: Space, tmp_path: Path) -> None:
    space.selections["x"] = ["b"]
    space.save(tmp_path / "saved")
    space.selections["y"] = ["c"]
    loaded = Space.load(tmp_path / "saved")
    assert {name: chosen.ids for name, chosen in loaded.selections.items()} == {"x": ("b",), "y": ("c",)}
    loaded.selections["z"] = ["d"]
    assert space.selections["z"].ids == ("d",)
    assert loaded.selections.path == tmp_path / "saved" / "selections.json"


def test_encoding_and_saving_once_more_loses_none(space: Space, tmp_path: Path) -> None:
    space.save(tmp_path / "saved")
    space.selections["x"] = ["b"]
    again = make()
    again.selections["y"] = ["a"]
    again.save(tmp_path / "saved")
    assert set(Space.load(tmp_path / "saved").selections) == {"x", "y"}
    other = make([1, 2, 3, 4, 5])
    other.save(tmp_path / "saved")
    assert len(Space.load(tmp_path / "saved").selections) == 0


def test_a_column_more_shares_the_selections_and_what_is_computed(space: Space) -> None:
    space.neighbors(2)
    space.selections["x"] = ["b"]
    labelled = space.with_column("label", list("pqrst"))
    assert labelled.selections is space.selections
    assert labelled.known_neighbors is space.known_neighbors
    assert labelled.vectors is space.vectors
    assert "label" not in space.items.columns.column_names


def test_observers_hear_of_changes_from_here_and_from_elsewhere(space: Space) -> None:
    heard: list[list[str]] = []
    stop = space.selections.observe(lambda: heard.append(sorted(space.selections)))
    space.selections["x"] = ["a"]
    del space.selections["x"]
    assert heard == [["x"], []]
    make().selections["far"] = ["a"]
    assert "far" in space.selections
    assert heard[-1] == ["far"]
    stop()
    stop()
    space.selections["y"] = ["a"]
    assert len(heard) == 3


@pytest.mark.parametrize(
    "content",
    [
        "{not json",
        "[]",
        '{"format": 2, "selections": {}}',
        '{"format": 1}',
        '{"format": 1, "selections": {"x": ["zz"]}}',
        '{"format": 1, "selections": {"x": [true]}}',
        '{"format": 1, "selections": {"x": [["a"]]}}',
        '{"format": 1, "selections": {"x": "abc"}}',
        "\x00\x01",
    ],
)
def test_a_damaged_file_is_kept_aside_with_a_warning(space: Space, content: str) -> None:
    path = space.selections.path
    path.parent.mkdir(parents=True)
    path.write_text(content)
    with pytest.warns(EmbedscopeWarning, match=r"cannot be used: .* kept as selections\.damaged-"):
        assert len(space.selections) == 0
    (aside,) = path.parent.glob("selections.damaged-*.json")
    assert aside.read_text() == content
    space.selections["new"] = ["a"]
    assert make().selections["new"].ids == ("a",)


def test_a_file_that_is_damaged_while_one_works_is_kept_aside_too(space: Space) -> None:
    space.selections["x"] = ["a"]
    space.selections.path.write_bytes(b'{"format": 1, "sel')
    with pytest.warns(EmbedscopeWarning, match="kept as"):
        space.selections["y"] = ["b"]
    assert list(space.selections) == ["y"]


def test_a_folder_that_is_gone_is_said_and_not_half_made(space: Space, tmp_path: Path) -> None:
    space.save(tmp_path / "saved")
    (tmp_path / "saved").rename(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match=r"cannot be written .* Save the space to a folder"):
        space.selections["x"] = ["a"]
    assert not (tmp_path / "saved").exists()


def test_threads_and_processes_lose_nothing_of_each_other(space: Space, tmp_path: Path) -> None:
    place = space.save(tmp_path / "saved")
    program = (
        "import sys; from embedscope.spaces.space import Space; s = Space.load(sys.argv[1])\n"
        "for i in range(15): s.selections[f'{sys.argv[2]} {i}'] = ['a', 'b']"
    )
    others = [subprocess.Popen([sys.executable, "-c", program, str(place), name]) for name in ("p", "q")]

    def save(number: int) -> None:
        (space if number % 2 else Space.load(place)).selections[f"t {number}"] = ["c"]

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(save, range(30)))
    assert [other.wait(120) for other in others] == [0, 0]
    assert len(space.selections) == 60
    assert len(json.loads(space.selections.path.read_text())["selections"]) == 60
    leftovers = {path.name for path in place.iterdir()}
    assert not [
        name for name in leftovers if name.startswith(".selections.json.") and not name.endswith(".lock")
    ]


def test_a_reader_never_sees_half_a_file(space: Space, tmp_path: Path) -> None:
    place = space.save(tmp_path / "saved")
    ended, seen = threading.Event(), []

    def read() -> None:
        while not ended.is_set():
            seen.append(len(Space.load(place).selections))

    thread = threading.Thread(target=read)
    thread.start()
    for number in range(40):
        space.selections[f"s {number}"] = NAMES
    ended.set()
    thread.join(30)
    assert seen == sorted(seen)
    assert len(space.selections) == 40
