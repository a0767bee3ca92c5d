"""Changes of items are exact, by all dims or the first; texts go to both encoders."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from embedscope._errors import InputError
from embedscope.comparison.comparison import compare
from embedscope.encoders.protocol import EncoderRecord
from embedscope.spaces.encode import encode
from embedscope.spaces.space import Space
from embedscope.views.answers.changes import NeighborsChanged, changes_of
from embedscope.views.channel import Request


class Letters:
    """An encoder of how often letters come in a text."""

    def __init__(self, letters: str) -> None:
        self.letters = letters
        self.record = EncoderRecord(f"test:{letters}", frozenset({"text"}), len(letters) + 1)

    def encode(self, payloads: Sequence[Any], *, progress: Any = None, **_: Any) -> np.ndarray:
        if progress is not None:
            progress(len(payloads))
        rows = [[1.0, *(text.count(letter) for letter in self.letters)] for text in payloads]
        return np.array(rows, np.float32).reshape(-1, len(self.letters) + 1)


def asked(row: int = 3, k: int = 5, dims: Any = (0, 0), **content: Any) -> Request:
    return Request(
        "changes",
        {
            "query": {"kind": "item", "row": row},
            "k": k,
            "dims": list(dims) if isinstance(dims, tuple) else dims,
        }
        | content,
    )


def test_an_items_changes_are_the_comparisons(comparison) -> None:
    answers = NeighborsChanged(lambda: comparison)
    overlap = comparison.neighbors(5)
    for row in (0, 17, 119):
        result = json.loads(json.dumps(answers(asked(row)).result, allow_nan=False))
        wanted = overlap.changes(f"i{row}")
        assert result["rows"] == wanted.rows.tolist()
        assert result["changes"] == list(wanted.changes)
        assert result["teacherRanks"] == wanted.teacher_ranks.tolist()
        assert result["studentRanks"] == wanted.student_ranks.tolist()
        assert result["teacherDistances"] == wanted.teacher_distances.tolist()
        assert result["studentDistances"] == wanted.student_distances.tolist()
        assert (result["k"], result["recall"], result["note"]) == (5, wanted.recall, "")


def test_by_the_first_dims_they_are_those_of_the_truncated_spaces(comparison) -> None:
    answers = NeighborsChanged(lambda: comparison)
    cut = compare(comparison.teacher.truncate(5), comparison.student.truncate(3))
    for row in (2, 60):
        result, wanted = answers(asked(row, dims=(5, 3))).result, cut.neighbors(5).changes(f"i{row}")
        assert result["rows"] == wanted.rows.tolist()
        assert result["teacherRanks"] == wanted.teacher_ranks.tolist()
        assert result["studentRanks"] == wanted.student_ranks.tolist()


def test_more_than_there_are_means_all(comparison) -> None:
    few = compare(*(space.subset(["i0", "i1", "i2"]) for space in (comparison.teacher, comparison.student)))
    assert NeighborsChanged(lambda: few)(asked(0, k=100)).result["k"] == 2


def test_a_text_is_read_by_both_encoders() -> None:
    texts = ["aab", "abb", "bbb", "ccc", "caa", "bca"]
    comparison = compare(encode(texts, Letters("abc")), encode(texts, Letters("cb")))
    heard: list[Any] = []
    answers = NeighborsChanged(lambda: comparison, lambda *found: heard.append(found))
    result = answers(asked(query={"kind": "text", "text": "aaa"}, k=2)).result
    sides = [space.search("aaa", 2) for space in (comparison.teacher, comparison.student)]
    teacher, student = ([comparison.ids.index(found) for found in side.ids] for side in sides)
    assert result["rows"] == [*teacher, *(row for row in student if row not in teacher)]
    for row, change, before, after, distance in zip(
        result["rows"],
        result["changes"],
        result["teacherRanks"],
        result["studentRanks"],
        result["studentDistances"],
        strict=True,
    ):
        assert before == (teacher.index(row) + 1 if row in teacher else None)
        assert after == (student.index(row) + 1 if row in student else None)
        assert (distance is None) == (row not in student) == (change == "lost")
        assert (change == "gained") == (row not in teacher)
    assert result["recall"] == len(set(teacher) & set(student)) / 2
    assert heard[0][:2] == ({"kind": "text", "text": "aaa"}, 2)
    known = all([*result["teacherRanks"], *result["studentRanks"]])
    assert (result["note"] == "") == known
    json.dumps(result, allow_nan=False)


def test_the_side_that_cannot_read_a_query_is_named(comparison) -> None:
    query = {"kind": "text", "text": "words"}
    with pytest.raises(InputError, match="In large: This space was made of vectors alone"):
        changes_of(comparison, query, 3)
    with pytest.raises(InputError, match="In large: "):
        changes_of(comparison, {"kind": "image", "name": "x.png"}, 3, image=b"")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"k": 0}, "From 1 to 100 neighbours"),
        ({"k": 101}, "From 1 to 100 neighbours"),
        ({"dims": [0, 9]}, "from 0 \\(all\\) to 12 and 8"),
        ({"dims": [-1, 0]}, "from 0 \\(all\\) to 12 and 8"),
        ({"dims": 4}, "wanted the teacher's and the student's"),
        ({"dims": [True, 0]}, "wanted the teacher's and the student's"),
        ({"query": None}, "A query names its kind"),
        ({"query": {"kind": "item", "row": 120}}, "from 0 to 119"),
        ({"query": {"kind": "smell"}}, "an item, a text or an image"),
    ],
)
def test_what_is_no_query_is_refused(content, words, comparison) -> None:
    with pytest.raises(InputError, match=words):
        NeighborsChanged(lambda: comparison)(asked(**content))


def test_a_prefix_of_zeros_travels_as_null() -> None:
    space = Space.from_arrays({"a": [1, 0, 1], "b": [0, 0, 1], "c": [1, 1, 0]})
    result = NeighborsChanged(lambda: compare(space, space))(asked(0, k=1, dims=(0, 2))).result
    assert result["studentRanks"] == [None, 1]
    assert result["studentDistances"][0] is None
    assert result["changes"] == ["lost", "gained"]
