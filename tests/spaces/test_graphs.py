"""Kept neighbour graphs: what was written comes back, and what is damaged is computed again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from embedscope.neighbors.neighbors import Neighbors
from embedscope.neighbors.search import find_neighbors
from embedscope.spaces.graphs import load_graph, save_graph


@pytest.fixture
def graph(vectors: np.ndarray) -> Neighbors:
    return find_neighbors(vectors, 5, "cosine")


@pytest.mark.parametrize(("recall", "sampled"), [(None, None), (0.97, 500)])
def test_a_graph_comes_back_as_it_was(graph: Neighbors, tmp_path: Path, recall, sampled) -> None:
    path = tmp_path / "deep" / "graph.npz"
    save_graph(path, replace(graph, recall=recall, sampled=sampled))
    back = load_graph(path, 40, "cosine")
    np.testing.assert_array_equal(back.indices, graph.indices)
    np.testing.assert_array_equal(back.distances, graph.distances)
    assert (back.metric, back.recall, back.sampled) == ("cosine", recall, sampled)
    assert [file.name for file in path.parent.iterdir()] == ["graph.npz"]


def test_of_something_else_is_as_good_as_none(graph: Neighbors, tmp_path: Path) -> None:
    save_graph(tmp_path / "graph.npz", graph)
    assert load_graph(tmp_path / "graph.npz", 39, "cosine") is None
    assert load_graph(tmp_path / "graph.npz", 40, "euclidean") is None


def test_none_kept_is_none(tmp_path: Path) -> None:
    assert load_graph(tmp_path / "graph.npz", 40, "cosine") is None


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_cut_short_is_as_good_as_none(graph: Neighbors, tmp_path: Path, share: float) -> None:
    path = tmp_path / "graph.npz"
    save_graph(path, graph)
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
    assert load_graph(path, 40, "cosine") is None


def test_flipped_bytes_are_found_out(graph: Neighbors, tmp_path: Path) -> None:
    path = tmp_path / "graph.npz"
    save_graph(path, graph)
    content = bytearray(path.read_bytes())
    content[400] ^= 0xFF
    path.write_bytes(bytes(content))
    assert load_graph(path, 40, "cosine") is None
