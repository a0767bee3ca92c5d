"""Several processes: one net, one loss, one sampler."""

from __future__ import annotations

import torch

from embedscope.training.gathered import gather
from embedscope.training.jobs import to_config
from embedscope.training.run import Run
from embedscope.training.run_folder import RunFolder, read_json, replace_json
from embedscope.training.shared_gradients import share_gradients, share_losses
from tests.training.pictures import quick, saved_net, two_domains
from tests.training.test_worker import free_port, launcher_variables
from tests.training.witnessed import Witnessed


def test_a_process_alone_keeps_its_own():
    module = torch.nn.Linear(2, 1)
    module(torch.ones(1, 2)).sum().backward()
    before = module.weight.grad.clone()
    share_gradients(module)
    assert torch.equal(module.weight.grad, before)
    assert share_losses({1: 0.5}) == {1: 0.5}


def test_two_processes_end_with_the_same_weights(folder, tmp_path, nursery, until):
    net = f"trained:{saved_net(tmp_path / 'net')}"
    gather(two_domains(), 0.34).joined().save(folder)
    recipe = quick(steps=5, sampler="loss", rate=1e-2, validations=0)
    files = RunFolder(folder)
    job = Witnessed("", dict.fromkeys(("flags", "logos"), net), net, "embedding", {}, recipe)
    replace_json(files.config, to_config(job))
    run, port = Run(folder), free_port()
    for rank in (0, 1):
        nursery.work(run, **launcher_variables(rank, port))
    until(lambda: (folder / "rank-1.json").exists() and run.events() and run.is_over, "both end")
    assert (run.state, run.error) == ("done", None)
    first, second = (read_json(folder / f"rank-{rank}.json") for rank in (0, 1))
    # Projectors too, of which a batch of one domain gives one process no gradient.
    assert first == second
    assert first["beside"] != first["beside before"]
    assert first["model"] != first["model before"]
    assert all(heard > 0 for heard in first["heard"])
    assert run.losses()["step"].to_pylist() == [1, 2, 3, 4, 5]
