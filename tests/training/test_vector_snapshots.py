"""Snapshots of vectors: one file a step, with the ids of the items."""

from __future__ import annotations

import errno

import numpy as np
import pytest

from embedscope._errors import StoreError
from embedscope.training.vector_snapshots import VectorSnapshots, read_snapshot, sample_rows, snapshot_steps


def kept(folder, ids, *, step: int = 0, is_writer: bool = True) -> VectorSnapshots:
    domains = np.arange(len(ids)) % 2
    return VectorSnapshots(folder, ids, domains, lambda: step, is_writer=is_writer)


def test_a_step_is_read_with_the_ids_of_its_items(tmp_path) -> None:
    folder = tmp_path / "snapshots"
    assert snapshot_steps(folder) == []
    vectors = np.random.default_rng(0).standard_normal((5, 3)).astype(np.float32)
    for step in (20, 0, 1_000_000):
        kept(folder, ["é", "b", "<i>", "d", "e"], step=step).write(vectors + min(step, 50))
    assert snapshot_steps(folder) == [0, 20, 1_000_000]
    ids, found = read_snapshot(folder, 20)
    assert ids == ["é", "b", "<i>", "d", "e"]
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, vectors + 20, atol=0.01)


def test_ids_that_are_numbers_stay_numbers(tmp_path) -> None:
    kept(tmp_path, (7, 3)).write(np.eye(2, dtype=np.float32))
    assert read_snapshot(tmp_path, 0)[0] == [7, 3]


def test_an_item_that_was_lost_on_the_way_is_left_out_of_its_step_alone(tmp_path) -> None:
    vectors = np.eye(3, dtype=np.float32)
    kept(tmp_path, list("abc"), step=1).write(vectors)
    vectors[1] = np.nan
    kept(tmp_path, list("abc"), step=2).write(vectors)
    assert read_snapshot(tmp_path, 1)[0] == ["a", "b", "c"]
    ids, found = read_snapshot(tmp_path, 2)
    assert ids == ["a", "c"]
    assert found.tolist() == [[1, 0, 0], [0, 0, 1]]


def test_a_sample_gives_every_domain_its_share() -> None:
    domains = np.repeat([0, 1, 2], [5000, 3, 1000])
    rows = sample_rows(domains, 301)
    assert np.bincount(domains[rows]).tolist() == [149, 3, 149]
    assert (np.diff(rows) > 0).all()
    np.testing.assert_array_equal(rows, sample_rows(domains, 301))
    assert len(sample_rows(np.zeros(0, np.int64))) == 0
    assert sample_rows(np.array([1, 0])).tolist() == [0, 1]


def test_only_the_sample_is_kept_and_only_by_the_first_process(tmp_path) -> None:
    snapshots = kept(tmp_path, range(2000), is_writer=False)
    vectors = np.arange(2000, dtype=np.float32)[:, None]
    snapshots.write(vectors)
    assert not list(tmp_path.iterdir())
    kept(tmp_path, tuple(range(2000))).write(vectors)
    ids, found = read_snapshot(tmp_path, 0)
    assert len(ids) == 1500
    assert found[:, 0].tolist() == ids


def test_what_cannot_be_kept_or_read_says_so(tmp_path, monkeypatch) -> None:
    snapshots = kept(tmp_path, ["a"], step=3)
    with pytest.raises(StoreError, match=r"vectors of step 3 in .* cannot be read"):
        read_snapshot(tmp_path, 3)
    snapshots.write(np.ones((1, 2), np.float32))
    (tmp_path / "ids.json").write_text('["a", "b"]')
    with pytest.raises(StoreError, match="1 vectors for 2 ids"):
        read_snapshot(tmp_path, 3)

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(np, "save", full)
    with pytest.raises(StoreError, match=r"vectors of step 3 cannot be kept in .*No space left"):
        snapshots.write(np.ones((1, 2), np.float32))
