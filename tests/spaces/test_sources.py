"""Vector sources: one contract over memory, file, store, taken rows and truncated dims."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from embedscope._errors import InputError, StoreError
from embedscope.encoders.protocol import EncoderRecord
from embedscope.spaces.cache_key import CacheKey
from embedscope.spaces.sources import (
    ArrayVectors,
    NpyVectors,
    StoredVectors,
    TakenVectors,
    TruncatedVectors,
    VectorSource,
)
from embedscope.spaces.store import VectorStore


def stored(vectors: np.ndarray, folder: Path) -> StoredVectors:
    key = CacheKey(EncoderRecord("test:sources", frozenset({"text"}), vectors.shape[1]))
    table = VectorStore(folder).table(key)
    hashes = np.frombuffer(np.random.default_rng(3).bytes(16 * len(vectors)), "S16")
    if table.missing(hashes).all():
        table.append(hashes, vectors)
    return StoredVectors(table, key.name, hashes)


def on_disk(vectors: np.ndarray, folder: Path) -> NpyVectors:
    np.save(folder / "v.npy", vectors)
    return NpyVectors(folder / "v.npy", vectors.shape, "0" * 32)


def taken(vectors: np.ndarray, folder: Path) -> TakenVectors:
    order = np.random.default_rng(4).permutation(len(vectors))
    return TakenVectors(ArrayVectors(vectors[order]), np.argsort(order))


def truncated(vectors: np.ndarray, folder: Path) -> TruncatedVectors:
    wide = np.concatenate([vectors, np.ones((len(vectors), 3), np.float32)], axis=1)
    return TruncatedVectors(ArrayVectors(wide), vectors.shape[1])


@pytest.fixture
def unit(vectors: np.ndarray) -> np.ndarray:
    """Rows of length 1, so that truncating to all dims leaves them."""
    return (vectors / np.linalg.norm(vectors.astype(np.float64), axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize("make", [stored, on_disk, taken, truncated, lambda v, _: ArrayVectors(v)])
def test_every_source_reads_the_same(make, unit: np.ndarray, tmp_path: Path) -> None:
    source = make(unit, tmp_path)
    assert isinstance(source, VectorSource)
    assert source.shape == unit.shape
    np.testing.assert_allclose(source.read_all(), unit, rtol=2e-7)
    rows = np.array([7, 0, 7, 39])
    np.testing.assert_array_equal(source.read(rows), source.read_all()[rows])
    assert source.read(rows[:0]).shape == (0, unit.shape[1])
    assert len(source.fingerprint) == 32
    assert source.fingerprint == make(unit, tmp_path).fingerprint


def test_a_fingerprint_changes_with_the_numbers_the_rows_and_the_dims(vectors: np.ndarray) -> None:
    base = ArrayVectors(vectors)
    changed = vectors.copy()
    changed[3, 3] = np.nextafter(changed[3, 3], np.float32(9))
    rows = np.arange(40)
    prints = [
        base.fingerprint,
        ArrayVectors(changed).fingerprint,
        ArrayVectors(vectors.reshape(80, 4)).fingerprint,
        TakenVectors(base, rows).fingerprint,
        TakenVectors(base, rows[::-1].copy()).fingerprint,
        TruncatedVectors(base, 4).fingerprint,
        TruncatedVectors(base, 5).fingerprint,
    ]
    assert len(set(prints)) == len(prints)


def test_truncated_rows_have_length_one(vectors: np.ndarray) -> None:
    cut = TruncatedVectors(ArrayVectors(vectors), 3).read_all()
    prefix = vectors[:, :3].astype(np.float64)
    np.testing.assert_allclose(cut, prefix / np.linalg.norm(prefix, axis=1, keepdims=True), rtol=1e-6)


def test_a_prefix_of_zeros_is_refused_by_row(vectors: np.ndarray) -> None:
    vectors[5, :2] = 0
    with pytest.raises(InputError, match="the first 2 dims are all zeros in row 5"):
        TruncatedVectors(ArrayVectors(vectors), 2).read_all()


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "cannot be read"), (b"\x93NUMPY junk", "cannot be read"), (None, "cannot be read")],
)
def test_a_damaged_file_is_a_clear_error(content: bytes | None, told: str, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "v.npy").write_bytes(content)
    with pytest.raises(StoreError, match=told):
        NpyVectors(tmp_path / "v.npy", (2, 2), "0" * 32).read_all()


def test_a_file_cut_short_is_a_clear_error(vectors: np.ndarray, tmp_path: Path) -> None:
    np.save(tmp_path / "v.npy", vectors)
    content = (tmp_path / "v.npy").read_bytes()
    (tmp_path / "v.npy").write_bytes(content[:-100])
    with pytest.raises(StoreError, match="cannot be read"):
        NpyVectors(tmp_path / "v.npy", (40, 8), "0" * 32).read_all()


def test_a_file_of_another_shape_is_refused(vectors: np.ndarray, tmp_path: Path) -> None:
    np.save(tmp_path / "v.npy", vectors)
    with pytest.raises(StoreError, match=r"float32 of shape \(40, 8\); wanted float32 of \(40, 9\)"):
        NpyVectors(tmp_path / "v.npy", (40, 9), "0" * 32).read(np.arange(2))
