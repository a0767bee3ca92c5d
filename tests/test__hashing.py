"""Content hashes: equal content and nothing else has an equal hash, in every process."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from embedscope._hashing import HASH_BYTES, hash_bytes, hash_files, hash_record, hash_text, sha256_file


@settings(deadline=None)
@given(st.text(), st.text())
def test_texts_have_the_same_hash_when_they_are_the_same(one: str, other: str) -> None:
    assert (hash_text(one) == hash_text(other)) == (one == other)
    assert len(hash_text(one)) == HASH_BYTES


def test_lone_surrogates_are_kept_apart() -> None:
    assert hash_text("\ud800") != hash_text("\ud801")


def test_a_text_is_hashed_as_its_utf8_bytes() -> None:
    assert hash_text("naïve") == hash_bytes("naïve".encode())
    assert hash_bytes(b"x") == hash_bytes(memoryview(b"x"))


def test_a_hash_is_the_same_in_another_process() -> None:
    code = "from embedscope._hashing import hash_text; print(hash_text('a text').hex())"
    other = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert other.strip() == hash_text("a text").hex()


def test_a_record_is_hashed_whatever_the_order_of_its_keys() -> None:
    assert hash_record({"a": 1, "b": [True, None]}) == hash_record({"b": [True, None], "a": 1})
    assert hash_record({"a": 1}) != hash_record({"a": "1"})
    assert len(hash_record({})) == 2 * HASH_BYTES


def test_files_are_hashed_by_content_and_order(tmp_path: Path) -> None:
    first, second, copy = (tmp_path / name for name in ("first", "second", "copy"))
    first.write_bytes(b"one")
    second.write_bytes(b"two")
    copy.write_bytes(b"one")
    assert sha256_file(first) == hashlib.sha256(b"one").hexdigest()
    assert hash_files([first, second]) == hash_files([copy, second])
    assert hash_files([first, second]) != hash_files([second, first])
