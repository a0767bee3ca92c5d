from __future__ import annotations

import json
from collections import Counter

import numpy as np
import pytest

from embedscope._errors import InputError
from embedscope.training.domain_sampler import DomainRule
from embedscope.training.samplers import BatchPlan, ClassBalancedBatches

# Two domains whose class numbers overlap: 10 classes of 6, and 4 of 1 to 4.
LABELS = np.concatenate([np.repeat(np.arange(10), 6), np.repeat(np.arange(4), np.arange(1, 5))])
DOMAINS = np.concatenate([np.zeros(60, np.int64), np.ones(10, np.int64)])


def batches(plan, seed=0):
    return ClassBalancedBatches(LABELS, DOMAINS, plan, seed)


def take(made, count):
    return [next(made).tolist() for _ in range(count)]


def classes(rows):
    return Counter(zip(DOMAINS[rows].tolist(), LABELS[rows].tolist(), strict=True))


def test_a_batch_is_p_classes_of_m_items_of_one_domain():
    seen = set()
    for rows in take(batches(BatchPlan(4, 3)), 60):
        (domain,) = set(DOMAINS[rows])
        seen.add(int(domain))
        assert len(set(rows)) == len(rows)
        if domain == 0:
            assert sorted(classes(rows).values()) == [3, 3, 3, 3]
    assert seen == {0, 1}


def test_small_classes_are_filled_up_with_further_ones_and_never_with_the_same_item():
    made = ClassBalancedBatches(LABELS[60:], DOMAINS[60:] - 1, BatchPlan(2, 3))
    for rows in take(made, 50):
        assert len(set(rows)) == len(rows) == 6
        assert max(Counter(LABELS[60:][rows]).values()) <= 3


def test_a_domain_smaller_than_a_batch_is_taken_whole():
    rows = next(ClassBalancedBatches(np.arange(5), np.zeros(5, np.int64), BatchPlan(4, 4)))
    assert sorted(rows.tolist()) == [0, 1, 2, 3, 4]


def test_classes_and_items_come_each_once_before_one_comes_again():
    made = ClassBalancedBatches(LABELS[:60], DOMAINS[:60], BatchPlan(5, 3))
    for _ in range(4):
        rows = np.concatenate(take(made, 4))
        assert sorted(rows.tolist()) == list(range(60))


def test_classes_stay_even_where_a_round_ends_within_a_batch():
    made = ClassBalancedBatches(LABELS[:60], DOMAINS[:60], BatchPlan(4, 2))
    drawn = Counter(int(c) for rows in take(made, 100) for c in np.unique(LABELS[rows]))
    assert max(drawn.values()) - min(drawn.values()) <= 1


def test_a_mixed_batch_draws_each_class_of_a_domain():
    domains = Counter()
    for rows in take(batches(BatchPlan(4, 2, mixed=True)), 200):
        assert len(set(rows)) == len(rows)
        assert max(classes(rows).values()) <= 2
        domains.update(DOMAINS[rows].tolist())
    assert domains[1] / domains.total() == pytest.approx(0.5, abs=0.06)


def test_without_labels_each_item_is_a_class():
    made = ClassBalancedBatches(np.arange(30), np.zeros(30, np.int64), BatchPlan(10, 1))
    assert sorted(np.concatenate(take(made, 3)).tolist()) == list(range(30))
    assert made.steps_per_epoch == 3


def test_the_same_seed_gives_the_same_batches():
    plan = BatchPlan(3, 2)
    assert take(batches(plan, 1), 30) == take(batches(plan, 1), 30) != take(batches(plan, 2), 30)


@pytest.mark.parametrize("mixed", [False, True])
@pytest.mark.parametrize("stop", [1, 7, 23])
def test_interrupted_and_resumed_is_uninterrupted(mixed, stop):
    plan = BatchPlan(3, 2, mixed, DomainRule("loss", every=5))

    def drive(made, count):
        given = []
        for _ in range(count):
            given.append(next(made).tolist())
            made.record({int(d): 1.0 + d for d in np.unique(DOMAINS[given[-1]])})
        return given

    whole = batches(plan)
    wanted = drive(whole, 40)
    first = batches(plan)
    before = drive(first, stop)
    second = batches(plan, seed=123)
    second.load_state_dict(json.loads(json.dumps(first.state_dict())))
    assert before + drive(second, 40 - stop) == wanted
    assert second.state_dict() == whole.state_dict()


def test_what_cannot_be_batched_says_so():
    with pytest.raises(InputError, match="2 labels and 3 domains came"):
        ClassBalancedBatches(np.arange(2), np.zeros(3, np.int64))
    with pytest.raises(InputError, match="Domain 1 has no items"):
        ClassBalancedBatches(np.arange(2), np.array([0, 2]))
    with pytest.raises(InputError, match="A domain is -1"):
        ClassBalancedBatches(np.arange(2), np.array([0, -1]))
    with pytest.raises(InputError, match="0 classes"):
        BatchPlan(0, 2)
    with pytest.raises(InputError, match=r"of \[10, 4\] classes a domain and these of \[3\]"):
        ClassBalancedBatches(np.arange(3), np.zeros(3, np.int64)).load_state_dict(batches(None).state_dict())
