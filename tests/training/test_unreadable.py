"""Images that cannot be read: named, left out once, and for good."""

from __future__ import annotations

import pytest

from embedscope._errors import InputError, StoreError
from embedscope.training.training_data import TrainingData
from embedscope.training.unreadable import (
    keep_left_out,
    read_left_out,
    readable,
    refuse_unreadable,
    without_unreadable,
)
from tests.training.pictures import data_of, picture_files, pictures


@pytest.fixture
def data(tmp_path) -> TrainingData:
    """Two domains in files: of the first, one is cut off and one is gone; one of the validation is a text."""
    items = {name: picture_files(tmp_path / name, pictures(name)) for name in ("flags", "logos")}
    made = data_of(items)
    cut, gone = (tmp_path / "flags" / f"{value}.png" for value in made.train.ids[1:3])
    cut.write_bytes(cut.read_bytes()[:80])
    gone.unlink()
    (tmp_path / "logos" / f"{made.validation.ids[-1]}.png").write_text("no picture")
    return made


def test_each_is_told_by_its_id_and_path(data):
    said = []
    kept = readable(data.train, said.append)
    assert [row for row in range(len(kept)) if not kept[row]] == [1, 2]
    assert f"Item {data.train.ids[1]!r} (" in said[0]
    assert f"{data.train.ids[1]}.png) cannot be read as an image and is left out: " in said[0]
    assert said[1].endswith("and is left out: No such file or directory.")
    assert readable(data.train.take(kept), said.append).all()
    assert len(said) == 2


def test_they_are_left_out_of_both_parts(data):
    said = []
    left = without_unreadable(data, said.append)
    assert len(said) == 3
    assert [value for value in data.train.ids if value not in left.train.ids] == list(data.train.ids[1:3])
    assert left.validation.ids == data.validation.ids[:-1]
    assert without_unreadable(left, said.append) is left
    assert len(said) == 3


def test_a_domain_that_is_gone_altogether_is_an_error(data, tmp_path):
    for file in (tmp_path / "logos").iterdir():
        file.write_bytes(b"")
    with pytest.raises(InputError, match="Not one image to train on of the domain 'logos' can be read"):
        without_unreadable(data, lambda _: None)


def test_what_is_left_out_is_written_down(data, tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    assert read_left_out(folder) is None
    left = without_unreadable(data, lambda _: None)
    keep_left_out(folder, data, left)
    again = data.without(read_left_out(folder))
    assert (again.train.ids, again.validation.ids) == (left.train.ids, left.validation.ids)
    (folder / "left_out.json").write_text("[")
    with pytest.raises(StoreError, match=r"left_out\.json cannot be read"):
        read_left_out(folder)


def test_one_that_was_there_is_asked_for(data):
    cause = OSError("gone")
    with pytest.raises(
        InputError, match=rf"Item {data.train.ids[1]!r} .* Put it back, or leave it out"
    ) as raised:
        refuse_unreadable(data.train, cause)
    assert raised.value.__cause__ is cause
    refuse_unreadable(data.train.take([0]), cause)
