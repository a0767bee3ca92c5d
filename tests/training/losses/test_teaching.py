"""Each loss teaches: a student that follows it comes to have the specialists' neighbours, in batches of both domains."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from embedscope.training.losses.names import LOSSES, make_loss
from embedscope.training.losses.setting import Setting
from embedscope.training.samplers import BatchPlan, ClassBalancedBatches
from embedscope.training.specialist_losses import parameter_groups

sys.path.insert(0, str(Path(__file__).parent))
import taught

N = 40


def specialists(seed=0):
    """Two domains of four classes each, on a circle of its own in the specialist's space."""
    rng = np.random.default_rng(seed)
    labels = np.tile(np.arange(4), N // 4)
    centres = rng.standard_normal((2, 4, 6))
    return [
        ((centres[d][labels] + 0.3 * rng.standard_normal((N, 6))) * (1, 20)[d]).astype(np.float32)
        for d in (0, 1)
    ], labels


def same_class(vectors, labels):
    """The share of items whose nearest by cosine is of their class."""
    cos = torch.nn.functional.normalize(vectors) @ torch.nn.functional.normalize(vectors).T
    nearest = cos.fill_diagonal_(-2).argmax(dim=1).numpy()
    return float((labels[nearest] == labels).mean())


@pytest.mark.parametrize("mixed", [False, True])
@pytest.mark.parametrize("name", sorted(LOSSES))
def test_a_student_learns_the_neighbours_of_both_specialists(name, mixed):
    samples, labels = specialists()
    torch.manual_seed(0)
    student = torch.nn.Embedding(2 * N, taught.STUDENT)
    # Distances as they come are out of a unit student's reach where the specialist's are twenty times as long.
    options = {"metric": "cosine"} if name == "absolute" else {}
    loss = make_loss(name, Setting(taught.STUDENT, tuple(samples), (4, 4)), **options)
    teacher, classes = torch.from_numpy(np.concatenate(samples)), torch.from_numpy(np.tile(labels, 2))
    domains = torch.arange(2).repeat_interleave(N)
    batches = ClassBalancedBatches(classes.numpy(), domains.numpy(), BatchPlan(4, 5, mixed))
    optimiser = torch.optim.Adam(parameter_groups(student, loss, 0.05))
    before = [same_class(student.weight.detach()[domains == d], labels) for d in (0, 1)]
    for _ in range(120):
        rows = torch.from_numpy(next(batches))
        found = loss.of_batch(student(rows), teacher[rows], domains[rows], classes[rows])
        batches.record({d: float(own) for d, own in found.domains.items()})
        optimiser.zero_grad()
        found.total.backward()
        optimiser.step()
    after = [same_class(student.weight.detach()[domains == d], labels) for d in (0, 1)]
    # Four classes: chance is a quarter.
    assert max(before) < 0.45
    assert min(after) > 0.7
