"""The store: what is in it can be seen and deleted, and where it cannot be, it says so."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from embedscope._errors import MissingError, StoreError
from embedscope.encoders.protocol import EncoderRecord
from embedscope.spaces.cache_key import CacheKey
from embedscope.spaces.store import VectorStore, kept_so_far

RECORD = EncoderRecord("test:store", frozenset({"text"}), 4, {"weights": "abc"})


def fill(store: VectorStore, key: CacheKey, count: int = 3) -> None:
    hashes = np.frombuffer(np.random.default_rng(0).bytes(16 * count), "S16")
    store.table(key).append(hashes, np.ones((count, key.width), np.float32))


def test_the_default_is_a_folder_of_the_cache(cache: Path) -> None:
    assert VectorStore().folder == cache / "store"


def test_each_key_has_its_own_table_and_a_note_beside_it(tmp_path: Path) -> None:
    store = VectorStore(tmp_path)
    keys = [CacheKey(RECORD), CacheKey(RECORD, role="query", dims=2)]
    fill(store, keys[0])
    fill(store, keys[1], 5)
    listed = store.contents()
    assert listed.column("vectors") == [3, 5] or listed.column("vectors") == [5, 3]
    assert dict(zip(listed.column("key"), listed.column("role"), strict=True)) == {
        keys[0].name: None,
        keys[1].name: "query",
    }
    note = json.loads((tmp_path / f"{keys[1].name}.json").read_text())
    assert note["encoder"] == "test:store"
    assert note["parameters"] == {"weights": "abc"}
    assert note["dims"] == 2
    assert not list(tmp_path.glob("*.tmp"))


def test_the_list_survives_the_loss_of_the_notes(tmp_path: Path) -> None:
    store = VectorStore(tmp_path)
    fill(store, CacheKey(RECORD))
    for note in tmp_path.glob("*.json"):
        note.unlink()
    assert store.contents().column("encoder") == ["test:store"]


def test_many_tables_are_all_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("embedscope.spaces.store._NAMES_A_PAGE", 2)
    store = VectorStore(tmp_path)
    for dims in range(1, 5):
        store.table(CacheKey(RECORD, dims=dims))
    assert sorted(store.contents().column("dims")) == [1, 2, 3, 4]


def test_a_deleted_key_is_gone_with_its_note_and_graphs(tmp_path: Path) -> None:
    store = VectorStore(tmp_path)
    key = CacheKey(RECORD)
    fill(store, key)
    graph = store.graph_path(key.name, "f" * 32)
    graph.parent.mkdir()
    graph.write_bytes(b"")
    store.delete(key.name)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(MissingError, match="No key is called"):
        store.delete(key.name)


def test_a_damaged_table_is_listed_as_damaged_and_can_be_deleted(tmp_path: Path) -> None:
    store = VectorStore(tmp_path)
    key = CacheKey(RECORD)
    fill(store, key)
    for manifest in (tmp_path / f"{key.name}.lance" / "_versions").iterdir():
        manifest.write_bytes(b"junk")
    assert store.contents().column("encoder") == ["(damaged)"]
    with pytest.raises(StoreError, match="cannot be opened"):
        store.table(key)
    store.delete(key.name)
    fill(store, key)
    assert store.contents().column("vectors") == [3]


@pytest.mark.parametrize("place", ["/proc/embedscope-store", "a-file"])
def test_a_folder_that_cannot_be_written_says_what_to_pass(place: str, tmp_path: Path) -> None:
    (tmp_path / "a-file").write_text("not a folder")
    with pytest.raises(StoreError, match=r"cannot be opened: .*store=.*EMBEDSCOPE_CACHE"):
        VectorStore(tmp_path / place).table(CacheKey(RECORD))


def test_an_address_is_kept_as_it_is_and_has_no_folder() -> None:
    store = VectorStore("s3://bucket/vectors")
    assert store.folder is None
    assert store.graph_path("key", "fingerprint") is None
    assert repr(store) == "VectorStore('s3://bucket/vectors')"


def test_lances_object_storage_path_works_the_same(tmp_path: Path) -> None:
    """``file-object-store://`` goes through the code that S3 goes through, with a folder behind it."""
    store = VectorStore(f"file-object-store://{tmp_path}")
    fill(store, CacheKey(RECORD))
    assert store.contents().column("vectors") == [3]
    assert not list(tmp_path.glob("*.json"))
    store.delete(CacheKey(RECORD).name)
    assert len(store.contents()) == 0


def test_an_error_says_how_much_is_kept() -> None:
    assert "Kept are 1,024 of 5,000" in str(kept_so_far(StoreError("The disk is full."), 1024, 5000))
