"""A map in a file: the same again, or none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from embedscope._errors import StoreError
from embedscope.layouts.layout import Layout
from embedscope.views.map_files import read_map, stamp_of, write_map


@pytest.fixture
def made() -> Layout:
    rng = np.random.default_rng(0)
    coords = rng.normal(size=(5, 2)).astype(np.float32)
    return Layout(coords, "umap", {}, 0.9, 0.8, np.linspace(0, 1, 5, dtype=np.float32))


def test_a_map_is_read_as_it_was_written(made: Layout, tmp_path: Path) -> None:
    write_map(tmp_path / "maps", 7, (3, 4), made)
    found = read_map(tmp_path / "maps", 7, (3, 4), 5)
    assert found is not None
    assert np.array_equal(found.coords, made.coords)
    assert np.array_equal(found.point_trust, made.point_trust)
    assert (found.method, found.trustworthiness, found.continuity) == ("umap", 0.9, 0.8)
    assert [path.name for path in (tmp_path / "maps").iterdir()] == ["step-000007.npz"]


def test_of_another_snapshot_or_other_items_there_is_none(made: Layout, tmp_path: Path) -> None:
    write_map(tmp_path, 7, (3, 4), made)
    assert read_map(tmp_path, 7, (3, 5), 5) is None
    assert read_map(tmp_path, 7, (3, 4), 6) is None
    assert read_map(tmp_path, 8, (3, 4), 5) is None


def test_a_folder_that_cannot_be_is_said(made: Layout, tmp_path: Path) -> None:
    (tmp_path / "maps").write_text("a file")
    with pytest.raises(StoreError, match="The map of step 7 cannot be kept"):
        write_map(tmp_path / "maps", 7, (3, 4), made)


def test_a_stamp_changes_with_its_file(tmp_path: Path) -> None:
    path = tmp_path / "step-000002.npy"
    path.write_bytes(b"abc")
    first = stamp_of(tmp_path, 2)
    assert first[1] == 3
    path.write_bytes(b"abcd")
    assert stamp_of(tmp_path, 2) != first
