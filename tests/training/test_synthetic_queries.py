"""Synthetic queries: kept where the rater finds the passage relevant, with all that was said."""

from __future__ import annotations

import re

import pytest

from embedscope._errors import InputError
from embedscope.items.items import Items
from embedscope.training.synthetic_prompts import QUERY_STYLES
from embedscope.training.synthetic_queries import one_line, synthetic_queries
from embedscope.training.synthetic_raters import Rater, quality_rater, relevance_rater

PASSAGES = Items.from_texts(
    ["Spiders have eight legs.", "Water boils at 100 °C.", "Garbage", "Homer wrote it."],
    ids=["spiders", "water", "garbage", "homer"],
)


def write(prompts):
    """A writer by rule: what it writes hangs on the passage alone."""
    said = {
        "Spiders have eight legs.": '"how many legs do spiders have"',
        "Water boils at 100 °C.": "when does water boil\n",
        "Garbage": "Sure! Here is one:\nwhat is garbage",
        "Homer wrote it.": "who wrote the Odyssey",
    }
    return [said[prompt.splitlines()[-1]] for prompt in prompts]


def rate(prompts):
    """A rater by rule: spiders are answered, water badly put, Homer in part."""
    found = []
    for prompt in prompts:
        query = re.search("Query:\n(.*)", prompt)[1]
        found.append("3" if "legs" in query else "1" if "Odyssey" in query else "rather well")
    return found


def test_what_is_kept_and_what_is_dropped() -> None:
    made = synthetic_queries(PASSAGES, write, relevance_rater(rate), seed=5)
    assert made.counts == {
        "asked": 4,
        "kept": 1,
        "not one line of text": 1,
        "verdict not readable": 1,
        "rated below 2": 1,
    }
    pairs = made.kept
    assert pairs.queries.payloads == ("how many legs do spiders have",)
    assert (pairs.matches.tolist(), pairs.documents.ids) == ([[0, 0]], PASSAGES.ids)
    [row] = pairs.columns.to_pylist()
    assert row["prompt"].endswith("Spiders have eight legs.")
    assert row["style"] in row["prompt"]
    assert row["style"] in QUERY_STYLES
    assert "Query:\nhow many legs do spiders have\n" in row["rater_prompt"]
    assert (row["verdict"], row["score"], row["seed"]) == ("3", 3, 5)
    assert (row["writer"].split(".")[-1], row["rater"].split(".")[-1]) == ("write", "rate")
    dropped = {
        row["passage"]: (row["reason"], row["verdict"], row["score"]) for row in made.dropped.to_pylist()
    }
    assert dropped == {
        "water": ("verdict not readable", "rather well", None),
        "garbage": ("not one line of text", None, None),
        "homer": ("rated below 2", "1", 1),
    }
    assert "asked" in repr(made)


def test_a_lower_bar_keeps_more() -> None:
    made = synthetic_queries(PASSAGES, write, relevance_rater(rate), least=1)
    assert made.kept.queries.payloads == ("how many legs do spiders have", "who wrote the Odyssey")
    assert made.kept.matches.tolist() == [[0, 0], [1, 3]]


def test_several_queries_a_passage() -> None:
    asked: list[str] = []

    def by_style(prompts):
        asked.extend(prompts)
        # Two of the four styles bring the same words, but for case.
        return [
            "What is it?" if "question" in p else "what IS it?" if "keywords" in p else p.splitlines()[1]
            for p in prompts
        ]

    def yes(prompts):
        return ["3"] * len(prompts)

    made = synthetic_queries(PASSAGES, by_style, relevance_rater(yes), per_passage=4)
    assert made.counts == {"asked": 16, "kept": 12, "asked of this passage before": 4}
    assert len(set(asked)) == 16
    styles = made.kept.columns["style"].to_pylist() + made.dropped["style"].to_pylist()
    assert all(styles.count(style) == 4 for style in QUERY_STYLES)
    # The same words for several passages are one query with several matches.
    texts = made.kept.queries.payloads
    assert len(texts) == len(set(texts)) < 12


def test_the_seed_chooses_the_styles() -> None:
    def styles(seed):
        made = synthetic_queries(PASSAGES, write, relevance_rater(rate), seed=seed)
        return made.kept.columns["style"].to_pylist() + made.dropped["style"].to_pylist()

    assert styles(0) == styles(0)
    assert len({tuple(styles(seed)) for seed in range(8)}) > 1


def test_nothing_is_asked_twice(tmp_path) -> None:
    calls = []

    def counting(prompts):
        calls.append(len(prompts))
        return write(prompts)

    first = synthetic_queries(PASSAGES, counting, relevance_rater(rate), folder=tmp_path)
    again = synthetic_queries(PASSAGES, counting, relevance_rater(rate), folder=tmp_path)
    assert calls == [4]
    assert again.kept.columns.equals(first.kept.columns)
    assert again.dropped.equals(first.dropped)


def test_no_passages_and_wrong_numbers() -> None:
    empty = Items.from_texts([])
    assert synthetic_queries(empty, write, relevance_rater(rate)).counts == {"asked": 0, "kept": 0}
    with pytest.raises(InputError, match="per_passage must be 1"):
        synthetic_queries(PASSAGES, write, relevance_rater(rate), per_passage=0)
    for rater, said in ((relevance_rater(rate), "from 1 to 3"), (quality_rater(rate), "from 1 to 1")):
        with pytest.raises(InputError, match=said):
            synthetic_queries(PASSAGES, write, rater, least=4)


def test_a_rater_of_ones_own() -> None:
    def longer(query, document):
        return f"{len(query)}"

    def mirror(prompts):
        return prompts

    rater = Rater("length", mirror, longer, 0, 99)
    made = synthetic_queries(PASSAGES, write, rater, least=22)
    assert made.kept.columns["score"].to_pylist() == [29]


def test_one_line() -> None:
    assert one_line("«wie weit?»") == "wie weit?"
    assert one_line("'") == "'"
    assert one_line("\n\n a \n") == "a"
    assert one_line("a\n\nb") == one_line(" \n") == ""
