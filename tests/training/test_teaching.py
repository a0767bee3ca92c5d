"""What teaches: labels and specialists."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from embedscope.training import teaching
from embedscope.training.losses.divergences import DivergenceLoss
from embedscope.training.losses.names import make_loss
from embedscope.training.losses.setting import Setting
from embedscope.training.specialist_losses import SpecialistLoss
from embedscope.training.teaching import LabelTeaching, Lessons, SpecialistTeaching, Teaching

torch.set_num_threads(1)

DOMAINS = np.repeat([0, 1], 6)


def lessons(validation: int = 5) -> Lessons:
    rng = np.random.default_rng(0)
    vectors = rng.standard_normal((12, 4)).astype(np.float32)
    vectors[6:, 3:] = 0
    held = tuple(rng.standard_normal((validation, dims)).astype(np.float32) for dims in (4, 3))
    return Lessons(DOMAINS, np.tile(np.arange(3), 4), vectors, (4, 3), held)


def setting(known: Lessons) -> Setting:
    samples = tuple(known.vectors[number == DOMAINS, :dims] for number, dims in enumerate(known.dims))
    return Setting(4, samples, (3, 3))


def student(n: int = 4) -> torch.Tensor:
    return torch.randn(n, 4, generator=torch.Generator().manual_seed(1)).requires_grad_()


def test_each_item_is_taught_by_its_own_domains_specialist():
    known = lessons()
    divergence = DivergenceLoss(setting(known))
    made = SpecialistTeaching(divergence, known, divergence)
    assert isinstance(made, Teaching)
    rows, vectors = np.array([7, 1, 9, 3, 11, 5]), student(6)
    taught = made.teach(vectors, rows)
    parts = {}
    for number, places in ((0, [1, 3, 5]), (1, [0, 2, 4])):
        teacher = torch.from_numpy(known.vectors[rows[places], : known.dims[number]])
        parts[number] = divergence(vectors[places], teacher, torch.full((3,), number))
    assert {number: float(loss) for number, loss in taught.domains.items()} == pytest.approx(
        {number: float(loss.detach()) for number, loss in parts.items()}, rel=1e-5
    )
    assert float(taught.total.detach()) == pytest.approx(float(sum(parts.values()).detach()) / 2, rel=1e-5)
    taught.total.backward()
    assert vectors.grad.abs().sum() > 0


@pytest.mark.parametrize("rows", [[3], [3, 8]])
def test_an_item_alone_teaches_nothing_and_breaks_nothing(rows):
    known = lessons()
    divergence = DivergenceLoss(setting(known))
    made = SpecialistTeaching(divergence, known, divergence, 0.5)
    vectors = student(len(rows))
    taught = made.teach(vectors, np.array(rows))
    taught.total.backward()
    assert float(taught.total.detach()) == 0
    assert taught.domains == {}
    assert not vectors.grad.any()


def test_the_online_form_stands_on_the_nets_own_features():
    known = lessons()
    online = Setting(4, (np.zeros((2, 7), np.float32),) * 2, (3, 3))
    made = SpecialistTeaching(make_loss("udon", online), known, DivergenceLoss(setting(known)))
    assert made.wants_pooled
    pooled = torch.randn(4, 7).requires_grad_()
    vectors = student()
    made.teach(torch.cat([vectors, pooled], dim=1), np.array([0, 1, 2, 6])).total.backward()
    assert vectors.grad.abs().sum() > 0
    assert pooled.grad.abs().sum() > 0


def test_a_validation_is_measured_on_the_items_that_are_there(monkeypatch):
    known = lessons()
    divergence = DivergenceLoss(setting(known))
    made = SpecialistTeaching(divergence, known, divergence)
    rows, vectors = np.array([4, 0, 2]), student(3).detach()
    teacher = torch.from_numpy(known.validation[1][rows])
    wanted = float(divergence(vectors, teacher, torch.ones(3, dtype=torch.int64)))
    assert made.measure(vectors, 1, rows) == {"kl": pytest.approx(wanted)}
    assert made.measure(vectors[:1], 1, rows[:1]) == {}
    # Of many items some of each class.
    monkeypatch.setattr(teaching, "_MEASURED", 2)
    ends = float(divergence(vectors[[0, 2]], teacher[[0, 2]], torch.ones(2, dtype=torch.int64)))
    assert made.measure(vectors, 1, rows) == {"kl": pytest.approx(ends)}


def test_labels_teach_and_a_batch_of_one_domain_is_its_domains_loss():
    torch.manual_seed(0)
    loss = SpecialistLoss("proxy_anchor", 6, 4)
    labels = DOMAINS * 3 + np.tile(np.arange(3), 4)
    made = LabelTeaching(loss, labels, DOMAINS)
    assert isinstance(made, Teaching)
    vectors = student()
    for rows, domains in (([6, 8, 9, 11], [1]), ([0, 6, 7, 8], [])):
        taught = made.teach(vectors, np.array(rows))
        assert float(taught.total.detach()) == float(loss(vectors, torch.from_numpy(labels[rows])).detach())
        assert list(taught.domains) == domains
    taught.total.backward()
    assert vectors.grad.abs().sum() > 0
    assert made.measure(vectors.detach(), 0, np.arange(4)) == {}
    alone = LabelTeaching(loss, labels[:6], DOMAINS[:6])
    assert alone.teach(vectors, np.array([0, 1, 2, 3])).domains == {}
