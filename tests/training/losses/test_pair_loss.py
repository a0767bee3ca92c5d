"""All terms of a batch of pairs: their sum, a teacher, and the gradient cache over a small text model."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from embedscope._errors import InputError
from embedscope.training.gradient_cache import cached_backward
from embedscope.training.losses.embedding import EmbeddingLoss
from embedscope.training.losses.masked_nce import MaskedNceLoss, NceOptions
from embedscope.training.losses.pair_loss import PairLoss, PairLossOptions
from embedscope.training.losses.pair_vectors import PairKeys, PairVectors
from embedscope.training.losses.setting import Setting
from embedscope.training.losses.spread_out import SpreadOutLoss

torch.set_num_threads(1)

PAIRS, DIMS, TEACHER = 6, 8, 5
PRESENT = torch.tensor([[1, 0], [0, 0], [1, 1], [1, 0], [1, 1], [0, 1]]).bool()
KEYS = PairKeys(
    torch.tensor([1, 2, 3, 3, 4, 5]),
    torch.tensor([10, 10, 11, 12, 13, 14]),
    torch.tensor([[20, 0], [0, 0], [12, 21], [22, 0], [23, 24], [0, 25]]),
)


def draw(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def batch(dims=DIMS, seed=0):
    return PairVectors.of_stacked(draw(2 * PAIRS + int(PRESENT.sum()), dims, seed=seed), PAIRS, PRESENT)


def matching():
    torch.manual_seed(0)
    return EmbeddingLoss(Setting(DIMS, (np.zeros((1, TEACHER), np.float32),))).double()


OPTIONS = PairLossOptions(NceOptions(0.1, hardness=5.0), dims=(2, 4), spread_out=0.5, matching=2.0)


def test_it_is_the_weighted_sum_of_its_parts():
    loss, student, teacher = PairLoss(OPTIONS, matching()), batch(), batch(TEACHER, seed=1)
    found = loss.of_batch(student, KEYS, teacher)
    nce, spread = MaskedNceLoss(OPTIONS.nce), SpreadOutLoss()
    for name, dims in (("nce at 2", 2), ("nce at 4", 4), ("nce", 8)):
        torch.testing.assert_close(found.parts[name], nce(student.prefix(dims), KEYS))
    wanted = sum(spread(student.prefix(dims), KEYS) for dims in (2, 4, 8))
    torch.testing.assert_close(found.parts["spread out"], wanted)
    p = found.parts
    total = p["nce at 2"] + p["nce at 4"] + p["nce"] + 0.5 * p["spread out"] + 2 * p["matching"]
    torch.testing.assert_close(found.total.detach(), total)
    torch.testing.assert_close(loss(student, KEYS, teacher), found.total)


def test_embedding_matching_takes_every_text_once():
    loss, student, teacher = PairLoss(OPTIONS, matching()), batch(), batch(TEACHER, seed=1)
    (projector,) = loss.matching.projectors
    gaps = [
        1 - torch.cosine_similarity(projector(row), other, dim=0)
        for row, other in zip(student.stacked(), teacher.stacked(), strict=True)
    ]
    assert len(gaps) == 2 * PAIRS + 7
    found = loss.of_batch(student, KEYS, teacher).parts["matching"]
    torch.testing.assert_close(found, torch.stack(gaps).mean().detach())


def test_by_default_it_is_masked_nce_and_unmasked_only_where_asked_for():
    student = batch()
    torch.testing.assert_close(PairLoss()(student, KEYS), MaskedNceLoss()(student, KEYS))
    bare = PairLoss(PairLossOptions(masked=False))
    torch.testing.assert_close(bare(student, KEYS), MaskedNceLoss()(student))
    assert bare(student) > PairLoss()(student, KEYS)
    with pytest.raises(InputError, match="No keys came"):
        PairLoss()(student)


class Bag(torch.nn.Module):
    """A small text model: tokens, mixed with their text's mean, pooled and projected."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(1)
        self.words = torch.nn.Embedding(30, 12)
        self.mix = torch.nn.Linear(24, 12)
        self.out = torch.nn.Linear(12, DIMS)
        self.double()

    def forward(self, features):
        mask = features["attention_mask"].double()[..., None]
        words = self.words(features["input_ids"])
        mean = (words * mask).sum(1, keepdim=True) / mask.sum(1, keepdim=True)
        mixed = torch.tanh(self.mix(torch.cat([words, mean.expand_as(words)], dim=-1)))
        return self.out((mixed * mask).sum(1) / mask.sum(1))


def chunks(size):
    """All texts of the batch, of 1 to 7 tokens, each chunk padded to its own longest."""
    rng = np.random.default_rng(0)
    texts = [rng.integers(1, 30, rng.integers(1, 8)) for _ in range(2 * PAIRS + int(PRESENT.sum()))]
    made = []
    for start in range(0, len(texts), size):
        part = texts[start : start + size]
        ids = torch.zeros(len(part), max(map(len, part)), dtype=torch.int64)
        for row, text in enumerate(part):
            ids[row, : len(text)] = torch.from_numpy(text)
        made.append({"input_ids": ids, "attention_mask": (ids > 0).long()})
    return made


@pytest.mark.parametrize("size", [1, 4, 19])
def test_in_chunks_the_gradients_are_those_of_the_whole_batch(size):
    teacher = batch(TEACHER, seed=1)
    (model, loss), (twin, wanted) = ((Bag(), PairLoss(OPTIONS, matching())) for _ in range(2))
    step = cached_backward(
        model, chunks(size), lambda s: loss(PairVectors.of_stacked(s, PAIRS, PRESENT), KEYS, teacher)
    )
    (whole,) = chunks(100)
    total = wanted(PairVectors.of_stacked(twin(whole), PAIRS, PRESENT), KEYS, teacher)
    total.backward()
    torch.testing.assert_close(step.loss, total.detach(), rtol=1e-9, atol=0)
    found = [*model.parameters(), *loss.parameters()]
    for mine, theirs in zip(found, [*twin.parameters(), *wanted.parameters()], strict=True):
        assert mine.grad.any()
        torch.testing.assert_close(mine.grad, theirs.grad, rtol=1e-6, atol=1e-10)


def test_a_teacher_without_matching_and_the_other_way_round_say_so():
    with pytest.raises(InputError, match="the loss did not come"):
        PairLoss()(batch(), KEYS, batch(TEACHER))
    with pytest.raises(InputError, match="the vectors did not come"):
        PairLoss(OPTIONS, matching())(batch(), KEYS)
    with pytest.raises(InputError, match="teacher has vectors of 12 texts and the student of 19"):
        PairLoss(OPTIONS, matching())(batch(), KEYS, PairVectors(draw(6, TEACHER), draw(6, TEACHER)))
    with pytest.raises(InputError, match="spread_out=-1"):
        PairLossOptions(spread_out=-1)
