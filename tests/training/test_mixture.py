from __future__ import annotations

import json

import numpy as np
import pytest

from embedscope._errors import InputError
from embedscope.training.mixture import MixtureSampler, MixtureSource


def take(sampler, count):
    return [(batch.source, batch.rows.tolist()) for batch in (next(sampler) for _ in range(count))]


def twins(size, keys):
    return MixtureSource(size, keys=np.arange(size) % keys)


def sources():
    return [MixtureSource(10, 3.0), twins(12, 6), MixtureSource(2, 0.5), twins(7, 7)]


def test_each_batch_is_of_one_source_and_the_rates_are_kept_exactly():
    sampler = MixtureSampler([MixtureSource(50, 5), MixtureSource(9, 3), MixtureSource(20, 2)], 4)
    drawn = [source for source, _ in take(sampler, 200)]
    assert np.bincount(drawn).tolist() == sampler.batches == [100, 60, 40]
    assert np.bincount(drawn[:10]).tolist() == [5, 3, 2]
    assert sampler.rounds == pytest.approx([400 / 50, 240 / 9, 160 / 20])


def test_without_rates_sources_come_by_their_sizes_so_that_all_end_a_round_together():
    sampler = MixtureSampler([MixtureSource(100), MixtureSource(300), MixtureSource(20)], 10)
    assert sampler.steps_per_epoch == 42
    take(sampler, 42)
    assert sampler.rounds == [1.0, 1.0, 1.0]


def test_within_a_source_items_come_each_once_a_round_in_an_order_of_its_own():
    drawn = take(MixtureSampler([MixtureSource(10), MixtureSource(10)], 3), 40)
    for source in range(2):
        rows = [row for number, batch in drawn if number == source for row in batch]
        assert len(rows) == 60
        rounds = [tuple(rows[start : start + 10]) for start in range(0, 60, 10)]
        assert all(sorted(each) == list(range(10)) for each in rounds)
        assert len(set(rounds)) == 6
    assert all(len(set(batch)) == 3 for _, batch in drawn)


def test_a_source_smaller_than_a_batch_is_taken_whole():
    drawn = take(MixtureSampler([MixtureSource(5), MixtureSource(40)], 8), 30)
    assert {len(rows) for source, rows in drawn if source == 1} == {8}
    small = [sorted(rows) for source, rows in drawn if source == 0]
    assert small == [[0, 1, 2, 3, 4]] * len(small) != []


def test_no_two_items_that_share_a_query_or_a_document_come_together():
    rng = np.random.default_rng(0)
    keys = np.stack([rng.permutation(60) // 3, rng.permutation(60) // 2], axis=1)
    drawn = take(MixtureSampler([MixtureSource(60, keys=keys), MixtureSource(60)], 8), 60)
    for source, rows in drawn:
        if source == 0:
            assert all(len(set(column)) == len(rows) for column in keys[rows].T.tolist())
    seen = np.bincount([row for source, rows in drawn if source == 0 for row in rows], minlength=60)
    assert seen.max() - seen.min() <= 2
    # Without the refusal there would be such batches.
    assert any(len(set(keys[rows, 0].tolist())) < len(rows) for source, rows in drawn if source == 1)


def test_the_same_seed_gives_the_same_and_another_does_not():
    first, again, other = (take(MixtureSampler(sources(), 3, seed), 30) for seed in (5, 5, 6))
    assert first == again != other
    assert [source for source, _ in first] == [source for source, _ in other]


@pytest.mark.parametrize("done", [0, 1, 7, 23])
def test_a_saved_state_goes_on_exactly_through_json(done):
    whole, first, second = (MixtureSampler(sources(), 4, seed) for seed in (1, 1, 9))
    wanted = take(whole, 60)
    drawn = take(first, done)
    second.load_state_dict(json.loads(json.dumps(first.state_dict())))
    assert drawn + take(second, 60 - done) == wanted
    assert second.state_dict() == whole.state_dict()


def test_a_saved_state_does_not_move_with_the_sampler_that_gave_it():
    sampler = MixtureSampler(sources(), 4)
    take(sampler, 5)
    state, kept = sampler.state_dict(), json.dumps(sampler.state_dict())
    take(sampler, 9)
    assert json.dumps(state) == kept


def test_what_cannot_be_drawn_says_so():
    with pytest.raises(InputError, match="0 sources and batches of 4"):
        MixtureSampler([], 4)
    with pytest.raises(InputError, match="batches of 0"):
        MixtureSampler([MixtureSource(3)], 0)
    with pytest.raises(InputError, match="A source of 0 items"):
        MixtureSource(0)
    with pytest.raises(InputError, match=r"keys of shape \(2,\)"):
        MixtureSource(3, keys=np.arange(2))
    with pytest.raises(InputError, match="A rate of 0"):
        MixtureSampler([MixtureSource(3, 0)], 4)
    with pytest.raises(InputError, match="3 of 4 items have the key 1"):
        MixtureSampler([MixtureSource(4, keys=np.array([1, 1, 1, 2]))], 2)


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (MixtureSampler([MixtureSource(4, 1), MixtureSource(6, 1)], 2), r"sizes=\[3, 6\].*\[4, 6\]"),
        (MixtureSampler([MixtureSource(3, 2), MixtureSource(6, 1)], 2), r"rates=\[1.0, 1.0\]"),
        (MixtureSampler([MixtureSource(3, 1), MixtureSource(6, 1)], 3), "batch_size=2 and this one 3"),
        (MixtureSampler([MixtureSource(3, 1), MixtureSource(6, 1, np.arange(6))], 2), "distinct="),
    ],
)
def test_a_state_of_another_mixture_says_so(other, said):
    saved = MixtureSampler([MixtureSource(3, 1), MixtureSource(6, 1)], 2).state_dict()
    with pytest.raises(InputError, match=said):
        other.load_state_dict(saved)
