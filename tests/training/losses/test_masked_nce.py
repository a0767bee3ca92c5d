"""Masked NCE: its definition by loops, the facts it is made for, and the loss of sentence-transformers."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from embedscope._errors import InputError
from embedscope.training.losses.masked_nce import MaskedNceLoss, NceOptions
from embedscope.training.losses.pair_vectors import PairKeys, PairVectors

torch.set_num_threads(1)


def loss_of(**options):
    return MaskedNceLoss(NceOptions(**options))


def made(n, h, d, seed, alphabet=3):
    """Vectors and keys of a batch; keys from a small alphabet, so that many are equal."""
    rng = torch.Generator().manual_seed(seed)

    def draw(*shape):
        return torch.randn(*shape, generator=rng, dtype=torch.float64)

    def numbers(*shape):
        return torch.randint(0, alphabet, shape, generator=rng)

    batch = PairVectors(draw(n, d), draw(n, d), draw(n, h, d), torch.rand(n, h, generator=rng) < 0.7)
    return batch, PairKeys(numbers(n), numbers(n), numbers(n, h))


def cosine(a, b):
    lengths = math.sqrt(sum(x * x for x in a)) * math.sqrt(sum(x * x for x in b))
    return sum(x * y for x, y in zip(a, b, strict=True)) / lengths


def by_loops(batch, keys, tau, hardness=0.0, shared=False):
    """The definition, with Python's floats."""
    q, p, negatives, present = (
        x.tolist() for x in (batch.queries, batch.positives, batch.negatives, batch.present)
    )
    n, found = len(q), []
    kq, kp, kn = (x.tolist() for x in (keys.queries, keys.positives, keys.negatives))
    for i in range(n):
        own = math.exp(cosine(q[i], p[i]) / tau)
        below = own
        for j in range(n):
            if j != i and kq[j] != kq[i] and kp[j] != kp[i]:
                below += math.exp(cosine(q[i], p[j]) / tau)
        for j in range(n) if shared else [i]:
            for k, vector in enumerate(negatives[j]):
                answers = [kp[m] for m in range(n) if kq[m] == kq[i]]
                if present[j][k] and kn[j][k] not in answers:
                    s = cosine(q[i], vector)
                    below += math.exp(s / tau) * (math.exp(hardness * s) if j == i else 1.0)
        found.append(-math.log(own / below))
    return found


@settings(max_examples=50, deadline=None)
@given(
    st.integers(1, 6),
    st.integers(0, 3),
    st.integers(1, 4),
    st.integers(0, 9999),
    st.sampled_from([1, 3, 50]),
    st.sampled_from([0.0, 5.0]),
    st.booleans(),
)
def test_it_is_its_definition(n, h, d, seed, alphabet, hardness, shared):
    batch, keys = made(n, h, d, seed, alphabet)
    loss = loss_of(temperature=0.2, hardness=hardness, shared_negatives=shared)
    wanted = by_loops(batch, keys, 0.2, hardness, shared)
    found = loss.terms(batch, keys)
    assert found.tolist() == pytest.approx(wanted, rel=1e-9, abs=1e-12)
    assert float(loss(batch, keys)) == pytest.approx(sum(wanted) / n, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("shared", [False, True])
def test_its_gradient_is_that_of_differences(shared):
    batch, keys = made(4, 2, 3, seed=1)
    leaves = [x.requires_grad_() for x in (batch.queries, batch.positives, batch.negatives)]
    loss = loss_of(temperature=0.3, shared_negatives=shared)
    assert torch.autograd.gradcheck(lambda *x: loss.terms(PairVectors(*x, batch.present), keys), leaves)


def test_no_gradient_flows_through_the_weight_of_hardness():
    batch, _ = made(1, 1, 3, seed=2)
    batch = PairVectors(batch.queries, batch.positives, batch.negatives.requires_grad_())
    loss_of(temperature=0.5, hardness=5.0)(batch).backward()
    free = batch.negatives.detach().clone().requires_grad_()
    own = torch.cosine_similarity(batch.queries, batch.positives)
    near = torch.cosine_similarity(batch.queries, free[:, 0])
    weight = math.exp(5 * near.item())
    (torch.log(torch.exp(own / 0.5) + weight * torch.exp(near / 0.5)) - own / 0.5).sum().backward()
    torch.testing.assert_close(batch.negatives.grad, free.grad)


# Eight items of two labels: the queries' vectors are their labels', as a trained model has them.
LABELS = torch.arange(8) % 2
SETTLED = PairVectors(torch.eye(2)[LABELS], torch.eye(2)[LABELS])
KEYS = PairKeys(torch.arange(8), LABELS)


def test_the_literal_equation_has_no_lower_bound_and_this_one_has():
    def literal(tau):
        others = [j for j in range(8) if LABELS[j] != LABELS[0]]
        return -math.log(math.exp(1 / tau) / sum(math.exp(0 / tau) for _ in others))

    assert literal(0.05) == pytest.approx(-18.61, abs=0.005)
    assert literal(0.01) < -90
    for tau in (0.05, 0.01):
        assert 0 <= float(loss_of(temperature=tau)(SETTLED, KEYS)) < 1e-7


def rival(cached=False, **options):
    # Slow to import: only the tests that compare wait for it.
    from sentence_transformers.sentence_transformer import losses

    if cached:
        # It looks at the model's first module, and here embeds nothing.
        model = torch.nn.Sequential(torch.nn.Identity())
        return losses.CachedMultipleNegativesRankingLoss(model, mini_batch_size=3, **options)
    return losses.MultipleNegativesRankingLoss(None, **options)


def trained(loss):
    rng = torch.Generator().manual_seed(0)
    items = torch.randn(8, 4, generator=rng).requires_grad_()
    labels = torch.randn(2, 4, generator=rng).requires_grad_()
    optimiser = torch.optim.Adam([items, labels], lr=0.1)
    for _ in range(100):
        optimiser.zero_grad()
        total = loss(items, labels[LABELS])
        total.backward()
        optimiser.step()
    return float(loss(items, labels[LABELS]).detach())


def test_equal_documents_hold_sentence_transformers_loss_at_ln_4_and_the_masked_one_goes_to_0():
    theirs = rival()
    settled = theirs.compute_loss_from_embeddings([SETTLED.queries, SETTLED.positives], None)
    assert float(settled) == pytest.approx(math.log(4), abs=1e-6)
    stuck = trained(lambda q, p: theirs.compute_loss_from_embeddings([q, p], None))
    assert stuck == pytest.approx(math.log(4), abs=1e-3)
    masked = loss_of()
    assert trained(lambda q, p: masked(PairVectors(q, p), KEYS)) < 1e-3


@pytest.mark.parametrize("cached", [False, True])
@pytest.mark.parametrize(("h", "hardness"), [(0, 0.0), (2, 0.0), (2, 5.0)])
def test_without_equal_texts_it_is_sentence_transformers_loss(cached, h, hardness):
    batch, _ = made(7, h, 5, seed=4)
    batch = PairVectors(batch.queries, batch.positives, batch.negatives)
    keys = PairKeys(torch.arange(7), torch.arange(7), 100 + torch.arange(7 * h).reshape(7, h))
    columns = [batch.queries, batch.positives, *batch.negatives.unbind(1)]
    options = {"hardness_mode": "hard_negatives", "hardness_strength": hardness} if hardness else {}
    theirs = rival(cached, scale=10.0, **options)
    if cached:
        wanted = theirs.calculate_loss([list(column.split(3)) for column in columns])
    else:
        wanted = theirs.compute_loss_from_embeddings(columns, None)
    # Theirs holds every hard negative against every query.
    found = loss_of(temperature=0.1, hardness=hardness, shared_negatives=True)(batch, keys)
    assert float(found) == pytest.approx(float(wanted), abs=1e-6)


def test_without_keys_nothing_is_masked():
    batch, keys = made(5, 2, 3, seed=5, alphabet=1)
    apart = PairKeys(torch.arange(5), torch.arange(5), 9 + torch.zeros(5, 2, dtype=torch.int64))
    loss = loss_of()
    torch.testing.assert_close(loss.terms(batch), loss.terms(batch, apart))
    assert not loss.terms(batch, keys).any()


@pytest.mark.parametrize("shared", [False, True])
def test_a_negative_that_answers_the_same_query_elsewhere_in_the_batch_is_masked(shared):
    batch, _ = made(3, 1, 4, seed=6)
    batch = PairVectors(batch.queries, batch.positives, batch.negatives)
    loss = loss_of(shared_negatives=shared)
    # Pairs 0 and 1 are one query's; 0's negative is 1's document, and 2's is nobody's.
    keys = PairKeys(torch.tensor([1, 1, 2]), torch.tensor([10, 11, 12]), torch.tensor([[11], [13], [14]]))
    keep = torch.tensor([[False], [True], [True]])
    gone = PairVectors(batch.queries, batch.positives, batch.negatives, keep)
    torch.testing.assert_close(loss.terms(batch, keys)[:2], loss.terms(gone, keys)[:2])
    # Query 2 may be held against document 11, which is not its own.
    assert bool(loss.terms(batch, keys)[2] > loss.terms(gone, keys)[2]) is shared


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_large_scores_neither_overflow_nor_vanish(dtype):
    q = torch.tensor([[1.0, 0.0], [0.0, 1.0]], dtype=dtype).requires_grad_()
    wrong = PairVectors(q, q.detach().flip(0))
    total = loss_of(temperature=1e-4)(wrong)
    total.backward()
    assert float(total.detach()) == pytest.approx(1e4)
    assert q.grad.isfinite().all()
    assert q.grad.any()


def test_a_batch_of_one_and_of_equal_texts_teach_nothing_with_a_gradient_of_zero():
    one = torch.tensor([[0.3, 0.4]]).requires_grad_()
    cases = [
        (PairVectors(one, one.detach()), PairKeys(torch.zeros(1, dtype=torch.int64), torch.arange(1))),
        (PairVectors(one.expand(3, 2), torch.ones(3, 2)), PairKeys(torch.arange(3), torch.zeros(3).long())),
        (PairVectors(one, torch.zeros(1, 2), torch.zeros(1, 1, 2), torch.tensor([[False]])), None),
    ]
    for batch, keys in cases:
        one.grad = None
        total = loss_of()(batch, keys)
        total.backward()
        assert float(total.detach()) == 0
        assert not one.grad.any()


def test_ties_and_vectors_of_zeros_stay_finite():
    for vectors in (torch.ones(4, 3), torch.zeros(4, 3)):
        leaf = vectors.clone().requires_grad_()
        total = loss_of(hardness=5.0)(PairVectors(leaf, leaf * 1, leaf[:, None] * 1))
        total.backward()
        assert float(total.detach()) >= math.log(4)
        assert leaf.grad.isfinite().all()


def test_under_autocast_and_in_half_precision_it_is_computed_in_float32():
    batch, keys = made(6, 1, 8, seed=7, alphabet=50)
    half = PairVectors(*(x.bfloat16() for x in (batch.queries, batch.positives, batch.negatives)))
    same = PairVectors(*(x.double() for x in (half.queries, half.positives, half.negatives)))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found = loss_of()(half, keys)
    assert found.dtype == torch.float32
    assert float(found) == pytest.approx(float(loss_of()(same, keys)), rel=1e-4)


def test_what_cannot_be_computed_says_so():
    batch, keys = made(3, 2, 4, seed=8)
    with pytest.raises(InputError, match="Keys of 2 pairs came for vectors of 3"):
        loss_of()(batch, PairKeys(torch.arange(2), torch.arange(2)))
    with pytest.raises(InputError, match=r"hard negatives are none; wanted \(3, 2\)"):
        loss_of()(batch, PairKeys(keys.queries, keys.positives))
    with pytest.raises(InputError, match="temperature=0"):
        NceOptions(temperature=0)
    with pytest.raises(InputError, match="hardness=-1"):
        NceOptions(hardness=-1)
