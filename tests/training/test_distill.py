"""distill: specialists of every kind into one net, in a process that can be killed."""

from __future__ import annotations

import numpy as np
import pytest

from embedscope import Space, encode, load_encoder
from embedscope._errors import InputError, MissingError
from embedscope.comparison.bandwidth import Bandwidth
from embedscope.encoders.net_files import load_net
from embedscope.training import run as runs
from embedscope.training import start
from embedscope.training.checkpoint_files import latest_step
from embedscope.training.distill import distill
from embedscope.training.run import Run
from embedscope.training.run_folder import read_json
from embedscope.training.train_specialist import train_specialist
from tests.training.pictures import pictures, saved_net, two_domains

QUICK = {"n_classes": 3, "per_class": 2, "steps": 4, "validations": 2, "variants": 1, "device": "cpu"}


def same(run: Run, other: Run) -> None:
    """Both told the same, to the last bit."""
    for mine, theirs in ((run.losses(), other.losses()), (run.validations(), other.validations())):
        assert mine.num_rows
        assert mine.drop_columns("time").equals(theirs.drop_columns("time"))


def spaces(items, folder) -> dict[str, Space]:
    return {name: encode(part, saved_net(folder / "teacher", seed=7)) for name, part in items.items()}


@pytest.mark.parametrize("blocks", [1, None])
def test_a_kill_in_the_middle_changes_nothing(forked, folder, tmp_path, kill, until, blocks):
    items = two_domains()
    options = {
        **QUICK,
        "trained_blocks": blocks,
        "steps": 150,
        "validations": 15,
        "sampler": "loss",
        "rate": 1e-3,
    }
    asked = (spaces(items, tmp_path), items, saved_net(tmp_path / "net"))
    run = distill(*asked, folder=folder, **options)
    until(lambda: run.step >= 12, "it trains")
    kill(run)
    assert run.state == "dead"
    assert 0 < latest_step(run.folder.checkpoints) < 60
    # The same call finds the run and goes on.
    again = distill(*asked, folder=folder, **options)
    assert again.folder == run.folder
    assert again.wait(180) == "done", again.error
    whole = distill(*asked, folder=tmp_path / "whole", **options)
    assert whole.wait(180) == "done", whole.error
    same(again, whole)
    mine, theirs = (load_net(each.folder.model).state_dict() for each in (again, whole))
    assert all((mine[name] == theirs[name]).all() for name in theirs)
    assert distill(*asked, folder=folder, **options).state == "done"


def test_every_kind_of_specialist_teaches(here, tmp_path):
    items = two_domains()
    net = saved_net(tmp_path / "net")
    run = train_specialist(items["flags"], net, folder=tmp_path / "specialist", **QUICK)
    assert run.state == "done", run.error
    encoder = load_encoder(net)
    kinds = {
        "run": run,
        "path": run.folder.model,
        "name": f"trained:{run.folder.model}",
        "encoder": encoder,
        "space": encode(items["flags"], encoder),
    }
    begun = {
        name: distill({"flags": kind}, items["flags"], net, folder=tmp_path / name, **QUICK)
        for name, kind in kinds.items()
    }
    for each in begun.values():
        assert each.state == "done", each.error
    for name in ("path", "name"):
        same(begun["run"], begun[name])
    same(begun["encoder"], begun["space"])
    assert begun["run"].losses() != begun["space"].losses()
    # Vectors travel with the run; a name is loaded by its worker.
    assert begun["encoder"].folder.teachers.is_dir()
    assert not begun["name"].folder.teachers.exists()


def test_ids_that_two_domains_share_are_told_apart(here, tmp_path):
    items = {name: pictures("item", seed=seed) for seed, name in enumerate(("flags", "logos/x"))}
    rng = np.random.default_rng(0)
    given = {
        name: Space.from_arrays(rng.standard_normal((24, 5)).astype(np.float32), ids=list(part.ids))
        for name, part in items.items()
    }
    run = distill(given, items, saved_net(tmp_path / "net"), folder=tmp_path / "run", **QUICK)
    assert run.state == "done", run.error
    for name in items:
        (kept,) = [
            space
            for folder in run.folder.teachers.iterdir()
            if (space := Space.load(folder)).ids[0].startswith(f"{name}/")
        ]
        mine = {
            f"{name}/{value}": row for value, row in zip(given[name].ids, given[name].vectors, strict=True)
        }
        for value, row in zip(kept.ids, kept.vectors, strict=True):
            np.testing.assert_array_equal(row, mine[value])


def test_items_without_classes_are_distilled_without_holding_any_out(here, tmp_path):
    items = {name: part.take(range(20)) for name, part in two_domains().items()}
    plain = {
        name: type(part).from_images([payload.read() for payload in part.payloads], name=name)
        for name, part in items.items()
    }
    net = saved_net(tmp_path / "net")
    run = distill(dict.fromkeys(plain, net), plain, net, folder=tmp_path / "run", **QUICK)
    assert run.state == "done", run.error
    (data,) = run.events("data")
    assert data["validation"] is None
    assert data["train"] == [{"images": 20, "classes": 20}] * 2
    with pytest.raises(InputError, match="'udon' classifies, and the items have no column 'label'"):
        distill(dict.fromkeys(plain, net), plain, net, "udon")
    with pytest.raises(InputError, match="'flags' have no column 'kind'; they have label"):
        distill(dict.fromkeys(items, net), items, net, label="kind")


def test_what_cannot_be_distilled_says_so_at_once(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    items, net = two_domains(), saved_net(tmp_path / "net")
    both = dict.fromkeys(items, net)
    with pytest.raises(
        InputError, match="specialist 'stamps' has no items of its domain; items came for 'flags'"
    ):
        distill({**both, "stamps": net}, items, net)
    with pytest.raises(InputError, match="Items came for 'logos', and specialists for 'flags'"):
        distill({"flags": net}, items, net)
    with pytest.raises(InputError, match="No specialist came"):
        distill({}, items, net)
    other = Space.from_arrays({"a": [1.0, 0.0], "flags-0": [0.0, 1.0]})
    with pytest.raises(
        InputError, match=r"vectors of 2 items, but none of 23 of the 24 .*'flags-4': their ids do not"
    ):
        distill({"flags": other, "logos": net}, items, net)
    with pytest.raises(MissingError, match=r"No distillation loss is called 'kt'. Did you mean 'pkt'"):
        distill(both, items, net, "kt")
    with pytest.raises(InputError, match="loss 'pkt' has no option 'bandwidth'"):
        distill(both, items, net, "pkt", bandwidth=Bandwidth.mean_distance(0.1))
    with pytest.raises(InputError, match=r"Training has no option 'epoch'. It has: label, dims"):
        distill(both, items, net, epoch=3)
    with pytest.raises(MissingError, match="No encoder is called 'minilmm'"):
        distill({**both, "flags": "minilmm"}, items, net)
    with pytest.raises(MissingError, match="No timm model is called 'efficientnet_lite9'"):
        distill(both, items, "efficientnet_lite9")
    assert not (tmp_path / "runs").exists()


def test_a_run_lies_where_its_items_and_options_say(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(start, "launch", lambda _: None)
    monkeypatch.setattr(runs, "launch", lambda _: None)
    items, net = two_domains(), saved_net(tmp_path / "net")
    both = dict.fromkeys(items, net)
    first = distill(both, items, net, bandwidth=Bandwidth.mean_distance(0.2), **QUICK)
    assert first.folder.path.parent.name == "runs"
    again = distill(both, items, net, loss_options={"bandwidth": Bandwidth.mean_distance(0.2)}, **QUICK)
    assert again.folder == first.folder
    assert read_json(first.folder.config)["options"]["loss_options"] == {"bandwidth": "mean:0.2"}
    fewer = {**items, "flags": items["flags"].take(range(20))}
    others = [
        distill(both, items, net, **QUICK),
        distill(both, fewer, net, bandwidth=Bandwidth.mean_distance(0.2), **QUICK),
        distill(both, items, net, bandwidth=Bandwidth.mean_distance(0.2), **{**QUICK, "seed": 1}),
    ]
    assert len({each.folder.path for each in (first, *others)}) == 4
    with pytest.raises(InputError, match=r"has a run of something else: .*recipe was"):
        distill(both, items, net, folder=first.folder.path, **{**QUICK, "seed": 2})
    with pytest.raises(InputError, match=r"specialist 'flags': .*has left no model; it is dead"):
        distill({"flags": first}, items["flags"], net)
