from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from embedscope.layouts.subject import subject_of
from embedscope.neighbors import exact_neighbors


def test_an_array_is_under_cosine_and_finds_neighbours_itself():
    subject = subject_of(np.eye(4))
    assert subject.metric == "cosine"
    assert subject.find(2).k == 2
    assert subject_of(np.eye(4), "euclidean").find(1).metric == "euclidean"


def test_a_spaces_kept_neighbours_serve_its_own_metric_only():
    def kept(k):
        return exact_neighbors(np.eye(4), k, metric="euclidean")

    space = SimpleNamespace(vectors=np.eye(4), metric="euclidean", neighbors=kept)
    assert subject_of(space).find is kept
    assert subject_of(space, "cosine").find(1).metric == "cosine"
