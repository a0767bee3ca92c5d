"""A batch of pairs: stacked, parted, cut; what is equal; what is refused."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from embedscope._errors import InputError
from embedscope.training.losses.pair_vectors import PairKeys, PairVectors

torch.set_num_threads(1)


def draw(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


PRESENT = torch.tensor([[True, False], [False, False], [True, True]])


def test_what_was_parted_is_stacked_again_and_gradients_flow_back():
    stacked = draw(9, 4).requires_grad_()
    parted = PairVectors.of_stacked(stacked, 3, PRESENT)
    assert (parted.negatives[PRESENT] == stacked[6:]).all()
    assert not parted.negatives[~PRESENT].any()
    assert (parted.stacked() == stacked).all()
    (parted.negatives**2).sum().backward()
    torch.testing.assert_close(stacked.grad, torch.cat([torch.zeros(6, 4), 2 * stacked[6:].detach()]))


def test_without_a_mask_all_negatives_are_there_and_without_negatives_none():
    batch = PairVectors(draw(3, 4), draw(3, 4), draw(3, 2, 4))
    assert batch.stacked().shape == (12, 4)
    assert (batch.stacked()[6:] == batch.negatives.reshape(6, 4)).all()
    bare = PairVectors.of_stacked(draw(6, 4), 3)
    assert bare.negatives is None
    assert (len(bare), bare.dims) == (3, 4)


def test_prefixes_are_cut_and_directions_have_length_one_in_float32():
    batch = PairVectors(*(draw(3, 4).bfloat16() for _ in range(2)), draw(3, 1, 4).bfloat16())
    found = batch.prefix(2).directions()
    assert found.queries.dtype == torch.float32
    for vectors in (found.queries, found.positives, found.negatives):
        torch.testing.assert_close(vectors.norm(dim=-1), torch.ones(vectors.shape[:-1]))
    torch.testing.assert_close(
        found.queries * batch.queries[:, :2].float().norm(dim=1, keepdim=True), batch.queries[:, :2].float()
    )


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 6), st.integers(1, 3), st.integers(0, 999))
def test_an_answer_is_what_a_pair_of_the_batch_says(n, h, seed):
    rng = torch.Generator().manual_seed(seed)

    def numbers(*shape):
        # Far apart and of both signs, as hashes are.
        return torch.randint(-2, 2, shape, generator=rng) * (2**61)

    keys = PairKeys(numbers(n), numbers(n))
    asked, documents = numbers(n, h), numbers(n, h)
    pairs = set(zip(keys.queries.tolist(), keys.positives.tolist(), strict=True))
    wanted = [
        [pair in pairs for pair in zip(*rows, strict=True)]
        for rows in zip(asked.tolist(), documents.tolist(), strict=True)
    ]
    assert keys.is_answer(asked, documents).tolist() == wanted


def test_what_does_not_fit_together_says_so():
    with pytest.raises(InputError, match="no pairs came"):
        PairVectors(draw(0, 4), draw(0, 4))
    with pytest.raises(
        InputError, match=r"positives are of shape \(2, 4\); with these queries wanted \(3, 4\)"
    ):
        PairVectors(draw(3, 4), draw(2, 4))
    with pytest.raises(InputError, match=r"negatives are of shape \(3, 2, 5\)"):
        PairVectors(draw(3, 4), draw(3, 4), draw(3, 2, 5))
    with pytest.raises(InputError, match=r"present are of shape \(3, 2\).*wanted \(3, 1\)"):
        PairVectors(draw(3, 4), draw(3, 4), draw(3, 1, 4), PRESENT)
    with pytest.raises(InputError, match="8 vectors came; wanted 9: those of 3 queries"):
        PairVectors.of_stacked(draw(8, 4), 3, PRESENT)
    with pytest.raises(InputError, match="keys of the positives"):
        PairKeys(torch.arange(3), torch.arange(2))
    with pytest.raises(InputError, match="keys of the negatives"):
        PairKeys(torch.arange(3), torch.arange(3), torch.zeros(2, 1, dtype=torch.int64))
