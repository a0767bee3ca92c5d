"""Near duplicates: the join finds what comparing all with all finds, and nothing that is held out stays."""

from __future__ import annotations

from math import isclose

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedscope._errors import InputError, MissingError
from embedscope.items.items import Items
from embedscope.items.pairs import Pairs
from embedscope.training.near_duplicates import Duplicates, find_duplicates, remove_held_out
from embedscope.training.near_duplicates_texts import jaccard, normalise_text, shingles, texts_of

# Few letters, so that much is nearly the same.
TEXTS = st.lists(st.text("ab cD", max_size=12), max_size=10)
THRESHOLDS = st.sampled_from([0.2, 0.5, 0.55, 0.75, 0.8, 1.0])


def runs(text: str, size: int, unit: str) -> set[tuple[str, ...]]:
    known = normalise_text(text)
    parts = tuple(known) if unit == "character" else tuple(known.split())
    width = min(size, len(parts))
    return {parts[at : at + width] for at in range(len(parts) - width + 1)} if parts else set()


def by_hand(texts: list[str], others: list[str] | None, threshold: float, size: int, unit: str):
    """Compare all with all."""
    found = []
    for row, text in enumerate(texts):
        against = list(enumerate(others if others is not None else texts[:row]))
        equal = [at for at, other in against if normalise_text(other) == normalise_text(text)]
        if equal:
            found.append((row, equal[0], 1.0, True))
            continue
        mine, best = runs(text, size, unit), None
        for at, other in against:
            theirs = runs(other, size, unit)
            share = len(mine & theirs) / len(mine | theirs) if mine | theirs else 0.0
            if mine and share >= threshold and (best is None or share > best[2]):
                best = (row, at, share, False)
        if best is not None:
            found.append(best)
    return found


def as_rows(found: Duplicates) -> list[tuple[int, int, float, bool]]:
    parts = (found.rows, found.others, found.similarities, found.exact)
    return list(zip(*(part.tolist() for part in parts), strict=True))


@settings(deadline=None, max_examples=150)
@given(TEXTS, st.none() | TEXTS, THRESHOLDS, st.integers(1, 4), st.sampled_from(["character", "word"]))
def test_the_join_finds_what_comparing_all_finds(texts, others, threshold, size, unit) -> None:
    found = find_duplicates(texts, others, threshold=threshold, size=size, unit=unit)
    assert as_rows(found) == by_hand(texts, others, threshold, size, unit)


def test_long_texts_with_a_few_changed_words() -> None:
    rng = np.random.default_rng(0)
    words = [f"w{number}" for number in range(3000)]
    texts = [" ".join(rng.choice(words, 60)) for _ in range(80)]
    changed = []
    for place, text in enumerate(texts):
        parts = text.split()
        for at in rng.choice(60, place % 12, replace=False):
            parts[at] = "changed"
        changed.append(" ".join(parts))
    found = find_duplicates(changed, texts, threshold=0.7)
    assert as_rows(found) == by_hand(changed, texts, 0.7, 5, "character")
    assert 40 <= len(found) < 80
    assert (found.rows == found.others).all()


def test_case_space_and_forms_do_not_count() -> None:
    assert normalise_text(" Stra\u00dfe\u00a0 \ufb01n\n") == "strasse fin"
    found = find_duplicates(["A  Cat", "a dog"], ["a bird", "a cat"])
    assert as_rows(found) == [(0, 1, 1.0, True)]


def test_similarity_by_hand() -> None:
    # abc bcd cde against bcd cde def: 2 of 4.
    assert jaccard(shingles("abcde", 3), shingles("bcdef", 3)) == 0.5
    # A text that is shorter than a shingle is one run.
    assert len(shingles("ab", 5)) == 1
    assert jaccard(shingles("ab"), shingles("abc")) == 0
    assert len(shingles("", 5)) == 0
    # The order of words counts in a run of two.
    assert isclose(jaccard(shingles("a b c", 2, "word"), shingles("b c a", 2, "word")), 1 / 3)


def test_a_repeat_within_names_the_first() -> None:
    found = find_duplicates(
        ["one and the same text", "other", "one and the same text.", "ONE and the same text"]
    )
    assert [(row, other, exact) for row, other, _, exact in as_rows(found)] == [(2, 0, False), (3, 0, True)]
    assert "2 duplicates: 1 exact, 1 near" in repr(found)
    assert not len(find_duplicates([]))
    assert not len(find_duplicates(["a"], []))


def test_what_cannot_be_used_is_refused() -> None:
    with pytest.raises(InputError, match="above 0 and at most 1; got 0"):
        find_duplicates(["a"], threshold=0)
    with pytest.raises(InputError, match="size must be 1"):
        find_duplicates(["a"], size=0)
    with pytest.raises(MissingError, match="No unit is called 'line'"):
        shingles("a", 2, "line")
    with pytest.raises(InputError, match="'items' is no text"):
        texts_of(Items((0,), (None,), "text", pa.table({})))


def made(rows: list[tuple[str, str]], **columns: list[object]) -> Pairs:
    frame = pa.table({"query": [one for one, _ in rows], "document": [two for _, two in rows], **columns})
    return Pairs.from_frame(frame, negative="negative" if "negative" in columns else None)


def test_nothing_held_out_stays() -> None:
    training = made(
        [
            ("How many legs has a spider?", "Eight of them."),
            ("Who wrote the Iliad?", "It is said that Homer wrote it, long ago."),
            ("Who wrote Faust?", "Goethe."),
            ("Who painted this?", "Nobody knows."),
        ],
        number=[1, 2, 3, 4],
        negative=[None, "eight of them!", None, "Nobody at all knew anything about it."],
    )
    held_out = made(
        [("how many legs has a spider", "8"), ("Which poet?", "It is said that Homer wrote it long ago.")]
    )
    cleaned = remove_held_out(training, held_out, threshold=0.7)
    assert cleaned.pairs.columns["number"].to_pylist() == [3, 4]
    assert (cleaned.n_matches, cleaned.n_negatives) == (2, 0)
    # The near duplicate of a query was removed by a change of one character, the document by a comma.
    assert (cleaned.queries.rows.tolist(), cleaned.documents.others.tolist()) == ([0], [3])
    assert "2 matches left, 2 removed" in repr(cleaned)


def test_negatives_that_are_held_out_go_too() -> None:
    training = made([("Who wrote Faust?", "Goethe.")], negative=["Homer wrote the Iliad."])
    held_out = made([("Which poem is Homer's?", "HOMER wrote the Iliad.")])
    cleaned = remove_held_out(training, held_out)
    assert (len(cleaned.pairs), cleaned.n_negatives, cleaned.pairs.negatives.shape) == (1, 1, (0, 2))
    assert cleaned.pairs.documents.payloads == ("Goethe.",)


def test_labels_may_be_on_both_sides() -> None:
    training, held_out = made([("fine film", "good")]), made([("nice book", "good")])
    assert not len(remove_held_out(training, held_out).pairs)
    assert len(remove_held_out(training, held_out, sides=("query",)).pairs) == 1
    with pytest.raises(MissingError, match="No side is called 'label'"):
        remove_held_out(training, held_out, sides=("label",))
