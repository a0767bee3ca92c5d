"""What a space keeps is computed once, whoever asks and however many at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from embedscope.spaces import kept as room
from embedscope.spaces.kept import Kept
from embedscope.spaces.sources import ArrayVectors


class Counting(ArrayVectors):
    """Counts how often everything is read."""

    reads = 0

    def read_all(self) -> np.ndarray:
        type(self).reads += 1
        return super().read_all()


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The k of every search that was really run."""
    run: list[int] = []
    real = room.find_neighbors

    def counted(vectors, k, metric):
        run.append(k)
        return real(vectors, k, metric)

    monkeypatch.setattr(room, "find_neighbors", counted)
    return run


def test_vectors_are_read_once_and_cannot_be_written(vectors: np.ndarray) -> None:
    Counting.reads = 0
    kept = Kept(Counting(vectors))
    assert not kept.has_vectors
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: kept.vectors(), range(16)))
    assert Counting.reads == 1
    assert all(one is found[0] for one in found)
    with pytest.raises(ValueError, match="read-only"):
        found[0][0, 0] = 1
    vectors[0, 0] = 1


def test_neighbors_are_computed_for_the_largest_k_and_cut_to_smaller(vectors, searches) -> None:
    kept = Kept(ArrayVectors(vectors))
    ten = kept.neighbors(10, "cosine")
    three = kept.neighbors(3, "cosine")
    np.testing.assert_array_equal(three.indices, ten.indices[:, :3])
    np.testing.assert_array_equal(three.distances, ten.distances[:, :3])
    assert kept.neighbors(12, "cosine").k == 12
    assert kept.neighbors(10, "cosine").k == 10
    assert searches == [10, 12]
    assert kept.known_neighbors.k == 12


def test_threads_that_ask_at_once_share_one_search(vectors, searches) -> None:
    kept = Kept(ArrayVectors(vectors))
    with ThreadPoolExecutor(8) as threads:
        assert all(one.k == 5 for one in threads.map(lambda _: kept.neighbors(5, "cosine"), range(16)))
    assert searches == [5]


def test_a_graph_on_disk_saves_the_search(vectors, searches, tmp_path: Path) -> None:
    path = tmp_path / "graph.npz"
    first = Kept(ArrayVectors(vectors), path).neighbors(8, "cosine")
    again = Kept(ArrayVectors(vectors), path).neighbors(6, "cosine")
    np.testing.assert_array_equal(again.indices, first.indices[:, :6])
    assert searches == [8]
    path.write_bytes(b"damaged")
    Kept(ArrayVectors(vectors), path).neighbors(8, "cosine")
    assert searches == [8, 8]
    assert Kept(ArrayVectors(vectors), path).neighbors(8, "cosine").k == 8
    assert searches == [8, 8]


def test_the_encoder_is_loaded_once_or_not_at_all(vectors, encoder) -> None:
    loads: list[int] = []

    def load():
        loads.append(1)
        return encoder

    kept = Kept(ArrayVectors(vectors))
    assert kept.encoder(load) is kept.encoder(load) is encoder
    assert loads == [1]
    assert Kept(ArrayVectors(vectors), encoder=encoder).encoder(load) is encoder
    assert loads == [1]
