"""Matryoshka: which prefixes count, that they are summed, and that each is brought to length 1."""

from __future__ import annotations

import pytest
import torch

from embedscope._errors import InputError
from embedscope.training.losses.masked_nce import MaskedNceLoss
from embedscope.training.losses.matryoshka import MatryoshkaLoss, prefix_lengths
from embedscope.training.losses.pair_vectors import PairKeys, PairVectors

torch.set_num_threads(1)


def batch(seed=0):
    rng = torch.Generator().manual_seed(seed)
    shapes = ((5, 8), (5, 8), (5, 2, 8))
    return PairVectors(*(torch.randn(*s, generator=rng, dtype=torch.float64) for s in shapes))


KEYS = PairKeys(torch.arange(5), torch.tensor([0, 0, 1, 2, 3]), 9 + torch.arange(10).reshape(5, 2))


def normalised(vectors, dims):
    cut = vectors[..., :dims]
    return cut / cut.norm(dim=-1, keepdim=True)


def test_it_is_the_sum_over_prefixes_of_length_one_and_the_whole():
    inner, given = MaskedNceLoss(), batch()
    wanted = {
        dims: inner(
            PairVectors(*(normalised(x, dims) for x in (given.queries, given.positives, given.negatives))),
            KEYS,
        )
        for dims in (2, 4, 8)
    }
    loss = MatryoshkaLoss(inner, (4, 2))
    found = loss.of_prefixes(given, KEYS)
    assert list(found) == [2, 4, 8]
    for dims, value in found.items():
        torch.testing.assert_close(value, wanted[dims], rtol=1e-12, atol=0)
    torch.testing.assert_close(loss(given, KEYS), sum(wanted.values()))


def test_without_prefixes_it_is_the_whole_and_the_whole_counts_once():
    inner, given = MaskedNceLoss(), batch()
    torch.testing.assert_close(MatryoshkaLoss(inner)(given, KEYS), inner(given, KEYS))
    torch.testing.assert_close(
        MatryoshkaLoss(inner, (4, 8))(given, KEYS), MatryoshkaLoss(inner, (4,))(given, KEYS)
    )


def test_the_first_dims_are_taught_by_every_prefix_and_the_last_by_the_whole_alone():
    given = batch()
    queries = given.queries.requires_grad_()
    (whole,) = torch.autograd.grad(MaskedNceLoss()(given, KEYS), queries)
    (nested,) = torch.autograd.grad(MatryoshkaLoss(MaskedNceLoss(), (2, 4))(given, KEYS), queries)
    torch.testing.assert_close(nested[:, 4:], whole[:, 4:])
    assert not torch.allclose(nested[:, 2:4], whole[:, 2:4])
    assert not torch.allclose(nested[:, :2], whole[:, :2])


def test_a_prefix_that_is_none_says_so():
    assert prefix_lengths((), 3) == (3,)
    with pytest.raises(InputError, match="prefix of 16 dims came; wanted 1 to 8"):
        MatryoshkaLoss(MaskedNceLoss(), (4, 16))(batch(), KEYS)
    with pytest.raises(InputError, match="prefix of 0 dims"):
        prefix_lengths((0, 4), 8)
