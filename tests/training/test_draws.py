"""Draws: rows and variants, the same by seed, and going on from a state."""

from __future__ import annotations

import json

import numpy as np

from embedscope.training.draws import Draws
from embedscope.training.samplers import BatchPlan, ClassBalancedBatches

LABELS, DOMAINS = np.arange(24) // 3, np.arange(24) // 12


def draws(seed: int = 0, variants: int = 2) -> Draws:
    batches = ClassBalancedBatches(LABELS, DOMAINS, BatchPlan(3, 2), seed)
    return Draws(batches, variants, seed)


def taken(source: Draws, count: int) -> list[list[int]]:
    return [each.tolist() for _ in range(count) for each in next(source)]


def test_a_seed_is_one_row_of_draws():
    assert taken(draws(1), 20) == taken(draws(1), 20) != taken(draws(2), 20)


def test_every_variant_comes_and_none_above():
    seen = np.concatenate([next(source)[1] for source in [draws()] for _ in range(50)])
    assert set(seen.tolist()) == {0, 1, 2}
    plain = draws(variants=0)
    assert all(not next(plain)[1].any() for _ in range(5))
    assert max(next(draws(variants=1 << 31))[1]) > 2


def test_a_state_goes_on_exactly_through_json():
    source = draws(3)
    taken(source, 7)
    state = json.loads(json.dumps(source.state_dict()))
    rest = taken(source, 9)
    other = draws(8)
    other.load_state_dict(state)
    assert taken(other, 9) == rest
