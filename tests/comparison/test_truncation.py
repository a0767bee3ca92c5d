from __future__ import annotations

import numpy as np
import pytest
import torch

from embedscope._errors import InputError
from embedscope.comparison import prefix_neighbors, truncation
from embedscope.comparison.truncation import truncation_curve
from embedscope.encoders.protocol import EncoderRecord
from embedscope.spaces.space import Space


def vectors(n=120, dims=24, seed=0):
    return (np.random.default_rng(seed).standard_normal((n, dims)) / np.arange(1, dims + 1) ** 0.5).astype(
        np.float32
    )


def slow_recall(x, cut, k, metric):
    def lists(points):
        points = points.astype(np.float64)
        if metric == "cosine":
            points = points / np.linalg.norm(points, axis=1, keepdims=True)
        distances = np.stack([((points - row) ** 2).sum(axis=1) for row in points])
        np.fill_diagonal(distances, np.inf)
        return np.argsort(distances, axis=1, kind="stable")[:, :k]

    full, part = lists(x), lists(x[:, :cut])
    return np.mean([len(set(a) & set(b)) / k for a, b in zip(full, part, strict=True)])


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_agrees_with_sets_of_a_slow_search(metric, monkeypatch):
    monkeypatch.setattr(prefix_neighbors, "_TILE_NUMBERS", 1000)
    monkeypatch.setattr(truncation, "_RANKED", 7)
    curve = truncation_curve(Space.from_arrays(vectors(), metric=metric), [2, 3, 16], k=6, sample=None)
    assert curve.dims.tolist() == [2, 3, 16, 24]
    wanted = [slow_recall(vectors(), cut, 6, metric) for cut in (2, 3, 16, 24)]
    np.testing.assert_allclose(curve.recall, wanted, atol=1e-12)
    assert curve.recall[-1] == 1
    assert curve.sampling.is_exact


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="this machine has no CUDA device")
def test_a_gpu_gives_the_same_curve():
    space = Space.from_arrays(vectors(500))
    one, two = (truncation_curve(space, [2, 9], device=device) for device in ("cpu", "cuda"))
    np.testing.assert_allclose(one.recall, two.recall, atol=1e-3)


def test_a_sample_looks_among_all_items():
    space = Space.from_arrays(vectors(400))
    whole, some = truncation_curve(space, [4, 12]), truncation_curve(space, [4, 12], sample=150, seed=2)
    assert (some.sampling.n, some.sampling.of, some.sampling.seed) == (150, 400, 2)
    assert ((some.low <= whole.recall) & (whole.recall <= some.high)).all()


def test_duplicates_do_not_count_against_a_prefix():
    twice = np.repeat(np.eye(6, dtype=np.float32) + 0.1, 8, axis=0)
    curve = truncation_curve(Space.from_arrays(twice), [5], k=3)
    assert curve.recall.tolist() == [1, 1]


def test_prefixes_of_zeros_find_nothing():
    space = Space.from_arrays([[0, 1.0], [0, 2.0], [0, 3.0], [1.0, 0]])
    assert truncation_curve(space, [1], k=1).recall.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("dims", "steps"), [(1, [1]), (6, [4, 6]), (768, [8, 16, 32, 64, 128, 256, 512, 576, 768])]
)
def test_steps_are_powers_of_two_three_quarters_and_all(dims, steps):
    assert truncation._steps(None, dims).tolist() == steps


def test_the_smallest_dims_that_keep_enough():
    curve = truncation_curve(Space.from_arrays(vectors()), [2, 8, 16], k=5)
    assert curve.smallest(1.0) == 24
    assert curve.smallest(0.0) == 2
    assert curve.smallest(float(curve.recall[2])) == 16
    assert curve.smallest(1.1) is None


def test_it_says_whether_the_encoder_was_trained_for_it():
    record = EncoderRecord("test:nested", frozenset({"text"}), 24, matryoshka=True)
    for encoder, words in ((record, "(trained for it)"), (None, "training not known")):
        curve = truncation_curve(Space.from_arrays(vectors(), encoder=encoder), [4])
        assert words in repr(curve)
    assert "recall@10" in curve._repr_html_()
    assert curve.to_frame().column_names == ["dims", "recall", "low", "high"]
    assert len(curve) == 2


def test_bad_input_says_what_is_wanted():
    space = Space.from_arrays(vectors(5))
    with pytest.raises(InputError, match="dims=25: this space has 24 dims"):
        truncation_curve(space, [25], k=2)
    with pytest.raises(InputError, match="k=10 neighbours from 5 items"):
        truncation_curve(space)
    with pytest.raises(InputError, match="all zeros"):
        truncation_curve(Space.from_arrays(np.zeros((3, 2))), k=1)
