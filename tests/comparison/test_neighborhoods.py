from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from embedscope._errors import InputError
from embedscope.comparison import neighborhoods
from embedscope.comparison.bandwidth import Bandwidth
from embedscope.comparison.neighborhoods import Neighborhoods

sys.path.insert(0, str(Path(__file__).parent))
from clouds import clouds
from oracles import log_softmax_others, squared_distances


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
@pytest.mark.parametrize("at_once", [7, 1000])
def test_one_row_agrees_with_the_slow_version(metric, at_once, monkeypatch):
    monkeypatch.setattr(neighborhoods, "_ROWS_AT_ONCE", at_once)
    side = Neighborhoods.of(clouds()[0], Bandwidth.perplexity(4), metric)
    slow = log_softmax_others(squared_distances(side.vectors, metric), side.sigma)
    for row in (0, 41, 79):
        np.testing.assert_allclose(side.log_probabilities(row), slow[row], rtol=1e-10)
        np.testing.assert_allclose(side.squared_distances(row), squared_distances(side.vectors, metric)[row])


def test_says_what_it_is():
    side = Neighborhoods.of(clouds()[0], Bandwidth.fixed(0.5))
    assert repr(side) == "Neighborhoods(80 items, cosine, σ 0.5)"
    assert len(side) == 80


def test_float32_vectors_are_not_copied():
    vectors = clouds()[0]
    assert np.shares_memory(Neighborhoods.of(vectors, Bandwidth.fixed(1)).vectors, vectors)


def test_one_item_has_no_neighbourhood():
    with pytest.raises(InputError, match="student's vectors: 1 item came"):
        Neighborhoods.of(np.ones((1, 3)), name="the student's vectors")
