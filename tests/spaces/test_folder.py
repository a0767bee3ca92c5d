"""A saved space's folder: whole or not there, and clear about what is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import embedscope
from embedscope._errors import InputError, MissingError, StoreError
from embedscope.encoders.protocol import EncoderRecord
from embedscope.items.problems import Problem
from embedscope.spaces import folder


def test_an_encoders_record_comes_back_through_json() -> None:
    record = EncoderRecord("x", frozenset({"text", "image"}), 8, {"prompts": {"query": "q: "}}, "MIT", True)
    back = folder.record_from_json(json.loads(json.dumps(folder.record_to_json(record))))
    assert back == record
    assert folder.record_from_json(folder.record_to_json(None)) is None


def test_problems_come_back() -> None:
    assert folder.problems_from_json([{"id": 3, "reason": "it is empty", "row": 3}]) == (
        Problem(3, "it is empty", 3),
    )


def test_npy_written_in_chunks_is_what_numpy_writes(vectors: np.ndarray, tmp_path: Path) -> None:
    folder.write_npy(tmp_path / "v.npy", (40, 8), [vectors[:7], vectors[7:7], vectors[7:]])
    np.testing.assert_array_equal(np.load(tmp_path / "v.npy"), vectors)
    np.save(tmp_path / "numpy.npy", vectors)
    assert (tmp_path / "v.npy").read_bytes() == (tmp_path / "numpy.npy").read_bytes()


def write_record(place: Path, **values: object) -> None:
    (place / folder.RECORD).write_text(json.dumps(values))


def test_a_newer_version_is_named_with_what_to_type(tmp_path: Path) -> None:
    write_record(tmp_path, format=99, embedscope="7.1.0")
    with pytest.raises(InputError, match=r"saved by embedscope 7.1.0 in format 99") as caught:
        folder.read_record(tmp_path)
    assert embedscope.__version__ in str(caught.value)
    assert "pip install -U embedscope" in str(caught.value)


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"format": "one"}'])
def test_a_damaged_record_is_a_clear_error(content: str, tmp_path: Path) -> None:
    (tmp_path / folder.RECORD).write_text(content)
    with pytest.raises(StoreError, match="is damaged"):
        folder.read_record(tmp_path)


def test_a_folder_without_a_space_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match=r"Space\.save\(folder\)"):
        folder.read_record(tmp_path)


@pytest.mark.parametrize("content", [None, b"", b"PAR1 junk PAR1"])
def test_damaged_items_are_a_clear_error(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / folder.ITEMS).write_bytes(content)
    with pytest.raises(StoreError, match="cannot be read"):
        folder.read_items(tmp_path)


def test_a_new_folder_appears_whole(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "space"
    with folder.NewFolder(target) as fresh:
        write_record(fresh, format=1)
        assert not target.exists()
    assert [file.name for file in target.iterdir()] == [folder.RECORD]
    assert list(target.parent.iterdir()) == [target]


def test_an_older_space_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "space"
    with folder.NewFolder(target) as fresh:
        write_record(fresh, format=1, age="old")

    def fail() -> None:
        with folder.NewFolder(target) as fresh:
            write_record(fresh, format=1, age="new")
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        fail()
    assert folder.read_record(target)["age"] == "old"
    with folder.NewFolder(target) as fresh:
        write_record(fresh, format=1, age="new")
    assert folder.read_record(target)["age"] == "new"
    assert list(tmp_path.iterdir()) == [target]


def test_something_else_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("three years")
    for target in (tmp_path, tmp_path / "thesis.txt"):
        with pytest.raises(InputError, match="no saved space"):
            folder.NewFolder(target)
    assert (tmp_path / "thesis.txt").read_text() == "three years"
    (tmp_path / "empty").mkdir()
    with folder.NewFolder(tmp_path / "empty") as fresh:
        write_record(fresh, format=1)
    assert folder.read_record(tmp_path / "empty") == {"format": 1}
