"""A table of the store: what was appended comes back bit for bit, whatever happens around it."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from embedscope._errors import EmbedscopeWarning, StoreError
from embedscope.encoders.protocol import EncoderRecord
from embedscope.spaces.cache_key import CacheKey
from embedscope.spaces.store import VectorStore
from embedscope.spaces.vector_table import VectorTable

WIDTH = 12
KEY = CacheKey(EncoderRecord("test:table", frozenset({"text"}), WIDTH))


def rows(count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(count, WIDTH)).astype(np.float32)
    vectors[0, :3] = [-0.0, 1e-42, np.finfo(np.float32).max]
    return np.frombuffer(rng.bytes(16 * count), "S16"), vectors


@pytest.fixture
def table(tmp_path: Path) -> VectorTable:
    return VectorStore(tmp_path).table(KEY)


def again(tmp_path: Path) -> VectorTable:
    """The same table, opened anew."""
    return VectorStore(tmp_path).table(KEY)


def data_files(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / f"{KEY.name}.lance" / "data").glob("*"))


@pytest.mark.parametrize("wanted", [1, 30, 400])
def test_vectors_come_back_bit_for_bit_in_the_order_asked(table: VectorTable, wanted: int) -> None:
    hashes, vectors = rows(400)
    for start in range(0, 400, 50):
        table.append(hashes[start : start + 50], vectors[start : start + 50])
    order = np.random.default_rng(1).permutation(400)[:wanted]
    assert table.read(hashes[order]).tobytes() == vectors[order].tobytes()
    assert len(table) == 400


def test_a_content_may_be_asked_for_often(table: VectorTable) -> None:
    hashes, vectors = rows(100)
    table.append(hashes, vectors)
    order = np.array([3, 3, 7, 3, 99, 7])
    assert table.read(hashes[order]).tobytes() == vectors[order].tobytes()


def test_reading_nothing_gives_nothing(table: VectorTable) -> None:
    assert table.read(rows(1)[0][:0]).shape == (0, WIDTH)


def test_missing_sees_what_another_handle_appended(table: VectorTable, tmp_path: Path) -> None:
    hashes, vectors = rows(10)
    assert table.missing(hashes).all()
    again(tmp_path).append(hashes[:4], vectors[:4])
    assert table.missing(hashes).tolist() == [False] * 4 + [True] * 6
    assert table.read(hashes[:4]).tobytes() == vectors[:4].tobytes()


def test_of_two_vectors_for_one_content_the_first_wins(table: VectorTable) -> None:
    hashes, vectors = rows(20)
    table.append(hashes, vectors)
    table.append(hashes, vectors + 1)
    for _ in range(2):
        assert table.read(hashes).tobytes() == vectors.tobytes()
        assert table.read(hashes[5:6]).tobytes() == vectors[5:6].tobytes()
        table._optimize()


def test_compaction_joins_files_keeps_order_and_removes_old_ones(table: VectorTable, tmp_path: Path) -> None:
    hashes, vectors = rows(200)
    for start in range(0, 200, 10):
        table.append(hashes[start : start + 10], vectors[start : start + 10])
    assert len(data_files(tmp_path)) == 20
    table.compact()
    assert len(data_files(tmp_path)) == 1
    assert again(tmp_path).read(hashes[::-1]).tobytes() == vectors[::-1].tobytes()


def test_few_files_are_left_as_they_are(table: VectorTable, tmp_path: Path) -> None:
    hashes, vectors = rows(4)
    for row in range(4):
        table.append(hashes[row : row + 1], vectors[row : row + 1])
    table.compact()
    assert len(data_files(tmp_path)) == 4


def test_a_handle_outlives_a_compaction_by_another(table: VectorTable, tmp_path: Path) -> None:
    hashes, vectors = rows(100)
    for start in range(0, 100, 10):
        table.append(hashes[start : start + 10], vectors[start : start + 10])
    assert not table.missing(hashes).any()
    again(tmp_path).compact()
    assert table.read(hashes).tobytes() == vectors.tobytes()
    assert table.read(hashes[3:5]).tobytes() == vectors[3:5].tobytes()
    more, further = rows(5, seed=9)
    table.append(more, further)
    assert again(tmp_path).read(more).tobytes() == further.tobytes()


def test_a_compaction_that_fails_warns_and_loses_nothing(table: VectorTable, tmp_path: Path) -> None:
    hashes, vectors = rows(100)
    for start in range(0, 100, 10):
        table.append(hashes[start : start + 10], vectors[start : start + 10])
    hidden = data_files(tmp_path)[0]
    aside = tmp_path / "aside"
    hidden.rename(aside)
    with pytest.warns(EmbedscopeWarning, match="could not be compacted"):
        table.compact()
    aside.rename(hidden)
    assert again(tmp_path).read(hashes).tobytes() == vectors.tobytes()


@pytest.mark.parametrize("damage", ["half", "empty", "gone"])
def test_a_damaged_file_is_a_clear_error(table: VectorTable, tmp_path: Path, damage: str) -> None:
    hashes, vectors = rows(100)
    table.append(hashes, vectors)
    file = data_files(tmp_path)[0]
    content = file.read_bytes()
    if damage == "gone":
        file.unlink()
    else:
        file.write_bytes(content[: len(content) // 2] if damage == "half" else b"")
    with pytest.raises(StoreError, match=r"cannot be read: .*run the same encode"):
        again(tmp_path).missing(hashes)


def test_vectors_deleted_meanwhile_are_missed_and_named(table: VectorTable, tmp_path: Path) -> None:
    hashes, vectors = rows(10)
    table.append(hashes, vectors)
    store = VectorStore(tmp_path)
    store.delete(KEY.name)
    fresh = store.table(KEY)
    fresh.append(hashes[:6], vectors[:6])
    with pytest.raises(StoreError, match="4 of 10 vectors are not in the store"):
        fresh.read(hashes)


def test_a_table_made_anew_in_another_order_never_gives_the_wrong_vector(table, tmp_path: Path) -> None:
    hashes, vectors = rows(200)
    table.append(hashes, vectors)
    assert not table.missing(hashes).any()
    store = VectorStore(tmp_path)
    store.delete(KEY.name)
    order = np.random.default_rng(2).permutation(200)
    store.table(KEY).append(hashes[order], vectors[order])
    for wanted in (hashes, hashes[:3]):
        try:
            found = table.read(wanted)
        except StoreError:
            continue
        assert found.tobytes() == vectors[: len(wanted)].tobytes()
    table._table = store.table(KEY)._table
    assert table.read(hashes).tobytes() == vectors.tobytes()
    assert table.read(hashes[:3]).tobytes() == vectors[:3].tobytes()


def test_a_table_whose_folder_is_gone_is_a_clear_error(table: VectorTable, tmp_path: Path) -> None:
    hashes, vectors = rows(10)
    table.append(hashes, vectors)
    shutil.rmtree(tmp_path / f"{KEY.name}.lance")
    with pytest.raises(StoreError, match="cannot be read"):
        table.read(hashes)
