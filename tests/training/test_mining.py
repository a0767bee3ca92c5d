"""Hard negatives: every candidate is judged as a plain loop judges it, and the lowest by two raters are taken."""

from __future__ import annotations

import re
from dataclasses import replace
from math import sqrt

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedscope._errors import EmbedscopeWarning, InputError
from embedscope.encoders.protocol import EncoderRecord
from embedscope.items.items import Items
from embedscope.items.pairs import Pairs
from embedscope.training.generators import GenerationError
from embedscope.training.mining import Mined, mine_negatives
from embedscope.training.mining_rules import MiningOptions
from embedscope.training.near_duplicates_texts import jaccard, shingles
from embedscope.training.synthetic_raters import likelihood_rater, relevance_rater

TEXTS = ("alpha beta gamma", "alpha beta gamma!", "delta", "epsilon zeta", "eta theta iota", "kappa")
SHORT = pytest.mark.filterwarnings("ignore:.*fewer than:embedscope._errors.EmbedscopeWarning")


def judged_by_hand(pairs: Pairs, queries, documents, top_k: int, rules: MiningOptions):
    """Judge by loops: rows of (query, document, rank, reason or None)."""
    texts, asked = pairs.documents.payloads, pairs.queries.payloads
    found = []
    for query in sorted({int(row) for row in pairs.matches[:, 0]}):
        same = [other for other in range(len(asked)) if asked[other] == asked[query]]
        positives = [int(d) for q, d in pairs.matches if int(q) in same]
        known = {int(d) for q, d in pairs.negatives if q == query}

        def cosine(document, query=query):
            one, other = documents[document], queries[query]
            dot = float(sum(a * b for a, b in zip(one, other, strict=True)))
            return dot / (sqrt(sum(a * a for a in one)) * sqrt(sum(b * b for b in other)))

        order = sorted(range(len(texts)), key=lambda d: (np.float32(max(1 - cosine(d), 0)), d))[:top_k]
        weakest = min(cosine(document) for document in positives)
        for rank, document in enumerate(order, 1):
            nearer = [texts[other] for other in order[: rank - 1]]
            text, first, last = texts[document], *rules.window
            alike = max(jaccard(shingles(text), shingles(texts[one])) for one in positives)
            near = np.float32(cosine(document))
            reasons = {
                "a positive": document in positives,
                "equal to a positive": text in [texts[one] for one in positives],
                "equal to the query": text == asked[query],
                "a hard negative already": text in [texts[one] for one in known],
                "equal to a nearer candidate": text in nearer,
                "nearly a positive": rules.near_duplicate is not None and alike >= rules.near_duplicate,
                "as near as a positive": (
                    (rules.share is not None and near >= weakest - (1 - rules.share) * abs(weakest))
                    or (rules.margin is not None and near >= weakest - rules.margin)
                ),
                "outside the window": rank < first or (last is not None and rank > last),
            }
            found.append(
                (query, document, rank, next((name for name, holds in reasons.items() if holds), None))
            )
    return found


NUMBERS = st.tuples(st.integers(-3, 3), st.integers(-3, 3), st.just(1))


# Limits between the few cosines that such vectors have.
RULES = st.fixed_dictionaries(
    {
        "window": st.sampled_from([(1, None), (2, None), (2, 4)]),
        "share": st.sampled_from([None, 0.9001]),
        "margin": st.sampled_from([None, 0.0501]),
        "near_duplicate": st.sampled_from([None, 0.8]),
    }
)


@st.composite
def cases(draw):
    """Queries, documents, matches, negatives, and vectors of both sides."""
    queries = draw(st.lists(st.sampled_from([*TEXTS[:3], "who?", "why?"]), min_size=1, max_size=4))
    documents = draw(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=8))
    row = st.tuples(st.integers(0, len(queries) - 1), st.integers(0, len(documents) - 1))
    matches, negatives = (draw(st.lists(row, min_size=low, max_size=4)) for low in (1, 0))
    vectors = [draw(st.lists(NUMBERS, min_size=n, max_size=n)) for n in map(len, (queries, documents))]
    return queries, documents, matches, negatives, vectors


@SHORT
@settings(deadline=None, max_examples=60)
@given(cases(), st.integers(1, 9), RULES, st.integers(1, 3))
def test_candidates_are_judged_as_by_a_loop(case, top_k, options, n) -> None:
    asked, given_texts, matches, negatives, (queries, documents) = case
    pairs = Pairs(
        Items.from_texts(asked),
        Items.from_texts(given_texts),
        np.array(matches, np.int64),
        np.array(negatives, np.int64).reshape(-1, 2),
    )
    rules = MiningOptions(**options)
    mined = mine_negatives(pairs, (queries, documents), n=n, top_k=top_k, options=rules)
    expected = judged_by_hand(pairs, queries, documents, top_k, rules)
    left: dict[int, list[int]] = {query: [] for query, *_ in expected}
    for query, document, _, reason in expected:
        if reason is None:
            left[query].append(document)
    taken = [(query, document) for query, rest in left.items() for document in rest[:n]]
    assert mined.pairs.negatives.tolist() == pairs.negatives.tolist() + [list(one) for one in taken]
    assert mined.n_short == sum(len(rest) < n for rest in left.values())
    rows = [(row["query"], row["document"], row["rank"], row["reason"]) for row in mined.table.to_pylist()]
    assert rows == [
        (query, document, rank, reason or ("mined" if (query, document) in taken else "not needed"))
        for query, document, rank, reason in expected
    ]
    assert sum(mined.counts.values()) == len(rows)


def made(*rows: tuple[str, str]) -> Pairs:
    return Pairs.from_frame(pa.table({"query": [q for q, _ in rows], "document": [d for _, d in rows]}))


# One query that points at its answer; six documents, ever farther away.
ONE = made(("Q", "answer"), *((f"q{place}", f"text {place}") for place in range(5)))
SPREAD = np.array([[np.cos(angle), np.sin(angle)] for angle in np.arange(6) * 0.2])
ASKED = np.array([[1.0, 0.0]] * 6)


def one_query(**options) -> Mined:
    alone = Pairs(ONE.queries, ONE.documents, ONE.matches[:1])
    return mine_negatives(alone, (ASKED, SPREAD), **options)


def test_a_window_of_ranks() -> None:
    mined = one_query(n=2, options=MiningOptions(window=(3, 5)))
    assert mined.pairs.negatives.tolist() == [[0, 2], [0, 3]]
    row = mined.table.slice(2, 1).to_pylist()[0]
    assert (row["query"], row["document"], row["rank"], row["reason"]) == ("q0", "d2", 3, "mined")
    assert row["similarity"] == pytest.approx(np.cos(0.4))
    assert mined.counts == {"mined": 2, "a positive": 1, "outside the window": 2, "not needed": 1}
    assert "outside the window" in repr(mined)


def test_what_is_as_near_as_the_answer_is_left_out() -> None:
    def nearest(**rules) -> list[list[int]]:
        return one_query(options=MiningOptions(**rules)).pairs.negatives.tolist()

    # Similarities: 1, .980, .921, .825, .697, .540.
    assert nearest() == [[0, 1]]
    assert nearest(share=0.95) == [[0, 2]]
    assert nearest(margin=0.1) == [[0, 3]]
    assert nearest(margin=0.1, share=0.7) == [[0, 4]]


def test_a_near_duplicate_at_the_very_threshold() -> None:
    # 20 runs of five letters, and the first 11 of them: 0.55, which times 20 rounds to more than 11.
    letters = "abcdefghijklmnopqrstuvwx"
    pairs = made(("q", letters), ("r", letters[:15]), ("s", "another"))
    vectors = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]]), np.array([[1.0, 0.0], [0.9, 0.1], [0.5, 0.5]])
    alone = replace(pairs, matches=pairs.matches[:1])
    for threshold, expected in ((0.55, [[0, 2]]), (0.56, [[0, 1]])):
        mined = mine_negatives(alone, vectors, options=MiningOptions(near_duplicate=threshold))
        assert mined.pairs.negatives.tolist() == expected


def test_draws_are_seeded_and_each_query_has_its_own() -> None:
    rng = np.random.default_rng(0)
    pairs = made(*((f"query number {place}", f"{place}") for place in range(40)))
    vectors = rng.normal(size=(40, 4)), rng.normal(size=(40, 4))

    def drawn(part: Pairs, seed: int) -> dict[int, list[int]]:
        rules = MiningOptions(window=(2, 20), draw=True, seed=seed)
        found = mine_negatives(part, vectors, n=3, options=rules).pairs.negatives
        return {int(query): found[found[:, 0] == query, 1].tolist() for query in np.unique(found[:, 0])}

    first = drawn(pairs, 0)
    assert drawn(pairs, 0) == first
    assert drawn(pairs, 1) != first
    half = drawn(replace(pairs, matches=pairs.matches[20:]), 0)
    assert half == {query: first[query] for query in range(20, 40)}


def rate_relevance(prompts):
    """Text 0 is an answer, text 3 in part, text 2 cannot be judged; the rest is none."""
    grades = {"0": "3", "3": "1", "2": "I cannot say"}
    return [grades.get(re.search(r"text (\d)", prompt)[1], "0") for prompt in prompts]


def rate_likelihood(prompts):
    """The farther, the likelier, but for text 0."""
    return [{"0": "100"}.get(digit, f"{int(digit) * 10}") for digit in _digits(prompts)]


def _digits(prompts):
    return [re.search(r"text (\d)", prompt)[1] for prompt in prompts]


SCORERS = (relevance_rater(rate_relevance), likelihood_rater(rate_likelihood))


def test_the_lowest_by_two_scorers_are_taken() -> None:
    mined = one_query(n=2, scorers=SCORERS, options=MiningOptions(seed=9))
    table = {row["document"]: row for row in mined.table.to_pylist()}
    # Left are texts 0, 1, 3, 4 (documents d1, d2, d4, d5). Relevance 3 0 1 0: ranks 1 3 2 4.
    # Likelihood 100 10 30 40: ranks 1 4 3 2.
    expected = {"d1": 1 / 61 + 1 / 61, "d2": 1 / 63 + 1 / 64, "d4": 1 / 62 + 1 / 63, "d5": 1 / 64 + 1 / 62}
    assert {name: table[name]["fused"] for name in expected} == pytest.approx(expected)
    assert mined.pairs.negatives.tolist() == [[0, 2], [0, 5]]
    assert mined.counts == {"mined": 2, "a positive": 1, "verdict not readable": 1, "not needed": 2}
    assert (table["d3"]["reason"], table["d3"]["relevance"], table["d3"]["likelihood"]) == (
        "verdict not readable",
        None,
        20,
    )
    assert (table["d0"]["relevance"], table["d0"]["fused"]) == (None, None)


def test_what_is_mined_keeps_its_prompts_and_verdicts() -> None:
    mined = one_query(scorers=SCORERS, options=MiningOptions(seed=9))
    rows = mined.table.to_pylist()
    [row] = [row for row in rows if row["reason"] == "mined"]
    assert (row["document"], row["relevance_verdict"], row["likelihood_verdict"], row["seed"]) == (
        "d2",
        "0",
        "10",
        9,
    )
    assert "Query:\nQ\n" in row["relevance_prompt"]
    assert "text 1" in row["likelihood_prompt"]
    assert row["relevance_by"].endswith("rate_relevance")
    others = [row for row in rows if row["reason"] != "mined"]
    assert all(row["relevance_prompt"] is row["likelihood_verdict"] is row["seed"] is None for row in others)


def test_only_what_may_be_taken_is_rated() -> None:
    seen: list[str] = []

    def listen(prompts):
        seen.extend(_digits(prompts))
        return ["0"] * len(prompts)

    one_query(scorers=(relevance_rater(listen),), options=MiningOptions(window=(1, 4), margin=0.05))
    assert seen == ["1", "2"]


def test_rating_goes_on_where_it_broke_off(tmp_path) -> None:
    asked: list[str] = []

    def failing(prompts):
        if len(asked) == 3:
            asked.append("failed")
            raise GenerationError("gone", {0: "1"})
        asked.extend(_digits(prompts))
        return ["1"] * len(prompts)

    with pytest.raises(GenerationError, match="gone"):
        one_query(scorers=(relevance_rater(failing),), folder=tmp_path, batch_size=3)
    one_query(scorers=(relevance_rater(failing),), folder=tmp_path)
    assert asked == ["0", "1", "2", "failed", "4"]


def test_fewer_than_asked_for_is_told() -> None:
    with pytest.warns(EmbedscopeWarning, match="1 of 1 queries got fewer than 9 hard negatives"):
        mined = one_query(n=9)
    assert (mined.n_short, len(mined.pairs.negatives)) == (1, 5)
    assert not len(mine_negatives(Pairs(ONE.queries, ONE.documents, ONE.matches[:0]), (ASKED, SPREAD)).pairs)


class Letters:
    """An encoder that counts letters, and notes for which side."""

    def __init__(self) -> None:
        self.roles: list[tuple[str | None, int]] = []

    @property
    def record(self) -> EncoderRecord:
        return EncoderRecord("letters", frozenset({"text"}), 26)

    def encode(self, payloads, *, role=None, task=None, dims=None, progress=None):
        self.roles.append((role, len(payloads)))
        counts = [[text.lower().count(chr(97 + place)) for place in range(26)] for text in payloads]
        if progress is not None:
            progress(len(payloads))
        return np.array(counts, np.float32).reshape(-1, 26)


def test_an_encoder_finds_them() -> None:
    pairs = made(("a cat", "cats"), ("a dog", "hounds"), ("tac", "catlike"))
    encoder = Letters()
    mined = mine_negatives(pairs, encoder)
    # Asked for nothing first, which shows whether it takes a role.
    assert [one for one in encoder.roles if one[1]] == [("query", 3), ("document", 3)]
    found = {pairs.queries.payloads[q]: pairs.documents.payloads[d] for q, d in mined.pairs.negatives}
    assert found == {"a cat": "catlike", "a dog": "cats", "tac": "cats"}


def test_images_are_compared_by_content() -> None:
    def image(value):
        return np.full((4, 4, 3), value, np.uint8)

    sides = Items.from_images([image(1)]), Items.from_images([image(2), image(2), image(3)])
    pairs = Pairs(*sides, np.array([[0, 0]]))
    vectors = np.array([[1.0, 0.0]]), np.array([[1.0, 0.0], [1.0, 0.0], [0.5, 0.5]])
    mined = mine_negatives(pairs, vectors)
    assert mined.pairs.negatives.tolist() == [[0, 2]]
    assert mined.counts == {"mined": 1, "a positive": 1, "equal to a positive": 1}
    with pytest.raises(InputError, match="is no text"):
        mine_negatives(pairs, vectors, scorers=SCORERS)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"n": 0}, "n must be 1 or more"),
        ({"top_k": 0}, "top_k must be 1 or more"),
        ({"scorers": (SCORERS[0], SCORERS[0])}, "Two scorers have one name"),
    ],
)
def test_wrong_numbers_are_refused(options, said) -> None:
    with pytest.raises(InputError, match=said):
        one_query(**options)


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ({"window": (0, 3)}, "first rank from 1"),
        ({"window": (4, 3)}, "not below it"),
        ({"share": 1.1}, "share must be above 0"),
        ({"near_duplicate": 0}, "near_duplicate must be above 0"),
        ({"margin": -0.1}, "margin must be 0 or more"),
    ],
)
def test_wrong_rules_are_refused(rules, said) -> None:
    with pytest.raises(InputError, match=said):
        MiningOptions(**rules)


def test_vectors_that_do_not_fit_are_refused() -> None:
    with pytest.raises(InputError, match="5 document vectors came for 6 items"):
        mine_negatives(ONE, (ASKED, SPREAD[:5]))
    with pytest.raises(InputError, match="queries have 1 dims and the documents 2"):
        mine_negatives(ONE, (ASKED[:, :1], SPREAD))
    with pytest.raises(
        InputError, match=r"3 sets of vectors came; wanted \(query vectors, document vectors\)"
    ):
        mine_negatives(ONE, (ASKED, SPREAD, SPREAD))
