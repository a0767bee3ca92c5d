"""Distilling, in this process: every loss trains, and what is told of it is true."""

from __future__ import annotations

import numpy as np
import pytest

from embedscope import Space
from embedscope.training.distill_job import DistillJob
from embedscope.training.gathered import gather
from embedscope.training.losses.names import LOSSES
from embedscope.training.teachers import as_teacher, keep_teachers
from tests.training.pictures import quick, saved_net, told, two_domains, work


def spaces_of(data, dims=(5, 3)) -> dict[str, Space]:
    """A random vector for each item of each domain, of unlike lengths."""
    rng = np.random.default_rng(5)
    found = {}
    for name, wide in zip(data, dims, strict=True):
        vectors = rng.standard_normal((len(data[name]), wide)).astype(np.float32)
        found[name] = Space.from_arrays(vectors, ids=list(data[name].ids))
    return found


@pytest.fixture
def prepared(tmp_path):
    """A folder with the items and the specialists' vectors, and what makes a job for it."""
    items = two_domains()
    gathered = gather(items, 0.34)
    teachers = {name: as_teacher(space, name, gathered, None) for name, space in spaces_of(items).items()}
    net = saved_net(tmp_path / "net")

    def begin(name: str = "run", loss: str = "kl", loss_options=None, student: str | None = None, **recipe):
        path = tmp_path / name
        path.mkdir(exist_ok=True)
        gathered.joined().save(path)
        keep_teachers(teachers, path / "teachers")
        sources = {name: teacher.source for name, teacher in teachers.items()}
        job = DistillJob("", sources, student or f"trained:{net}", loss, loss_options or {}, quick(**recipe))
        return path, job

    return begin


@pytest.mark.parametrize("mixed", [False, True])
@pytest.mark.parametrize("loss", sorted(LOSSES))
def test_every_loss_trains(prepared, loss, mixed):
    path, job = prepared(loss=loss, mixed=mixed, validations=1, steps=3, head_rate=100.0)
    assert work(path, job) == "done"
    (data,) = told(path, "data")
    assert (data["domains"], data["steps"]) == (["flags", "logos"], 3)
    assert data["train"] == [{"images": 16, "classes": 4}] * 2
    losses = told(path, "loss")
    assert [event["step"] for event in losses] == [1, 2, 3]
    assert {name for event in losses for name in event} >= {"loss", "loss/flags", "loss/logos"} - (
        set() if mixed else {"loss/flags", "loss/logos"}
    )
    validations = told(path, "validation")
    assert [event["step"] for event in validations] == [0, 3]
    for event in validations:
        assert {
            "recall_at_1/flags",
            "recall_at_1/logos",
            "merged_recall_at_1",
            "kl/flags",
            "kl/logos",
        } <= set(event)
