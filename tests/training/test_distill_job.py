"""Distilling, in this process: every loss trains, and what is told of it is true."""

from __future__ import annotations

import errno
from dataclasses import replace

import numpy as np
import pytest
import torch

from embedscope import Space, load_encoder
from embedscope._errors import StoreError
from embedscope.comparison.bandwidth import Bandwidth, mean_distance
from embedscope.comparison.divergence import divergence
from embedscope.comparison.groups import Groups
from embedscope.comparison.neighborhoods import Neighborhoods
from embedscope.encoders.net_files import load_net
from embedscope.training import state_files
from embedscope.training.checkpoint_files import checkpoint_steps
from embedscope.training.control import write_want
from embedscope.training.distill_job import DistillJob
from embedscope.training.gathered import gather
from embedscope.training.losses.names import LOSSES
from embedscope.training.losses_json import options_to_json
from embedscope.training.teachers import as_teacher, keep_teachers
from embedscope.training.training_data import TrainingData
from embedscope.training.vector_snapshots import read_snapshot, snapshot_steps
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
    teachers = {name: as_teacher(space, name, gathered) for name, space in spaces_of(items).items()}
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


def test_the_best_net_is_left_and_loads(prepared):
    path, job = prepared(steps=6, validations=3, rate=3e-3)
    assert work(path, job) == "done"
    events = told(path, "validation")
    best = max(event["recall_at_1"] for event in events)
    (step,) = [event["step"] for event in events if event["is_best"]][-1:]
    encoder = load_encoder(str(path / "model"))
    held = TrainingData.load(path / "data").validation
    vectors = encoder.encode(held.payloads)
    assert vectors.shape == (16, 8)
    ids, kept = read_snapshot(path / "snapshots", step)
    assert (ids, snapshot_steps(path / "snapshots")) == (list(held.ids), [0, 2, 4, 6])
    np.testing.assert_allclose(kept, vectors, atol=0.01)
    assert events[[event["step"] for event in events].index(step)]["recall_at_1"] == best


@pytest.mark.filterwarnings("ignore:The .* anchors have a median")
@pytest.mark.parametrize("loss", ["kl", "reverse_kl", "js", "rkd"])
def test_kl_of_a_validation_is_the_divergence_that_the_comparison_finds(prepared, loss):
    rules = {"bandwidth": Bandwidth.fixed(0.7), "student_bandwidth": Bandwidth.fixed(0.02)}
    given = {} if loss == "rkd" else options_to_json(rules)
    path, job = prepared(loss=loss, loss_options=given, steps=1, validations=1)
    work(path, job)
    data = TrainingData.load(path / "data")
    for name in data.domains:
        held = data.validation.take(data.validation.column("domain") == name)
        student = load_encoder(job.student).encode(held.payloads)
        teacher = Space.load(path / "teachers" / name).subset(held.ids).vectors
        if loss == "rkd":
            mine = data.train.take(data.train.column("domain") == name)
            known = Space.load(path / "teachers" / name).subset(mine.ids).vectors
            sigma = 0.125 * mean_distance(np.asarray(known), "cosine")
            sides = Bandwidth.fixed(sigma), Bandwidth.fixed(0.16)
        else:
            sides = tuple(rules.values())
        spaces = [Neighborhoods.of(x, rule) for x, rule in zip((teacher, student), sides, strict=True)]
        alike = Groups(np.zeros(len(held), np.int64), ("all",))
        wanted = divergence(*spaces, alike, device="cpu", dtype="float64").mean_kl
        assert told(path, "validation")[0][f"kl/{name}"] == pytest.approx(wanted, rel=2e-4, abs=1e-6)


def test_udon_trains_its_heads_and_the_net(prepared):
    path, job = prepared(loss="udon", steps=30, validations=0, rate=1e-3, head_rate=10.0, n_classes=4)
    work(path, job)
    losses = [event["loss"] for event in told(path, "loss")]
    assert sum(losses[-5:]) < 0.8 * sum(losses[:5])
    names = {"student classes", "teacher classes", "logits", "similarity"}
    assert all(names <= set(event) for event in told(path, "loss"))
    before, after = load_net(job.student.partition(":")[2]), load_net(path / "model")
    assert not torch.allclose(before.head.weight, after.head.weight, atol=1e-3)
    state = state_files.read_state(path / "checkpoints" / "step-000030")["beside"]
    assert state["heads.0.weight"].shape == (256, before.width)


def test_the_harder_domain_is_drawn_more_often(prepared):
    # A second of the sampler's looks is after 100 steps.
    path, job = prepared(sampler="loss", steps=101, validations=0, n_classes=2, loss="embedding", rate=1e-3)
    work(path, job)
    state = state_files.read_state(path / "checkpoints" / "step-000101")["batches"]["batches"]["sampler"]
    shares = state["probabilities"]
    assert sum(shares) == pytest.approx(1)
    assert shares[0] != pytest.approx(0.5, abs=1e-6)
    means = {name: [] for name in ("flags", "logos")}
    for event in told(path, "loss"):
        for name in means:
            means[name] += [event[f"loss/{name}"]] if f"loss/{name}" in event else []
    harder = np.mean(means["flags"]) > np.mean(means["logos"])
    assert (shares[0] > 0.5) == harder


def test_a_mixed_batch_can_keep_the_domains_apart(prepared):
    path, job = prepared(mixed=True, cross_domain=2.0, n_classes=6)
    work(path, job)
    for event in told(path, "loss"):
        whole = event["divergence"] + 2 * event["across domains"]
        assert event["loss"] == pytest.approx(whole, rel=1e-5)


def test_a_students_own_bandwidth_keeps_the_domains_apart_too(prepared):
    options = options_to_json({"student_bandwidth": Bandwidth.mean_distance(0.3)})
    path, job = prepared(mixed=True, cross_domain=1.0, n_classes=6, loss_options=options)
    work(path, job)
    assert all(np.isfinite(event["across domains"]) for event in told(path, "loss"))


@pytest.mark.parametrize("blocks", [None, 0, 1])
def test_the_same_seed_is_the_same_run_and_another_is_not(prepared, blocks):
    found = []
    for number, seed in enumerate((3, 3, 4)):
        path, job = prepared(f"run{number}", seed=seed, trained_blocks=blocks)
        work(path, job)
        found.append([event["loss"] for event in told(path, "loss")])
    assert found[0] == found[1] != found[2]


def test_large_batches_go_through_the_gradient_cache_to_the_same_losses(prepared):
    found = []
    for number, chunk in enumerate((256, 5)):
        path, job = prepared(f"run{number}", chunk=chunk, n_classes=4, rate=1e-2)
        work(path, job)
        found.append([event["loss"] for event in told(path, "loss")])
    assert found[0] == pytest.approx(found[1], rel=1e-4)


def test_it_ends_early_where_nothing_gets_better(prepared):
    path, job = prepared(steps=40, validations=20, patience=2, rate=1e-9, head_rate=1e-9)
    assert work(path, job) == "done"
    steps = [event["step"] for event in told(path, "validation")]
    assert steps == [0, 2, 4]
    assert [event["is_best"] for event in told(path, "validation")] == [True, False, False]


def test_without_a_validation_the_last_weights_are_left(prepared, tmp_path):
    path, job = prepared(validations=7, patience=2)
    data = TrainingData.load(path / "data")
    (path / "data" / "validation.parquet").unlink()
    replace(data, validation=None).save(path)
    assert work(path, job) == "done"
    assert told(path, "data")[0]["validation"] is None
    assert told(path, "validation") == []
    assert not (path / "snapshots").exists()
    assert load_encoder(str(path / "model")).record.dims == 8


def test_not_every_domain_needs_a_validation(prepared):
    path, job = prepared()
    data = TrainingData.load(path / "data")
    held = data.validation.take(data.validation.column("domain") == "logos")
    replace(data, validation=held).save(path)
    assert work(path, job) == "done"
    last = told(path, "validation")[-1]
    assert last["recall_at_1"] == last["recall_at_1/logos"]
    assert not {"recall_at_1/flags", "kl/flags", "merged_recall_at_1"} & set(last)
    assert told(path, "data")[0]["validation"][0] == {"images": 0, "classes": 0}


def test_a_full_disk_at_a_checkpoint_leaves_the_one_before_and_a_resume_is_the_same(prepared, monkeypatch):
    options = {"steps": 8, "validations": 0, "sampler": "loss", "trained_blocks": None}
    path, job = prepared("whole", **options)
    work(path, job)
    cut, job = prepared("cut", **options)
    real, writes = state_files.write_through, []

    def full(file, data: bytes) -> None:
        writes.append(len(data))
        if len(writes) > 5:
            real(file, data[: len(data) // 2])
            raise OSError(errno.ENOSPC, "No space left on device")
        real(file, data)

    with monkeypatch.context() as patched:
        patched.setattr(state_files, "write_through", full)
        with pytest.raises(StoreError, match=r"No space left on device.*step \d is intact"):
            work(cut, job)
    (kept,) = checkpoint_steps(cut / "checkpoints")
    assert 0 < kept < 8
    assert work(cut, job) == "done"
    assert told(cut, "loss") == told(path, "loss")


def test_a_stop_goes_on_exactly(prepared, monkeypatch):
    path, job = prepared("whole", steps=8, validations=4, loss="unic")
    work(path, job)
    cut, job = prepared("cut", steps=8, validations=4, loss="unic")
    write_want(cut / "control.json", "stop")
    assert work(cut, job) == "stopped"
    assert told(cut, "loss") == []
    assert load_encoder(str(cut / "model")).record.dims == 8
    write_want(cut / "control.json", "run")
    assert work(cut, job) == "done"
    for kind in ("loss", "validation"):
        assert told(cut, kind) == told(path, kind)
