"""The loop: what it tells, when it validates and ends, and that it goes on exactly."""

from __future__ import annotations

import errno

import pytest
import torch

from embedscope._errors import InputError, MissingError, StoreError
from embedscope.training import state_files
from embedscope.training.checkpoint_files import checkpoint_steps, latest_step
from embedscope.training.control import write_want
from embedscope.training.events import read_events, settled
from embedscope.training.fit_options import FitOptions
from embedscope.training.loop import fit
from embedscope.training.run_folder import RunFolder
from tests.training.toy_training import Toy, desk_in


@pytest.fixture(autouse=True)
def _one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def told(path, kind: str) -> list[dict[str, object]]:
    """The settled events of a kind, without their times."""
    events = settled(read_events(RunFolder(path).events).events)
    return [{**event, "t": None} for event in events if event["kind"] == kind]


def plain_losses(steps: int, accumulate: int = 1) -> list[float]:
    """The same training in the obvious way."""
    task, losses = Toy(), []
    for _ in range(steps):
        task.optimizer.zero_grad()
        of_step = []
        for _ in range(accumulate):
            loss = task.loss(next(task.batches))["loss"]
            (loss / accumulate).backward()
            of_step.append(loss.detach())
        task.optimizer.step()
        task.scheduler.step()
        losses.append(float(sum(of_step)) / accumulate)
    return losses


@pytest.mark.parametrize("accumulate", [1, 3])
def test_it_trains_as_the_obvious_loop_does(tmp_path, accumulate: int) -> None:
    ended = fit(Toy(), desk_in(tmp_path), FitOptions(steps=12, accumulate=accumulate, log_every=1))
    assert (ended.outcome, ended.step, ended.best_step) == ("done", 12, None)
    losses = [event["loss"] for event in told(tmp_path, "loss")]
    assert losses == plain_losses(12, accumulate)
    rates = [event["learning_rate"] for event in told(tmp_path, "loss")]
    assert rates == sorted(rates, reverse=True)


def test_an_event_carries_the_mean_since_the_last_one(tmp_path) -> None:
    fit(Toy(), desk_in(tmp_path), FitOptions(steps=8, log_every=3))
    every = plain_losses(8)
    losses = told(tmp_path, "loss")
    assert [event["step"] for event in losses] == [3, 6, 8]
    means = [sum(every[a:b]) / (b - a) for a, b in ((0, 3), (3, 6), (6, 8))]
    assert [event["loss"] for event in losses] == pytest.approx(means, rel=1e-6)


def test_a_large_gradient_is_clipped(tmp_path) -> None:
    task = Toy(rate=1.0)
    task.optimizer = torch.optim.SGD([*task.model.parameters(), *task.beside.parameters()], lr=1.0)
    task.scheduler = None
    parameters = [*task.model.parameters(), *task.beside.parameters()]
    before = [parameter.detach().clone() for parameter in parameters]
    fit(task, desk_in(tmp_path), FitOptions(steps=1, clip_norm=0.01))
    moved = torch.stack([(a.detach() - b).norm() for a, b in zip(parameters, before, strict=True)]).norm()
    assert float(moved) == pytest.approx(0.01, rel=1e-3)


def test_an_own_way_backward_is_taken(tmp_path) -> None:
    class Cached(Toy):
        def loss(self, batch):
            raise AssertionError("not asked for")

        def backward(self, batch, backward):
            terms = Toy.loss(self, batch)
            # In two pieces, as gradient caching does.
            backward(terms["loss"] * 0.25)
            backward(Toy.loss(self, batch)["loss"] * 0.75)
            return terms

    fit(Cached(), desk_in(tmp_path), FitOptions(steps=3, log_every=1))
    assert len(told(tmp_path, "loss")) == 3


def test_validations_are_told_and_the_best_weights_are_left(tmp_path) -> None:
    task = Toy()
    task.measures = [0.1, 0.5, float("nan"), 0.5, 0.2, 0.3]
    ended = fit(task, desk_in(tmp_path), FitOptions(steps=12, validate_every=2, checkpoint_every=3, keep=1))
    assert (ended.outcome, ended.step, ended.best_step, ended.best) == ("done", 12, 4, 0.5)
    validations = told(tmp_path, "validation")
    assert [event["step"] for event in validations] == [2, 4, 6, 8, 10, 12]
    assert [event["is_best"] for event in validations] == [True, True, False, False, False, False]
    assert validations[2]["recall_at_1"] is None
    assert checkpoint_steps(tmp_path / "checkpoints") == [4, 12]
    short = Toy()
    short.measures = [0.1, 0.5]
    fit(short, desk_in(tmp_path / "short"), FitOptions(steps=4, validate_every=2))
    for ours, theirs in zip(task.model.state_dict().values(), short.model.state_dict().values(), strict=True):
        assert torch.equal(ours, theirs)
    assert task.model.training


def test_patience_ends_it_and_a_resume_does_not_begin_again(tmp_path) -> None:
    options = FitOptions(steps=100, validate_every=1, patience=3)
    task = Toy()
    task.measures = [0.1, 0.2, 0.2, 0.1, 0.15, 0.9]
    ended = fit(task, desk_in(tmp_path), options)
    assert (ended.outcome, ended.step, ended.best_step) == ("done", 5, 2)
    again = fit(Toy(), desk_in(tmp_path), options)
    assert (again.outcome, again.step, again.best_step) == ("done", 5, 2)


def test_an_unknown_measure_lists_the_choices(tmp_path) -> None:
    with pytest.raises(MissingError, match="recall_at_1"):
        fit(Toy(), desk_in(tmp_path), FitOptions(steps=2, validate_every=1, watch="recall_at_2"))


def test_a_loss_that_is_not_finite_ends_it_before_a_checkpoint(tmp_path) -> None:
    with pytest.raises(InputError, match=r"The loss is (nan|inf) at step \d+: lower the learning rate"):
        fit(Toy(rate=1e25), desk_in(tmp_path), FitOptions(steps=50, log_every=50, checkpoint_every=5))
    assert latest_step(tmp_path / "checkpoints") == 0


def test_batches_that_end_are_an_error(tmp_path) -> None:
    with pytest.raises(InputError, match="ended after 3 of 5 steps"):
        fit(Toy(end=3), desk_in(tmp_path), FitOptions(steps=5))


@pytest.mark.parametrize("name", ["steps", "accumulate", "keep", "patience", "validate_every"])
def test_options_that_make_no_sense_are_refused(name: str) -> None:
    with pytest.raises(InputError, match=f"{name} is 0"):
        FitOptions(**{"steps": 1, name: 0})
    with pytest.raises(InputError, match="give validate_every"):
        FitOptions(steps=1, patience=2)


def test_a_checkpoint_of_another_shape_is_refused(tmp_path) -> None:
    fit(Toy(), desk_in(tmp_path), FitOptions(steps=2))
    tree = tmp_path / "checkpoints" / "step-000002" / "state.json"
    tree.write_text(tree.read_text().replace('"scheduler"', '"shedule"'))
    with pytest.raises(InputError, match=r"step 2 has no scheduler.*new folder"):
        fit(Toy(), desk_in(tmp_path), FitOptions(steps=4))


def test_a_state_of_the_task_itself_is_kept(tmp_path) -> None:
    class Counting(Toy):
        seen = 0

        def loss(self, batch):
            self.seen += 1
            return super().loss(batch)["loss"]

        def state_dict(self):
            return {"seen": self.seen}

        def load_state_dict(self, state_dict):
            self.seen = state_dict["seen"]

    fit(Counting(), desk_in(tmp_path), FitOptions(steps=3))
    task = Counting()
    fit(task, desk_in(tmp_path), FitOptions(steps=5))
    assert task.seen == 5


def test_a_stop_keeps_a_checkpoint_and_the_rest_is_the_same(tmp_path) -> None:
    options = FitOptions(steps=9, log_every=2, validate_every=4, checkpoint_every=100)

    class Stopping(Toy):
        def loss(self, batch):
            if self.batches.drawn == 5:
                write_want(tmp_path / "control.json", "stop")
            return super().loss(batch)

    stopped = fit(Stopping(), desk_in(tmp_path), options)
    assert (stopped.outcome, stopped.step) == ("stopped", 5)
    assert 5 in checkpoint_steps(tmp_path / "checkpoints")
    write_want(tmp_path / "control.json", "run")
    assert fit(Toy(), desk_in(tmp_path), options).outcome == "done"
    fit(Toy(), desk_in(tmp_path / "whole"), options)
    for kind in ("loss", "validation"):
        assert told(tmp_path, kind) == told(tmp_path / "whole", kind)


def test_a_full_disk_at_a_checkpoint_ends_it_and_it_goes_on_from_the_one_before(
    tmp_path, monkeypatch
) -> None:
    options = FitOptions(steps=9, log_every=1, checkpoint_every=3)
    real, writes = state_files.write_through, []

    def full(file, data: bytes) -> None:
        writes.append(len(data))
        if len(writes) > 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(file, data)

    monkeypatch.setattr(state_files, "write_through", full)
    with pytest.raises(StoreError, match=r"checkpoint of step 6 .*No space left.*step 3 is intact"):
        fit(Toy(), desk_in(tmp_path), options)
    monkeypatch.undo()
    assert checkpoint_steps(tmp_path / "checkpoints") == [3]
    assert fit(Toy(), desk_in(tmp_path), options).outcome == "done"
    assert [event["loss"] for event in told(tmp_path, "loss")] == plain_losses(9)
