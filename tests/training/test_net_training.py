"""What the jobs that train nets share."""

from __future__ import annotations

import pytest

from embedscope.training.net_training import class_numbers, describe, open_student
from embedscope.training.unreadable import read_left_out
from tests.training.pictures import data_of, picture_files, pictures, quick, saved_net, two_domains
from tests.training.toy_training import desk_in


def test_classes_are_numbered_by_all_columns():
    train = data_of(two_domains(), None).train
    numbers = class_numbers(train, "domain", "label")
    assert numbers.tolist() == [row // 4 for row in range(48)]
    assert class_numbers(train, "label").tolist() == [row // 4 % 6 for row in range(48)]
    assert class_numbers(train.take([]), "label").tolist() == []


@pytest.mark.parametrize("blocks", [1, None])
def test_what_is_left_out_is_settled_by_the_first_start(tmp_path, blocks):
    items = picture_files(tmp_path / "files", pictures("flags"))
    data = data_of(items)
    lost = tmp_path / "files" / f"{data.train.ids[0]}.png"
    content = lost.read_bytes()
    lost.write_bytes(b"broken")
    path = tmp_path / "run"
    data.save(path)
    desk, net = desk_in(path), f"trained:{saved_net(tmp_path / 'net')}"
    first = open_student(desk, net, quick(trained_blocks=blocks))
    assert read_left_out(path / "data") == {"train": [data.train.ids[0]], "validation": []}
    # It comes back: a resume is on what the run began with.
    lost.write_bytes(content)
    again = open_student(desk, net, quick(trained_blocks=blocks))
    assert again.data.fingerprint == first.data.fingerprint
    facts = describe(again, 7)
    desk.close()
    assert facts["train"] == [{"images": 15, "classes": 4}]
    assert facts["validation"] == [{"images": 8, "classes": 2}]
    assert (facts["domains"], facts["dims"], facts["steps"]) == (["flags"], 8, 7)
    assert (facts["trained_parameters"] == facts["parameters"]) == (blocks is None)
