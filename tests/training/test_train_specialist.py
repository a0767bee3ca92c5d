"""train_specialist: classes of images into a net, of one domain or of several fused."""

from __future__ import annotations

import pytest
import torch

from embedscope import load_encoder
from embedscope._errors import InputError, MissingError
from embedscope.encoders.net_files import load_net
from embedscope.training.run_folder import read_json
from embedscope.training.specialist_job import SpecialistJob
from embedscope.training.specialist_losses import SPECIALIST_LOSSES
from embedscope.training.train_specialist import train_specialist
from tests.training.pictures import data_of, pictures, quick, saved_net, told, two_domains, work

QUICK = {"n_classes": 3, "per_class": 2, "steps": 4, "validations": 2, "variants": 1, "device": "cpu"}


@pytest.mark.parametrize("loss", sorted(SPECIALIST_LOSSES))
def test_every_loss_trains_its_proxies_and_the_net(tmp_path, loss):
    net = saved_net(tmp_path / "net")
    recipe = quick(steps=12, n_classes=4, per_class=4, rate=1e-3, validations=1)
    job = SpecialistJob("", f"trained:{net}", loss, {}, recipe)
    assert work(tmp_path / "run", job, data_of(pictures("flags"))) == "done"
    losses = [event["loss"] for event in told(tmp_path / "run", "loss")]
    assert losses[-1] < losses[0]
    assert all("loss/flags" not in event for event in told(tmp_path / "run", "loss"))
    before, after = load_net(net), load_net(tmp_path / "run" / "model")
    assert not torch.equal(before.head.weight, after.head.weight)
    assert "recall_at_1/flags" in told(tmp_path / "run", "validation")[-1]


def test_it_is_found_again_and_its_net_goes_on(here, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    items, net = pictures("flags"), saved_net(tmp_path / "net")
    run = train_specialist(items, net, validation=pictures("held", seed=4), **QUICK)
    assert run.state == "done", run.error
    assert train_specialist(items, net, validation=pictures("held", seed=4), **QUICK).folder == run.folder
    assert read_json(run.folder.config)["options"]["recipe"]["mixed"] is False
    assert run.events("data")[0]["validation"] == [{"images": 24, "classes": 6}]
    assert load_encoder(str(run.folder.model)).record.dims == 8
    more = train_specialist(items, run, "arcface", loss_options={"margin": 10}, folder="more", **QUICK)
    assert more.state == "done", more.error
    assert read_json(more.folder.config)["options"]["backbone"] == f"trained:{run.folder.model.absolute()}"


def test_several_domains_are_fused_in_mixed_batches(here, tmp_path):
    items, net = two_domains(), saved_net(tmp_path / "net")
    fused = train_specialist(items, net, folder=tmp_path / "fused", **{**QUICK, "n_classes": 6})
    assert fused.state == "done", fused.error
    assert read_json(fused.folder.config)["options"]["recipe"]["mixed"] is True
    (data,) = fused.events("data")
    assert [part["classes"] for part in data["train"]] == [5, 5]
    assert {"recall_at_1/flags", "recall_at_1/logos", "merged_recall_at_1"} <= set(
        fused.validations().column_names
    )
    apart = train_specialist(items, net, folder=tmp_path / "apart", mixed=False, sampler="loss", **QUICK)
    assert apart.state == "done", apart.error
    assert {"loss/flags", "loss/logos"} & set(apart.losses().column_names)


def test_what_cannot_be_trained_says_so_at_once(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    items, net = pictures("flags"), saved_net(tmp_path / "net")
    with pytest.raises(
        MissingError, match=r"No specialist loss is called 'proxy_anker'\. Did you mean 'proxy_anchor'"
    ):
        train_specialist(items, net, "proxy_anker")
    with pytest.raises(InputError, match=r"no option 'sharpness'\. It has: margin, alpha"):
        train_specialist(items, net, loss_options={"sharpness": 1})
    with pytest.raises(InputError, match="'flags' have no column 'kind'"):
        train_specialist(items, net, label="kind")
    with pytest.raises(InputError, match="items of 'flags' are all of one class"):
        train_specialist(items.take(range(8)), net, validation=0.5)
    with pytest.raises(InputError, match="sampler='loss' needs mixed=False"):
        train_specialist(two_domains(), net, sampler="loss")
    with pytest.raises(InputError, match="A backbone of type int came"):
        train_specialist(items, 50)
    assert not (tmp_path / "runs").exists()
