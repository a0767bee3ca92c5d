from __future__ import annotations

import json

import numpy as np
import pytest

from embedscope._errors import InputError
from embedscope.training.domain_sampler import DomainRule, DomainSampler


def shares(sampler, steps=3000, domains=3):
    return np.bincount([sampler.draw()[0] for _ in range(steps)], minlength=domains) / steps


def test_uniform_draws_each_as_often_and_size_by_items():
    assert shares(DomainSampler([10, 20, 70])) == pytest.approx([1 / 3] * 3, abs=0.03)
    assert shares(DomainSampler([10, 20, 70], DomainRule("size"))) == pytest.approx([0.1, 0.2, 0.7], abs=0.03)


def test_the_same_seed_draws_the_same_and_another_does_not():
    first, again, other = (DomainSampler([1, 1, 1], seed=seed) for seed in (5, 5, 6))
    drawn = [sampler.draw(40) for sampler in (first, again, other)]
    assert drawn[0] == drawn[1] != drawn[2]


def test_a_harder_domain_is_drawn_more_often_from_the_first_look_on():
    sampler = DomainSampler([5, 5, 5], DomainRule("loss", every=60, floor=0))
    losses = {0: 1.0, 1: 2.0, 2: 5.0}
    for _ in range(60):
        (domain,) = sampler.draw()
        assert sampler.probabilities.tolist() == [1 / 3] * 3
        sampler.record({domain: losses[domain]})
    sampler.draw()
    assert sampler.probabilities == pytest.approx([1 / 8, 2 / 8, 5 / 8])


def test_it_follows_the_losses_since_the_last_look_only():
    sampler = DomainSampler([5, 5], DomainRule("loss", every=1, floor=0))
    for losses, wanted in (({0: 3.0, 1: 1.0}, 0.75), ({0: 1.0, 1: 1.0}, 0.5), ({0: 1.0, 1: 9.0}, 0.1)):
        sampler.draw()
        sampler.record(losses)
        sampler.draw()
        assert sampler.probabilities[0] == pytest.approx(wanted)


def test_an_unseen_domain_keeps_its_weight_and_a_learnt_one_the_floor():
    sampler = DomainSampler([5, 5, 5, 5], DomainRule("loss", every=1, floor=0.2))
    sampler.draw()
    sampler.record({0: 0.0, 1: 3.0, 2: 1.0})
    sampler.draw()
    # Of three quarters: none, three and one part, and the unseen quarter; four fifths of that over a floor.
    assert sampler.probabilities == pytest.approx(0.05 + 0.8 * np.array([0, 0.5625, 0.1875, 0.25]))


def test_losses_of_nothing_change_nothing():
    sampler = DomainSampler([5, 5], DomainRule("loss", every=1))
    for _ in range(3):
        sampler.draw()
        sampler.record({0: 0.0, 1: -1e-9})
    assert sampler.probabilities.tolist() == [0.5, 0.5]


def test_a_saved_state_goes_on_exactly_through_json():
    def drive(sampler, steps):
        drawn = []
        for _ in range(steps):
            drawn.append(sampler.draw()[0])
            sampler.record({drawn[-1]: 1.0 + 3 * drawn[-1]})
        return drawn

    rule = DomainRule("loss", every=7)
    whole = DomainSampler([3, 4, 5], rule, seed=2)
    wanted = drive(whole, 60)
    first = DomainSampler([3, 4, 5], rule, seed=2)
    drawn = drive(first, 24)
    second = DomainSampler([3, 4, 5], rule, seed=99)
    second.load_state_dict(json.loads(json.dumps(first.state_dict())))
    assert drawn + drive(second, 36) == wanted
    assert second.state_dict() == whole.state_dict()


def test_what_cannot_be_drawn_says_so():
    with pytest.raises(InputError, match="Domain 1 has no items"):
        DomainSampler([3, 0])
    with pytest.raises(InputError, match="No domain came"):
        DomainSampler([])
    with pytest.raises(InputError, match="every=0"):
        DomainRule(every=0)
    with pytest.raises(InputError, match="loss of domain 1 is nan"):
        DomainSampler([1, 1]).record({1: float("nan")})
    with pytest.raises(InputError, match="saved sampler has 2 domains and this one 3"):
        DomainSampler([1, 1, 1]).load_state_dict(DomainSampler([1, 1]).state_dict())
