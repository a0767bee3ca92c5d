"""The next map: from the one before, turned like it, as trustworthy as one from nothing."""

from __future__ import annotations

import numpy as np
import pytest

from embedscope._errors import InputError
from embedscope.layouts.align import align
from embedscope.layouts.layout import layout
from embedscope.layouts.next_layout import next_layout


def blobs(noise: float, n: int = 120) -> np.ndarray:
    rng = np.random.default_rng(1)
    centres = np.eye(6)[np.arange(n) % 6]
    return (centres + noise * rng.normal(size=(n, 6))).astype(np.float32)


def moved(before: np.ndarray, after: np.ndarray) -> float:
    """How far the median item went, against the size of the map."""
    return float(np.median(np.linalg.norm(after - before, axis=1)) / np.ptp(before))


def test_without_one_before_it_is_a_layout_of_its_own() -> None:
    vectors = blobs(0.2)
    assert np.array_equal(next_layout(vectors, None).coords, layout(vectors).coords)


def test_it_lies_nearer_to_the_one_before_than_a_new_one_turned_alike() -> None:
    first = next_layout(blobs(0.2), None)
    later = blobs(0.25)
    followed = next_layout(later, first)
    fresh = layout(later, random_state=5)
    assert moved(first.coords, followed.coords) < moved(first.coords, align(fresh.coords, first.coords))
    assert np.abs(align(followed.coords, first.coords) - followed.coords).max() < 1e-2
    assert followed.trustworthiness > fresh.trustworthiness - 0.05
    assert followed.parameters["trust_k"] == fresh.parameters["trust_k"]


def test_the_same_comes_out_each_time() -> None:
    first = next_layout(blobs(0.2), None)
    again = [next_layout(blobs(0.3), first).coords for _ in range(2)]
    assert np.array_equal(*again)


def test_few_items_are_laid_out_by_pca_and_turned_too() -> None:
    first = next_layout(blobs(0.2, 10), None)
    assert first.method == "pca"
    second = next_layout(-blobs(0.2, 10), first)
    assert second.method == "pca"
    assert np.allclose(second.coords, first.coords, atol=1e-4)


def test_vectors_that_are_none_are_refused() -> None:
    first = next_layout(blobs(0.2), None)
    broken = blobs(0.2)
    broken[3] = np.nan
    with pytest.raises(InputError):
        next_layout(broken, first)
