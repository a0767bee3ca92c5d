"""ImageTask: gradients of a batch, whole, in chunks, of few and of none; a validation that loses images."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from embedscope._errors import InputError
from embedscope.training.image_task import ImageTask
from embedscope.training.losses.divergences import DivergenceLoss
from embedscope.training.losses.names import make_loss
from embedscope.training.losses.setting import Setting
from embedscope.training.net_training import class_numbers
from embedscope.training.specialist_losses import SpecialistLoss
from embedscope.training.student import Student, make_student
from embedscope.training.task import Batches, GoesBackward, Task
from embedscope.training.teaching import LabelTeaching, Lessons, SpecialistTeaching
from embedscope.training.vector_snapshots import VectorSnapshots, read_snapshot
from tests.training.pictures import data_of, picture_files, pictures, quick, saved_net


def student_in(folder: Path, said: list[str] | None = None, **options) -> Student:
    """A student of two domains in files."""
    items = {name: picture_files(folder / name, pictures(name)) for name in ("flags", "logos")}
    net = f"trained:{saved_net(folder / 'net')}"
    report = [].append if said is None else said.append
    return make_student(net, quick(**{"trained_blocks": None, **options}), data_of(items), report)


def specialists(student: Student, loss: str = "kl", cross: float = 0.0) -> SpecialistTeaching:
    data, rng = student.data, np.random.default_rng(0)
    domains = data.domain_numbers(data.train)
    vectors = rng.standard_normal((len(data.train), 5)).astype(np.float32)
    held = data.domain_numbers(data.validation)
    validation = tuple(rng.standard_normal((int((held == n).sum()), 5)).astype(np.float32) for n in (0, 1))
    labels = np.zeros(len(domains), np.int64)
    for number in (0, 1):
        mine = np.flatnonzero(domains == number)
        labels[mine] = class_numbers(data.train.take(mine), "label")
    setting = Setting(student.net.dims, tuple(vectors[domains == n] for n in (0, 1)), (4, 4))
    online = Setting(student.net.dims, (np.zeros((2, student.net.width), np.float32),) * 2, (4, 4))
    made = make_loss(loss, online if loss == "udon" else setting)
    known = Lessons(domains, labels, vectors, (5, 5), validation)
    return SpecialistTeaching(made, known, DivergenceLoss(setting), cross)


def labelled(student: Student) -> LabelTeaching:
    data = student.data
    labels = class_numbers(data.train, "domain", "label")
    loss = SpecialistLoss("proxy_anchor", int(labels.max()) + 1, student.net.dims)
    return LabelTeaching(loss, labels, data.domain_numbers(data.train))


def task_of(student: Student, teaching, folder: Path, **options) -> ImageTask:
    data = student.data
    held = data.validation
    snapshots = VectorSnapshots(folder / "snapshots", held.ids, data.domain_numbers(held), lambda: 3)
    labels = class_numbers(data.train, "domain", "label")
    recipe = quick(**{"trained_blocks": None, **options})
    return ImageTask(student, teaching, recipe, snapshots, labels)


def gradients(task: ImageTask, batch) -> tuple[dict[str, torch.Tensor], list[torch.Tensor]]:
    task.optimizer.zero_grad()
    terms = task.backward(batch, torch.Tensor.backward)
    parameters = [p for group in task.optimizer.param_groups for p in group["params"]]
    return dict(terms), [torch.zeros_like(p) if p.grad is None else p.grad.clone() for p in parameters]


def batch_of(*rows: int) -> tuple[np.ndarray, np.ndarray]:
    return np.array(rows, dtype=np.int64), np.zeros(len(rows), dtype=np.int64)


@pytest.mark.parametrize("loss", ["kl", "udon", "labels"])
@pytest.mark.parametrize("blocks", [None, 1])
def test_chunks_give_the_gradients_of_the_whole(tmp_path, loss, blocks):
    torch.manual_seed(0)
    student = student_in(tmp_path, trained_blocks=blocks)
    teaching = labelled(student) if loss == "labels" else specialists(student, loss, cross=0.3)
    task = task_of(student, teaching, tmp_path, trained_blocks=blocks)
    assert isinstance(task, Task)
    assert isinstance(task, GoesBackward)
    assert isinstance(task.batches, Batches)
    batch = batch_of(0, 1, 5, 16, 17, 20, 30)
    whole, wanted = gradients(task, batch)
    in_one = task.loss(batch)
    assert {name: float(term.detach()) for name, term in in_one.items()} == pytest.approx(
        {name: float(term.detach()) for name, term in whole.items()}, rel=1e-6
    )
    assert any(bool(each.any()) for each in wanted)
    parted, found = gradients(task_of(student, teaching, tmp_path, trained_blocks=blocks, chunk=3), batch)
    for mine, theirs in zip(found, wanted, strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-3, atol=1e-5)
    assert set(parted) == set(whole)
    if loss != "labels":
        assert {"loss", "loss/flags", "loss/logos", "across domains"} <= set(whole)


def test_head_body_and_loss_have_rates_of_their_own(tmp_path):
    student = student_in(tmp_path)
    options = {"rate": 1e-3, "head_rate": 5.0, "warmup": 0}
    task = task_of(student, specialists(student, "embedding"), tmp_path, **options)
    assert [group["lr"] for group in task.optimizer.param_groups] == pytest.approx([1e-3, 5e-3, 5e-3])
    assert task.beside is not None
    assert task.optimizer.param_groups[2]["weight_decay"] == 0
    proxies = task_of(student, labelled(student), tmp_path, **options)
    assert [group["lr"] for group in proxies.optimizer.param_groups] == pytest.approx([1e-3, 5e-3, 0.1])
    plain = task_of(student, specialists(student), tmp_path)
    assert (plain.beside, len(plain.optimizer.param_groups), plain.steps) == (None, 2, 4)


def test_a_batch_that_loses_images_is_the_batch_without_them(tmp_path):
    said = []
    student = student_in(tmp_path, said)
    task = task_of(student, specialists(student), tmp_path)
    _, wanted = gradients(task, batch_of(0, 1, 2))
    lost = student.data.train.ids[3]
    (tmp_path / "flags" / f"{lost}.png").unlink()
    for _ in range(2):
        terms, found = gradients(task, batch_of(0, 1, 2, 3))
        assert all(torch.equal(a, b) for a, b in zip(found, wanted, strict=True))
    assert "loss/flags" in terms
    (told,) = said
    assert f"Item {lost!r} (" in told


@pytest.mark.parametrize("teaching", [specialists, labelled])
def test_a_batch_of_one_and_of_none_break_nothing(tmp_path, teaching):
    student = student_in(tmp_path)
    task = task_of(student, teaching(student), tmp_path)
    for file in (tmp_path / "flags").iterdir():
        file.unlink()
    terms, found = gradients(task, batch_of(0, 20))
    assert float(terms["loss"].detach()) >= 0
    assert all(bool(each.isfinite().all()) for each in found)
    terms, found = gradients(task, batch_of(0, 1))
    assert terms == {}
    assert not any(bool(each.any()) for each in found)
    for _ in range(8):
        gradients(task, batch_of(0, 1))
    # One that can be read begins the count anew.
    gradients(task, batch_of(20, 21))
    for _ in range(9):
        gradients(task, batch_of(0, 1))
    with pytest.raises(InputError, match="Not one image of 10 batches in a row can be read"):
        gradients(task, batch_of(0, 1))


def test_a_loss_driven_sampler_hears_of_every_domain(tmp_path):
    student = student_in(tmp_path)
    task = task_of(student, specialists(student), tmp_path, sampler="loss")
    terms, _ = gradients(task, batch_of(0, 1, 16, 17))
    heard = task.batches.state_dict()["batches"]["sampler"]
    assert heard["sums"] == [float(terms["loss/flags"]), float(terms["loss/logos"])]
    assert heard["seen"] == [1, 1]
    deaf = task_of(student, specialists(student), tmp_path)
    gradients(deaf, batch_of(0, 1, 16, 17))
    assert deaf.batches.state_dict()["batches"]["sampler"]["seen"] == [0, 0]


def test_a_validation_goes_on_without_an_image_that_is_lost(tmp_path):
    said = []
    student = student_in(tmp_path, said)
    task = task_of(student, specialists(student), tmp_path)
    with torch.no_grad():
        whole = task.validate()
        held = student.data.validation
        names = {"recall_at_1", "map_at_r", "merged_recall_at_1"}
        names |= {f"{name}/{domain}" for name in ("recall_at_1", "kl") for domain in ("flags", "logos")}
        assert set(whole) == names
        (tmp_path / "flags" / f"{held.ids[2]}.png").write_bytes(b"")
        fewer = task.validate()
    assert set(fewer) == names
    assert fewer["kl/flags"] != pytest.approx(whole["kl/flags"], rel=1e-5)
    assert fewer["kl/logos"] == pytest.approx(whole["kl/logos"], rel=1e-5)
    assert read_snapshot(tmp_path / "snapshots", 3)[0] == [v for v in held.ids if v != held.ids[2]]
    (told,) = said
    assert f"Item {held.ids[2]!r} (" in told
