from __future__ import annotations

import numpy as np
import pytest

from embedscope._errors import InputError, MissingError
from embedscope.neighbors import Neighbors
from embedscope.neighbors.neighbors import check_metric


def some(recall=None, sampled=None):
    return Neighbors(
        np.array([[1, 2], [0, 2], [1, 0]], np.int32), np.ones((3, 2), np.float32), "cosine", recall, sampled
    )


def test_take_keeps_the_nearest_and_what_is_known():
    taken = some(0.9, 500).take(1)
    assert taken.indices.tolist() == [[1], [0], [1]]
    assert (taken.k, taken.recall, taken.sampled, len(taken)) == (1, 0.9, 500, 3)


@pytest.mark.parametrize("k", [0, 3])
def test_take_refuses_what_is_not_there(k):
    with pytest.raises(InputError, match="between 1 and 2"):
        some().take(k)


def test_repr_says_how_sure_it_is():
    assert repr(some()) == "Neighbors(3 items, k=2, cosine, exact)"
    assert repr(some(0.951, 500)) == "Neighbors(3 items, k=2, cosine, recall 0.951 on 500 items)"


def test_unknown_metric_suggests_the_nearest():
    with pytest.raises(MissingError, match="Did you mean 'euclidean'"):
        check_metric("euclidian")
