from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from embedscope.comparison.anchor_pairs import anchor_pairs
from embedscope.comparison.bandwidth import Bandwidth
from embedscope.comparison.neighborhoods import Neighborhoods

sys.path.insert(0, str(Path(__file__).parent))
from clouds import clouds
from oracles import Oracle


def sides(factor=0.2):
    return [Neighborhoods.of(x, Bandwidth.mean_distance(factor)) for x in clouds()[:2]]


def test_the_largest_terms_of_either_sign_come_first():
    both = sides()
    slow = Oracle.of(*(s.vectors for s in both), clouds()[2], *(s.sigma for s in both)).terms()[11]
    pairs = anchor_pairs(*both, 11, 10)
    assert pairs.rows.tolist() == np.argsort(-np.abs(slow), kind="stable")[:10].tolist()
    np.testing.assert_allclose(pairs.contributions, slow[pairs.rows], rtol=1e-9)


def test_only_among_the_items_asked_for_and_never_itself():
    among = np.zeros(80, bool)
    among[[4, 11, 60]] = True
    pairs = anchor_pairs(*sides(), 11, 10, among)
    assert sorted(pairs.rows.tolist()) == [4, 60]
    assert repr(pairs).startswith("AnchorPairs(2 items of anchor 11, KL ")


def test_far_items_of_no_probability_contribute_nothing():
    pairs = anchor_pairs(*sides(0.02), 0, 79)
    assert np.isfinite(pairs.contributions).all()
    assert (pairs.contributions[pairs.teacher_probability == 0] == 0).all()
