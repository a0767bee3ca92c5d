"""The index of content hashes, against a plain dictionary."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from embedscope.spaces.hash_index import HashIndex, as_hashes, hashes_of

HASHES = st.lists(st.sampled_from([bytes([a, b]) * 8 for a in range(3) for b in (0, 1, 255)]), max_size=40)


@settings(deadline=None)
@given(HASHES, HASHES, HASHES)
def test_it_finds_what_a_dictionary_finds(
    first: list[bytes], second: list[bytes], wanted: list[bytes]
) -> None:
    rows: dict[bytes, int] = {}
    for row, value in enumerate(first + second):
        rows.setdefault(value, row)
    index = HashIndex([as_hashes(first), as_hashes(second)])
    assert index.find(as_hashes(wanted)).tolist() == [rows.get(value, -1) for value in wanted]
    assert len(index) == len(first) + len(second)


def test_hashes_that_end_in_zeros_are_kept_apart() -> None:
    ends = [b"\x01" + b"\x00" * 15, b"\x01\x00\x01" + b"\x00" * 13, b"\x00" * 16]
    index = HashIndex([as_hashes(ends)])
    assert index.find(as_hashes(reversed(ends))).tolist() == [2, 1, 0]


def test_an_empty_index_finds_nothing() -> None:
    assert HashIndex([]).find(as_hashes([b"a" * 16])).tolist() == [-1]


def test_a_slice_of_a_column_is_read_from_its_offset() -> None:
    values = [bytes([row]) * 16 for row in range(5)]
    column = pa.array(values, pa.binary(16)).slice(2, 2)
    assert hashes_of(column).tolist() == values[2:4]
    assert hashes_of(column).dtype == np.dtype("S16")
