"""Chunks: what is left after some of them is cut as it would have been cut."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedscope.items.items import Items
from embedscope.spaces.chunks import content_hashes, plan_chunks


def planned(texts: list[str], missing: set[str], size: int) -> list[list[str]]:
    items = Items.from_texts(texts)
    distinct, rows = np.unique(content_hashes(items), return_index=True)
    assert len(distinct) == len(set(texts))
    mask = np.array([items.payloads[row] in missing for row in rows], dtype=np.bool_)
    chunks = plan_chunks(items, rows.astype(np.int64), mask, size)
    return [[str(items.payloads[row]) for row in chunk] for chunk in chunks]


TEXTS = st.lists(st.text("abc", min_size=1, max_size=6), min_size=1, max_size=30)


@settings(deadline=None)
@given(TEXTS, st.integers(1, 5), st.randoms())
def test_the_cut_depends_on_the_set_alone_and_survives_a_stop_after_any_chunk(texts, size, draw) -> None:
    chunks = planned(texts, set(texts), size)
    shuffled = [*texts, *texts[:3]]
    draw.shuffle(shuffled)
    assert planned(shuffled, set(texts), size) == chunks
    done: set[str] = set()
    for number, chunk in enumerate(chunks):
        assert planned(texts, set(texts) - done, size) == chunks[number:]
        done |= set(chunk)
    assert done == set(texts)
    assert planned(texts, set(texts) - done, size) == []


@settings(deadline=None)
@given(TEXTS, st.integers(1, 5))
def test_longest_first_every_content_once_and_full_chunks(texts, size) -> None:
    chunks = planned(texts, set(texts), size)
    lengths = [len(text) for chunk in chunks for text in chunk]
    assert lengths == sorted(lengths, reverse=True)
    assert sorted(text for chunk in chunks for text in chunk) == sorted(set(texts))
    assert all(len(chunk) == size for chunk in chunks[:-1])


def test_images_are_planned_too(pictures) -> None:
    rows = np.arange(len(pictures), dtype=np.int64)
    chunks = plan_chunks(pictures, rows, np.ones(len(pictures), dtype=np.bool_), 3)
    assert [len(chunk) for chunk in chunks] == [3, 1]


@pytest.mark.parametrize("size", [1, 7])
def test_nothing_missing_is_nothing_to_do(size: int) -> None:
    assert planned(["a", "b"], set(), size) == []
