from __future__ import annotations

import math

import pytest
import torch

from embedscope._errors import InputError, MissingError
from embedscope.training.specialist_losses import SPECIALIST_LOSSES, SpecialistLoss, parameter_groups

torch.set_num_threads(1)


def batch(n=30, dims=5, n_classes=3, seed=0):
    rng = torch.Generator().manual_seed(seed)
    labels = torch.arange(n) % n_classes
    return torch.randn(n, dims, generator=rng) + 2 * torch.eye(n_classes, dims)[labels], labels


def made(name, **options):
    torch.manual_seed(0)
    return SpecialistLoss(name, 3, 5, **options)


@pytest.mark.parametrize("name", sorted(SPECIALIST_LOSSES))
def test_training_moves_the_vectors_and_the_losss_own_parameters(name):
    x, labels = batch()
    loss = made(name)
    model = torch.nn.Linear(5, 5)
    optimiser = torch.optim.Adam(parameter_groups(model, loss, 0.01, 0.01))
    before = [p.detach().clone() for p in loss.parameters()]
    assert before
    found = []
    for _ in range(40):
        optimiser.zero_grad()
        total = loss(model(x), labels)
        total.backward()
        optimiser.step()
        found.append(float(total.detach()))
    assert found[-1] < 0.8 * found[0]
    assert all(not torch.equal(a, b) for a, b in zip(before, loss.parameters(), strict=True))


def test_proxy_anchor_is_its_definition():
    x, labels = batch(9)
    loss = made("proxy_anchor", margin=0.2, alpha=8)
    (proxies,) = (p.detach() for p in loss.parameters())
    cos = torch.nn.functional.normalize(x) @ torch.nn.functional.normalize(proxies).T
    wanted = 0.0
    for c in range(3):
        own = sum(math.exp(-8 * (float(cos[i, c]) - 0.2)) for i in range(9) if labels[i] == c)
        others = sum(math.exp(8 * (float(cos[i, c]) + 0.2)) for i in range(9) if labels[i] != c)
        wanted += (math.log(1 + own) + math.log(1 + others)) / 3
    assert float(loss(x, labels).detach()) == pytest.approx(wanted, rel=1e-5)


def test_normalised_softmax_is_its_definition():
    x, labels = batch(9)
    loss = made("normalised_softmax", temperature=0.1)
    (weights,) = (p.detach() for p in loss.parameters())
    logits = torch.nn.functional.normalize(x) @ torch.nn.functional.normalize(weights, dim=0) / 0.1
    wanted = torch.nn.functional.cross_entropy(logits, labels)
    assert float(loss(x, labels).detach()) == pytest.approx(float(wanted), rel=1e-5)


def test_parameters_stay_in_full_precision_under_autocast():
    x, labels = batch()
    loss = made("proxy_anchor")
    wanted = float(loss(x, labels).detach())
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert float(loss(x, labels).detach()) == wanted
        loss(x.bfloat16(), labels).backward()
    (proxies,) = loss.parameters()
    assert proxies.dtype == proxies.grad.dtype == torch.float32


def test_a_saved_state_is_the_same_loss():
    x, labels = batch()
    loss = made("proxy_anchor")
    torch.manual_seed(9)
    other = SpecialistLoss("proxy_anchor", 3, 5)
    with torch.no_grad():
        assert float(other(x, labels)) != float(loss(x, labels))
        other.load_state_dict(loss.state_dict())
        assert float(other(x, labels)) == float(loss(x, labels))


def test_frozen_parameters_and_losses_without_any_make_no_group():
    model = torch.nn.Linear(2, 2)
    model.bias.requires_grad_(False)
    (group,) = parameter_groups(model, torch.nn.Identity(), 0.1)
    assert group == {"params": [model.weight], "lr": 0.1}
    rates = [group["lr"] for group in parameter_groups(model, torch.nn.Linear(2, 2), 0.1)]
    assert rates == [0.1, 0.1]


def test_what_is_not_there_names_the_choices():
    with pytest.raises(MissingError, match="Did you mean 'normalised_softmax'"):
        SpecialistLoss("normalized_softmax", 3, 5)
    with pytest.raises(InputError, match=r"no option 'sharpness'\. It has: margin, alpha"):
        made("proxy_anchor", sharpness=3)
    with pytest.raises(InputError, match="1 class came"):
        SpecialistLoss("proxy_anchor", 1, 5)
