"""Pairs: both sides, what belongs together, and a split that leaks neither queries nor documents."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from embedscope._errors import InputError, MissingError
from embedscope.items.items import Items
from embedscope.items.leakage import group_matches
from embedscope.items.pairs import Pairs


def made(rows: list[tuple[str, str]], **columns: list[object]) -> Pairs:
    frame = pa.table({"query": [one for one, _ in rows], "document": [two for _, two in rows], **columns})
    return Pairs.from_frame(frame)


def texts_of(pairs: Pairs, rows: np.ndarray | None = None) -> list[tuple[object, object]]:
    matches = pairs.matches if rows is None else rows
    return [
        (pairs.queries.payloads[query], pairs.documents.payloads[document]) for query, document in matches
    ]


def test_from_ids() -> None:
    sides = Items.from_texts(["A", "B"], ids=["a", "b"]), Items.from_texts(["C", "D"], ids=["c", "d"])
    pairs = Pairs.from_ids(*sides, [("b", "c")], negatives=[("b", "d")])
    assert (pairs.matches.tolist(), pairs.negatives.tolist()) == ([[1, 0]], [[1, 1]])
    with pytest.raises(MissingError, match="'x'"):
        Pairs.from_ids(*sides, [("x", "c")])


def test_parts_that_do_not_fit_are_refused() -> None:
    side = Items.from_texts(["A"])
    with pytest.raises(InputError, match="query row 1; there are 1"):
        Pairs(side, side, np.array([[1, 0]]))
    with pytest.raises(InputError, match="document row 3"):
        Pairs(side, side, np.array([[0, 0]]), np.array([[0, 3]]))
    with pytest.raises(InputError, match="2 rows of columns came for 1 matches"):
        Pairs(side, side, np.array([[0, 0]]), columns=pa.table({"x": [1, 2]}))


def test_take_keeps_texts_and_columns_together() -> None:
    pairs = made([("a", "1"), ("b", "2"), ("a", "3")], score=[1, 2, 3])
    taken = pairs.take([2, 1])
    assert texts_of(taken) == [("a", "3"), ("b", "2")]
    assert taken.columns["score"].to_pylist() == [3, 2]
    assert set(taken.documents.payloads) == {"2", "3"}


def test_a_sample_is_seeded() -> None:
    pairs = made([(f"q{n}", f"d{n}") for n in range(50)])
    assert texts_of(pairs.sample(5)) == texts_of(pairs.sample(5))
    assert texts_of(pairs.sample(5)) != texts_of(pairs.sample(5, seed=1))
    assert pairs.sample(99) is pairs
    with pytest.raises(InputError, match="0 or more"):
        pairs.sample(-1)


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 15), st.integers(0, 15)), min_size=2, max_size=40), st.integers(0, 3)
)
def test_a_split_shares_no_text(rows: list[tuple[int, int]], seed: int) -> None:
    # Queries and documents have texts in common: an item may be both.
    pairs = made([(f"t{one}", f"t{two}") for one, two in rows])
    groups = group_matches(np.asarray(rows, np.int64))
    if np.bincount(groups).max() > len(rows) // 2 or len(rows) - round(len(rows) / 2) == len(rows):
        reject()
    first, second = pairs.split(0.5, seed)
    sides = [{*part.queries.payloads, *part.documents.payloads} for part in (first, second)]
    assert not sides[0] & sides[1]
    assert sorted(texts_of(first) + texts_of(second)) == sorted(texts_of(pairs))


@settings(deadline=None)
@given(st.integers(10, 60), st.sampled_from([0.5, 0.8, 0.9]))
def test_a_split_of_loose_matches_is_exact(n: int, fraction: float) -> None:
    assume(0 < n - round(fraction * n) < n)
    first, _ = made([(f"q{row}", f"d{row}") for row in range(n)]).split(fraction)
    assert len(first) == round(fraction * n)


def test_negatives_of_the_other_part_are_left_out() -> None:
    rows = 20
    frame = pa.table(
        {
            "query": [f"q{n}" for n in range(rows)],
            "document": [f"d{n}" for n in range(rows)],
            "wrong": [[f"d{(n + 1) % rows}", f"only{n}"] for n in range(rows)],
        }
    )
    pairs = Pairs.from_frame(frame, negative="wrong")
    assert len(pairs.negatives) == 2 * rows
    first, second = pairs.split(0.5)
    assert not {*first.documents.payloads} & {*(text for _, text in texts_of(second))}
    for part in (first, second):
        own = [text for _, text in texts_of(part)]
        for query, text in texts_of(part, part.negatives):
            number = str(query)[1:]
            assert text == f"only{number}" or text in own


def test_documents_without_a_match_go_to_the_second_part() -> None:
    queries = Items.from_texts(["q0", "q1"])
    documents = Items.from_texts(["d0", "d1", "spare"])
    first, second = Pairs(queries, documents, np.array([[0, 0], [1, 1]])).split(0.5)
    assert "spare" not in first.documents.payloads
    assert "spare" in second.documents.payloads


def test_what_hangs_together_cannot_be_split() -> None:
    with pytest.raises(InputError, match="3 of them hang together"):
        made([("a", "1"), ("a", "2"), ("a", "3")]).split(0.5)
    with pytest.raises(InputError, match="between 0 and 1"):
        made([("a", "1"), ("b", "2")]).split(1.0)


def test_pairs_show_counts_and_first_rows() -> None:
    pairs = made([("a <b>", "1")], query_=["x"])
    assert repr(pairs).splitlines()[0] == "pairs: 1 matches · 1 queries · 1 documents"
    assert "<b>" not in pairs._repr_html_()
