"""A distillation whose images cannot be read, from the start or while it trains."""

from __future__ import annotations

import pytest

from embedscope.training.distill_job import DistillJob
from embedscope.training.events import read_events
from embedscope.training.image_task import ImageTask
from tests.training.pictures import data_of, notes, picture_files, quick, saved_net, told, two_domains, work


@pytest.mark.parametrize("blocks", [None, 1])
def test_images_that_cannot_be_read_are_told_once_and_left_out(tmp_path, blocks):
    items = {name: picture_files(tmp_path / name, part) for name, part in two_domains().items()}
    data, net = data_of(items), saved_net(tmp_path / "net")
    lost = [data.train.ids[0], data.validation.ids[-1]]
    (tmp_path / "flags" / f"{lost[0]}.png").write_bytes(b"broken")
    (tmp_path / "logos" / f"{lost[1]}.png").unlink()
    path = tmp_path / "run"
    recipe = quick(trained_blocks=blocks, steps=12, n_classes=4, per_class=4)
    job = DistillJob("", dict.fromkeys(items, f"trained:{net}"), f"trained:{net}", "kl", {}, recipe)
    assert work(path, job, data) == "done"
    said = notes(path)
    assert [sum(repr(value) in text for text in said) for value in lost] == [1, 1]
    assert len(said) == 2
    # Before the first step, and what is trained on is told without them.
    events = [event["kind"] for event in read_events(path / "events.jsonl").events]
    assert events.index("data") > max(row for row, kind in enumerate(events) if kind == "note")
    assert [part["images"] for part in told(path, "data")[0]["train"]] == [15, 16]
    assert [part["images"] for part in told(path, "data")[0]["validation"]] == [8, 7]


def test_an_image_that_is_lost_while_it_trains_is_told_once(tmp_path, monkeypatch):
    items = {name: picture_files(tmp_path / name, part) for name, part in two_domains().items()}
    data, net = data_of(items), saved_net(tmp_path / "net")
    lost = data.train.ids[0]
    real = ImageTask.backward

    def losing(task, batch, backward):
        (tmp_path / "flags" / f"{lost}.png").unlink(missing_ok=True)
        return real(task, batch, backward)

    monkeypatch.setattr(ImageTask, "backward", losing)
    path = tmp_path / "run"
    recipe = quick(trained_blocks=None, steps=12, n_classes=4, per_class=4)
    job = DistillJob("", dict.fromkeys(items, f"trained:{net}"), f"trained:{net}", "kl", {}, recipe)
    assert work(path, job, data) == "done"
    (said,) = notes(path)
    assert repr(lost) in said
    assert told(path, "note")[0]["step"] >= 0
    assert len(told(path, "loss")) == 12
    assert [part["images"] for part in told(path, "data")[0]["train"]] == [16, 16]
