from __future__ import annotations

import copy
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from embedscope._errors import InputError
from embedscope.training.gradient_cache import cached_backward
from embedscope.training.losses.names import make_loss
from embedscope.training.losses.setting import Setting

sys.path.insert(0, str(Path(__file__).parent / "losses"))
import taught


def net(dropout=0.0):
    torch.manual_seed(0)
    layers = (
        torch.nn.Linear(7, 9),
        torch.nn.Tanh(),
        torch.nn.Dropout(dropout),
        torch.nn.Linear(9, taught.STUDENT),
    )
    return torch.nn.Sequential(*layers).double()


def images(n=12, seed=4):
    return torch.randn(n, 7, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def gradients(module):
    return [p.grad for p in module.parameters()]


@pytest.mark.parametrize("name", ["kl", "rkd", "embedding", "udon"])
@pytest.mark.parametrize("size", [1, 5, 12])
def test_gradients_are_those_of_the_whole_batch(name, size):
    _, teacher, domains, labels = taught.batch()
    x = images()
    torch.manual_seed(1)
    loss = make_loss(name, taught.setting()).double()
    model, copies = net(), (net(), copy.deepcopy(loss))
    step = cached_backward(model, x.split(size), lambda s: loss(s, teacher, domains, labels))
    vectors = copies[0](x)
    total = copies[1](vectors, teacher, domains, labels)
    total.backward()
    torch.testing.assert_close(step.loss, total.detach(), rtol=1e-12, atol=0)
    torch.testing.assert_close(step.vectors, vectors.detach(), rtol=1e-12, atol=1e-14)
    for found, wanted in zip(
        gradients(model) + gradients(loss), gradients(copies[0]) + gradients(copies[1]), strict=True
    ):
        torch.testing.assert_close(found, wanted, rtol=1e-6, atol=1e-12)


def test_it_is_not_the_sum_of_small_batches():
    _, teacher, domains, _ = taught.batch()
    loss, x = make_loss("kl", taught.setting()), images()
    model, small = net(), net()
    cached_backward(model, x.split(4), lambda s: loss(s, teacher, domains))
    for rows in torch.arange(12).split(4):
        (loss(small(x[rows]), teacher[rows], domains[rows]) / 3).backward()
    assert not torch.allclose(model[0].weight.grad, small[0].weight.grad, rtol=1e-2)


def test_the_second_pass_drops_what_the_first_one_dropped():
    model, twin, x = net(dropout=0.5), net(dropout=0.5), images()
    goal = torch.randn(12, taught.STUDENT, dtype=torch.float64)
    torch.manual_seed(3)
    cached_backward(model, x.split(5), lambda s: ((s - goal) ** 2).sum())
    after = torch.rand(1)
    torch.manual_seed(3)
    vectors = torch.cat([twin(part) for part in x.split(5)])
    assert torch.rand(1) == after
    ((vectors - goal) ** 2).sum().backward()
    for found, wanted in zip(gradients(model), gradients(twin), strict=True):
        torch.testing.assert_close(found, wanted)


def test_running_statistics_change_once():
    def made():
        torch.manual_seed(0)
        return torch.nn.Sequential(torch.nn.Linear(7, 4), torch.nn.BatchNorm1d(4)).double()

    model, twin, x = made(), made(), images()
    cached_backward(model, x.split(6), lambda s: (s**3).sum())
    sum((twin(part) ** 3).sum() for part in x.split(6)).backward()
    for found, wanted in zip(model.buffers(), twin.buffers(), strict=True):
        torch.testing.assert_close(found, wanted)
    for found, wanted in zip(gradients(model), gradients(twin), strict=True):
        torch.testing.assert_close(found, wanted)


def test_gradients_add_up_and_the_losss_backward_is_the_callers():
    model, x, scaled = net(), images(), []
    cached_backward(model, x.split(5), lambda s: s.sum())
    once = model[0].weight.grad.clone()

    def backward(total):
        scaled.append(total)
        (3 * total).backward()

    cached_backward(model, x.split(5), lambda s: s.sum(), backward=backward)
    assert len(scaled) == 1
    torch.testing.assert_close(model[0].weight.grad, 4 * once)


def test_a_batch_that_teaches_nothing_leaves_gradients_of_zero():
    model = net()
    loss = make_loss("kl", Setting(taught.STUDENT, (np.eye(6, dtype=np.float32),)))
    step = cached_backward(
        model,
        [images(1)],
        lambda s: loss(s, torch.ones(1, 6, dtype=torch.float64), torch.zeros(1, dtype=torch.int64)),
    )
    assert float(step.loss) == 0
    assert all((g == 0).all() for g in gradients(model))


def test_without_a_chunk_it_says_so():
    with pytest.raises(InputError, match="No chunk came"):
        cached_backward(net(), [], torch.sum)
