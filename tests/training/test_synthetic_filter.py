"""Pairs that a few-shot prompt finds bad are dropped; the verdicts stay with those that are kept."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pytest

from embedscope._errors import InputError
from embedscope.items.pairs import Pairs
from embedscope.training.synthetic_filter import filter_pairs
from embedscope.training.synthetic_raters import quality_rater, relevance_rater

PAIRS = Pairs.from_frame(
    pa.table(
        {
            "query": ["one", "two", "three", "four"],
            "document": ["1", "boilerplate", "3", "odd"],
            "negative": ["2", None, "4", None],
            "source": ["a", "b", "c", "d"],
        }
    ),
    negative="negative",
)


def rate(prompts):
    said = {"boilerplate": "0", "odd": "hard to say"}
    documents = [prompt.rpartition("Document: ")[2].partition("\n")[0] for prompt in prompts]
    return [said.get(document, " 1\n") for document in documents]


def test_good_pairs_stay_with_their_negatives_and_verdicts() -> None:
    made = filter_pairs(PAIRS, quality_rater(rate), seed=3)
    assert made.counts == {"asked": 4, "kept": 2, "rated below 1": 1, "verdict not readable": 1}
    assert made.kept.queries.payloads == ("one", "three")
    assert set(made.kept.documents.payloads) == {"1", "2", "3", "4"}
    assert len(made.kept.negatives) == 2
    first, second = made.kept.columns.to_pylist()
    assert (first["source"], second["source"]) == ("a", "c")
    assert (first["quality"], first["quality_verdict"], first["quality_seed"]) == (1, " 1\n", 3)
    assert "Query: one\nDocument: 1\nVerdict:" in first["quality_prompt"]
    assert first["quality_rater"].endswith("test_synthetic_filter.rate")
    dropped = made.dropped.select(["query", "document", "source", "quality", "quality_verdict", "reason"])
    assert [tuple(row.values()) for row in dropped.to_pylist()] == [
        ("two", "boilerplate", "b", 0, "0", "rated below 1"),
        ("four", "odd", "d", None, "hard to say", "verdict not readable"),
    ]


def test_a_second_rater_adds_columns_of_its_own() -> None:
    made = filter_pairs(PAIRS, quality_rater(rate))
    with pytest.raises(InputError, match="column 'quality' already"):
        filter_pairs(made.kept, quality_rater(rate))
    twice = filter_pairs(made.kept, replace(quality_rater(rate), name="quality_2"))

    def grade(prompts):
        return ["3" if "Query:\nthree" in prompt else "1" for prompt in prompts]

    thrice = filter_pairs(twice.kept, relevance_rater(grade), least=2)
    [row] = thrice.kept.columns.to_pylist()
    assert (row["source"], row["quality"], row["quality_2"], row["relevance"]) == ("c", 1, 1, 3)


def test_it_goes_on_where_it_broke_off(tmp_path) -> None:
    asked: list[str] = []

    def failing(prompts):
        if len(asked) == 2:
            asked.append("failed")
            raise ConnectionError("gone")
        asked.extend(prompts)
        return rate(prompts)

    with pytest.raises(ConnectionError, match="gone"):
        filter_pairs(PAIRS, quality_rater(failing), folder=tmp_path, batch_size=2)
    assert filter_pairs(PAIRS, quality_rater(failing), folder=tmp_path).counts["kept"] == 2
    assert len(asked) == 5
    assert asked[2] == "failed"


def test_all_or_nothing() -> None:
    def no(prompts):
        return ["0"] * len(prompts)

    made = filter_pairs(PAIRS, quality_rater(no))
    assert (len(made.kept), made.dropped.num_rows) == (0, 4)
    assert filter_pairs(made.kept, replace(quality_rater(no), name="again")).counts == {"asked": 0, "kept": 0}
    with pytest.raises(InputError, match="from 1 to 1"):
        filter_pairs(PAIRS, quality_rater(no), least=0)
