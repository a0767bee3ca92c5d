"""The spread-out term: its definition by loops, what is one, sentence-transformers' form."""

from __future__ import annotations

import pytest
import torch

from embedscope.training.losses.pair_vectors import PairKeys, PairVectors
from embedscope.training.losses.spread_out import SpreadOutLoss, spread_out

torch.set_num_threads(1)


def cloud(n=6, dims=3, seed=0):
    return torch.randn(n, dims, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def by_loops(x, keys):
    rows = [row / row.norm() for row in x]
    found = [
        float((rows[i] * rows[j]).sum()) ** 2
        for i in range(len(rows))
        for j in range(len(rows))
        if keys[i] != keys[j]
    ]
    return sum(found) / len(found)


@pytest.mark.parametrize("keys", [None, [0, 1, 2, 3, 4, 5], [7, 7, 8, 9, 9, 9]])
def test_it_is_its_definition(keys):
    numbers = None if keys is None else torch.tensor(keys)
    found = float(spread_out(3 * cloud(), numbers))
    assert found == pytest.approx(by_loops(cloud(), keys or range(6)), rel=1e-9)


def test_over_pairs_it_is_the_sum_of_both_sides():
    q, p, keys = cloud(), cloud(seed=1), PairKeys(torch.arange(6), torch.tensor([0, 0, 0, 1, 2, 3]))
    wanted = by_loops(q, range(6)) + by_loops(p, keys.positives.tolist())
    negatives = cloud(12, seed=2).reshape(6, 2, 3)
    assert float(SpreadOutLoss()(PairVectors(q, p, negatives), keys)) == pytest.approx(wanted, rel=1e-9)


def test_it_is_the_second_moment_of_sentence_transformers():
    from sentence_transformers.sentence_transformer.losses import GlobalOrthogonalRegularizationLoss

    q, p = 3 + cloud(), 3 + cloud(seed=1)
    theirs = GlobalOrthogonalRegularizationLoss(
        None, mean_weight=None, second_moment_weight=1.0, aggregation="sum"
    )
    # Theirs begins at 1/dims, and these vectors lie closer than evenly drawn ones.
    wanted = float(theirs.compute_loss_from_embeddings([q, p])["gor_second_moment"]) + 2 / 3
    assert float(SpreadOutLoss()(PairVectors(q, p))) == pytest.approx(wanted, rel=1e-6)


@pytest.mark.parametrize("n", [1, 3])
def test_where_there_is_no_pair_it_is_nothing(n):
    x = cloud(n).requires_grad_()
    found = spread_out(x, torch.zeros(n, dtype=torch.int64))
    found.backward()
    assert float(found.detach()) == 0
    assert not x.grad.any()


def test_its_gradient_is_that_of_differences_and_stays_finite():
    x = cloud(4).requires_grad_()
    assert torch.autograd.gradcheck(spread_out, (x,))
    for vectors in (torch.ones(4, 3), torch.zeros(4, 3)):
        leaf = vectors.clone().requires_grad_()
        spread_out(leaf).backward()
        assert leaf.grad.isfinite().all()
