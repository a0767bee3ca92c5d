"""A start that is killed on the way begins anew; a folder of something else is left alone."""

from __future__ import annotations

import pytest

from embedscope._errors import InputError
from embedscope.training import start as starting
from embedscope.training.start import start
from tests.training.toy_jobs import Count


class Killed(BaseException):
    """As a kill, nothing handles it."""


@pytest.fixture
def launched(monkeypatch) -> list:
    begun = []
    monkeypatch.setattr(starting, "launch", begun.append)
    return begun


def prepare(path) -> None:
    (path / "data").mkdir(exist_ok=True)
    (path / "data" / "train.parquet").write_text("items")


@pytest.mark.parametrize("where", ["prepare", "config", "launch"])
def test_a_kill_before_the_run_is_there_is_no_hindrance(tmp_path, monkeypatch, launched, where):
    folder = tmp_path / "run"

    def killed(path, *_):
        if where == "prepare":
            prepare(path)
        if where == "config":
            (path.parent / f".{path.name}.1234").write_text("{")
        raise Killed

    with monkeypatch.context() as patched:
        if where != "prepare":
            patched.setattr(starting, "replace_json" if where == "config" else "launch", killed)
        with pytest.raises(Killed):
            start(Count(3), folder, killed if where == "prepare" else prepare)
    if where == "launch":
        # The run is there already: it is dead, and goes on.
        monkeypatch.setattr("embedscope.training.run.launch", launched.append)
    run = start(Count(3), folder, prepare)
    assert len(launched) == 1
    assert run.job == "test:count"
    assert (folder / "data" / "train.parquet").read_text() == "items"


@pytest.mark.parametrize("name", ["notes.txt", ".hidden", "config.json.bak"])
def test_a_folder_of_something_else_is_left_alone(tmp_path, launched, name):
    (tmp_path / name).write_text("mine")
    with pytest.raises(InputError, match="is there and holds no run"):
        start(Count(3), tmp_path, prepare)
    assert [file.name for file in tmp_path.iterdir()] == [name]
    assert not launched
