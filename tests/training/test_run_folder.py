"""The files of a run's folder: whole at every moment."""

from __future__ import annotations

import errno
import threading

import pytest

from embedscope._errors import MissingError, StoreError
from embedscope.training import run_folder
from embedscope.training.run_folder import RunFolder, read_json, replace_json


def test_what_is_written_is_read(tmp_path) -> None:
    replace_json(tmp_path / "a.json", {"want": "run", "ünï": [1, 2.5, None]})
    assert read_json(tmp_path / "a.json") == {"want": "run", "ünï": [1, 2.5, None]}
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_a_reader_never_sees_half_a_file(tmp_path) -> None:
    path = tmp_path / "a.json"
    replace_json(path, {"n": 0, "much": ["x"] * 5000})
    over = threading.Event()

    def write() -> None:
        for n in range(60):
            replace_json(path, {"n": n, "much": ["x"] * 5000})
        over.set()

    writer = threading.Thread(target=write)
    writer.start()
    reads = 0
    while not over.is_set():
        assert len(read_json(path)["much"]) == 5000
        reads += 1
    writer.join()
    assert reads > 5


def test_a_full_disk_leaves_the_old_content(tmp_path, monkeypatch) -> None:
    path = tmp_path / "a.json"
    replace_json(path, {"n": 1})

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(run_folder.os, "fsync", full)
    with pytest.raises(StoreError, match="No space left"):
        replace_json(path, {"n": 2})
    assert read_json(path) == {"n": 1}
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.json"]


def test_what_cannot_be_read_is_named(tmp_path) -> None:
    with pytest.raises(MissingError, match=r"no a\.json in"):
        read_json(tmp_path / "a.json")
    (tmp_path / "a.json").write_text('{"n": ')
    with pytest.raises(StoreError, match="cannot be read"):
        read_json(tmp_path / "a.json")
    (tmp_path / "a.json").write_text("[1]")
    with pytest.raises(StoreError, match="holds a list"):
        read_json(tmp_path / "a.json")


def test_a_folder_has_a_run_when_it_has_a_config(tmp_path) -> None:
    folder = RunFolder(tmp_path)
    assert not folder.has_run
    replace_json(folder.config, {})
    assert folder.has_run
