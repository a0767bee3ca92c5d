"""Near duplicates: texts that are equal, or nearly, within a set or across a split."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float64, Int64

from embedscope._errors import InputError, unknown_name
from embedscope._table import Table
from embedscope.items.pairs import Pairs
from embedscope.training.near_duplicates_join import best_matches
from embedscope.training.near_duplicates_texts import normalise_text, shingles, texts_of

_SHOWN = 5


@dataclass(frozen=True, eq=False)
class Duplicates:
    """Rows that say what other rows say, each with the nearest of them.

    Parameters
    ----------
    rows : ndarray of int64, shape (duplicates,)
        Rows to remove, ascending.
    others : ndarray of int64, shape (duplicates,)
        The row that each repeats: the first equal one, else the most similar, ties by row.
    similarities : ndarray of float64, shape (duplicates,)
        Jaccard similarity of the two sets of shingles; 1 where the normalised texts are equal.
    exact : ndarray of bool, shape (duplicates,)
        Whether the normalised texts are equal.
    """

    rows: Int64[np.ndarray, " duplicates"]
    others: Int64[np.ndarray, " duplicates"]
    similarities: Float64[np.ndarray, " duplicates"]
    exact: Bool[np.ndarray, " duplicates"]

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        n_exact = int(self.exact.sum())
        title = f"{len(self):,} duplicates: {n_exact:,} exact, {len(self) - n_exact:,} near"
        found = zip(self.rows.tolist(), self.others.tolist(), self.similarities.tolist(), strict=True)
        return repr(Table(("row", "repeats row", "jaccard"), list(found)[:_SHOWN], title))


@dataclass(frozen=True, eq=False)
class Cleaned:
    """Training pairs without what held-out pairs say, and what was taken away.

    Parameters
    ----------
    pairs : Pairs
        What is left.
    queries, documents : Duplicates
        Rows of the training pairs' own queries and documents that repeat a held-out text. ``others`` counts
        the held-out queries first, then the documents.
    n_matches, n_negatives : int
        How many matches and hard negatives named one of them and went; a hard negative whose query has no
        match left goes without being counted.
    """

    pairs: Pairs
    queries: Duplicates
    documents: Duplicates
    n_matches: int
    n_negatives: int

    def __repr__(self) -> str:
        return (
            f"{len(self.pairs):,} matches left, {self.n_matches:,} removed "
            f"({len(self.queries):,} queries and {len(self.documents):,} documents repeat held-out texts; "
            f"{self.n_negatives:,} hard negatives went too)"
        )


def find_duplicates(
    texts: Sequence[str],
    others: Sequence[str] | None = None,
    *,
    threshold: float | int = 0.8,
    size: int = 5,
    unit: str = "character",
) -> Duplicates:
    """Find the texts that repeat one of some other texts, or one that comes before them.

    Parameters
    ----------
    texts : sequence of str
        Those of which some may go.
    others : sequence of str, optional
        Those that stay. Without them: a text is a duplicate if it repeats an earlier one of ``texts``.
    threshold : float
        Jaccard similarity, above 0 and at most 1, from which on a text is a near duplicate.
    size : int
        Characters or words a shingle.
    unit : {"character", "word"}
        What shingles are made of.

    Returns
    -------
    Duplicates
        Rows of ``texts``, with what they repeat.

    Raises
    ------
    InputError
        If ``threshold`` or ``size`` is out of range.

    Notes
    -----
    Exact, not sampled: two sets with similarity t or more share one of the rarest n - ceil(t·n) + 1 of their
    n shingles (prefix filtering), so only such pairs are compared. Memory: 40 bytes a shingle.

    References
    ----------
    Bayardo, Ma, Srikant 2007, 'Scaling Up All Pairs Similarity Search', doi 10.1145/1242572.1242591;
    Broder 1997, 'On the resemblance and containment of documents' (shingles).

    Examples
    --------
    >>> find_duplicates(["A cat.", "a  cat.", "a dog"]).rows.tolist()
    [1]
    """
    if not 0 < threshold <= 1:
        raise InputError(f"threshold must be above 0 and at most 1; got {threshold}.")
    mine = [normalise_text(text) for text in texts]
    theirs = mine if others is None else [normalise_text(text) for text in others]
    repeated = _equal_rows(mine, None if others is None else theirs)
    # Equal texts are compared once, by the first of them.
    asked = _first_rows(mine, leaving=repeated)
    given = asked if others is None else _first_rows(theirs, leaving={})
    found, at, similarities = best_matches(
        [shingles(mine[row], size, unit) for row in asked],
        None if others is None else [shingles(theirs[row], size, unit) for row in given],
        threshold,
    )
    near = {asked[one]: (given[two], value) for one, two, value in zip(found, at, similarities, strict=True)}
    if others is not None:
        near |= {row: near[first] for row, first in _same_as(mine, asked) if first in near}
    rows = sorted({*repeated, *near})
    matched = [(repeated[row], 1.0) if row in repeated else near[row] for row in rows]
    return Duplicates(
        np.array(rows, np.int64),
        np.array([other for other, _ in matched], np.int64),
        np.array([value for _, value in matched], np.float64),
        np.array([row in repeated for row in rows], np.bool_),
    )


def _equal_rows(mine: Sequence[str], theirs: Sequence[str] | None) -> dict[int, int]:
    """Map each row to the first row of equal text: of the others, or before it."""
    known: dict[str, int] = {}
    if theirs is not None:
        for row, text in enumerate(theirs):
            known.setdefault(text, row)
        return {row: known[text] for row, text in enumerate(mine) if text in known}
    return {row: first for row, text in enumerate(mine) if (first := known.setdefault(text, row)) != row}


def _first_rows(texts: Sequence[str], leaving: dict[int, int]) -> list[int]:
    firsts: dict[str, int] = {}
    for row, text in enumerate(texts):
        if row not in leaving:
            firsts.setdefault(text, row)
    return list(firsts.values())


def _same_as(texts: Sequence[str], firsts: Sequence[int]) -> list[tuple[int, int]]:
    first_of = {texts[row]: row for row in firsts}
    return [(row, first_of[text]) for row, text in enumerate(texts) if text in first_of]


def remove_held_out(
    training: Pairs,
    held_out: Pairs,
    *,
    threshold: float | int = 0.8,
    size: int = 5,
    unit: str = "character",
    sides: Sequence[str] = ("query", "document"),
) -> Cleaned:
    """Take out of training pairs whatever repeats a text of held-out pairs, exactly or nearly.

    `Pairs.split` keeps equal content together; this is for what is equal but for a few words, and for two
    sets that were split by something else (language, package, class).

    Parameters
    ----------
    training, held_out : Pairs
        Pairs of texts.
    threshold, size, unit
        See `find_duplicates`.
    sides : sequence of {"query", "document"}
        Which sides of ``training`` are compared, each with both sides of ``held_out``. Where documents are
        labels, which both have by design: ``("query",)``.

    Returns
    -------
    Cleaned
        The pairs that are left, and what was taken away.

    Raises
    ------
    InputError
        If there are images, or ``threshold`` or ``size`` is out of range.
    MissingError
        If there is no such side.

    Examples
    --------
    >>> import pyarrow as pa
    >>> train = Pairs.from_frame(pa.table({"query": ["What is 2 + 2?", "Who?"], "document": ["4", "I."]}))
    >>> test = Pairs.from_frame(pa.table({"query": ["what is 2 + 2?"], "document": ["four"]}))
    >>> remove_held_out(train, test)
    1 matches left, 1 removed (1 queries and 0 documents repeat held-out texts; 0 hard negatives went too)
    """
    for side in sides:
        if side not in ("query", "document"):
            raise unknown_name("side", side, ("query", "document"))
    kept_back = [*texts_of(held_out.queries), *texts_of(held_out.documents)]
    found = {
        side: find_duplicates(
            texts_of(items) if side in sides else [], kept_back, threshold=threshold, size=size, unit=unit
        )
        for side, items in (("query", training.queries), ("document", training.documents))
    }
    queries, documents = found["query"], found["document"]

    def touched(rows: Int64[np.ndarray, "rows 2"]) -> Bool[np.ndarray, " rows"]:
        return np.isin(rows[:, 0], queries.rows) | np.isin(rows[:, 1], documents.rows)

    gone, rejected = touched(training.matches), touched(training.negatives)
    rest = replace(training, negatives=training.negatives[~rejected]).take(np.flatnonzero(~gone))
    return Cleaned(rest, queries, documents, int(gone.sum()), int(rejected.sum()))
