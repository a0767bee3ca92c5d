"""Which candidates may be hard negatives, and why the others may not."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Int64, UInt8, UInt64

from embedscope._errors import InputError
from embedscope.items.pairs import Pairs
from embedscope.training.mining_candidates import Candidates
from embedscope.training.near_duplicates_texts import jaccard, shingles

REASONS = (
    "mined",
    "a positive",
    "equal to a positive",
    "equal to the query",
    "a hard negative already",
    "equal to a nearer candidate",
    "nearly a positive",
    "as near as a positive",
    "outside the window",
    "verdict not readable",
    "not needed",
)
_CODES = {reason: code for code, reason in enumerate(REASONS)}
MINED = _CODES["mined"]
UNREADABLE = _CODES["verdict not readable"]
NOT_NEEDED = _CODES["not needed"]
_SLACK = 1e-9


@dataclass(frozen=True)
class MiningOptions:
    """Which neighbours of a query are taken for hard negatives.

    Parameters
    ----------
    window : (int, int or None)
        First and last rank that is looked at, from 1, positives counted; None: to the end. Where no scorer
        looks at the candidates, the first ranks hold most of the false negatives.
    share : float, optional
        A candidate must be less similar than this share of the query's farthest positive: 0.95 is usual.
    margin : float, optional
        A candidate must be less similar than the query's farthest positive by more than this.
    near_duplicate : float, optional
        Jaccard similarity of character 5-grams from which on a candidate counts as one of the query's
        positives; None: it is not looked at. Images are compared by content alone.
    draw : bool
        Without scorers: draw at random from the window instead of taking the nearest.
    seed : int
        For what is drawn and for kept answers.

    Raises
    ------
    InputError
        If a number is out of range.

    Notes
    -----
    The farthest positive, since what is as near as one positive may be another. Where its similarity is
    negative, ``share`` lowers it all the same: s - (1 - share)·abs(s).

    References
    ----------
    de Souza P. Moreira et al. 2024, arXiv 2407.15831 (share and margin of the positive's score).
    """

    window: tuple[int, int | None] = (1, None)
    share: float | int | None = None
    margin: float | int | None = None
    near_duplicate: float | int | None = 0.8
    draw: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        first, last = self.window
        if first < 1 or (last is not None and last < first):
            raise InputError(
                f"window holds a first rank from 1 and a last one not below it; got {self.window}."
            )
        for name in ("share", "near_duplicate"):
            value = getattr(self, name)
            if value is not None and not 0 < value <= 1:
                raise InputError(f"{name} must be above 0 and at most 1; got {value}.")
        if self.margin is not None and self.margin < 0:
            raise InputError(f"margin must be 0 or more; got {self.margin}.")


def judge_candidates(
    pairs: Pairs,
    candidates: Candidates,
    positives: dict[int, Int64[np.ndarray, " positives"]],
    options: MiningOptions,
) -> UInt8[np.ndarray, "queries k"]:
    """Give each candidate the first reason against it, or none.

    Parameters
    ----------
    pairs : Pairs
        Queries and documents.
    candidates : Candidates
        What was found.
    positives : dict of int to ndarray of int64
        From `known_positives`.
    options : MiningOptions
        The rules.

    Returns
    -------
    ndarray of uint8, shape (queries, k)
        Places in ``REASONS``; ``NOT_NEEDED`` for those that may be taken.
    """
    contents = _Contents(pairs)
    rejected: dict[int, set[int]] = {}
    for query, document in pairs.negatives.tolist():
        rejected.setdefault(query, set()).add(document)
    codes = np.empty(candidates.documents.shape, np.uint8)
    first, last = options.window
    for place, query in enumerate(candidates.queries.tolist()):
        about = _Query(contents, query, positives[query].tolist(), rejected.get(query, set()))
        limit = _limit(float(candidates.weakest[place]), options)
        for rank, document in enumerate(candidates.documents[place].tolist(), start=1):
            reason = about.against(document, options.near_duplicate)
            if not reason and candidates.similarities[place, rank - 1] >= limit:
                reason = "as near as a positive"
            if not reason and (rank < first or (last is not None and rank > last)):
                reason = "outside the window"
            codes[place, rank - 1] = _CODES[reason] if reason else NOT_NEEDED
    return codes


def _limit(weakest: float, options: MiningOptions) -> float:
    limits = [np.inf]
    if options.share is not None:
        limits.append(weakest - (1 - options.share) * abs(weakest))
    if options.margin is not None:
        limits.append(weakest - options.margin)
    return float(min(limits))


class _Contents:
    """Hashes and shingles of documents, made when they are first needed."""

    def __init__(self, pairs: Pairs) -> None:
        self.pairs = pairs
        self._shingles: dict[int, UInt64[np.ndarray, " _"]] = {}

    def shingles(self, document: int) -> UInt64[np.ndarray, " _"]:
        if document not in self._shingles:
            text = self.pairs.documents.payloads[document]
            self._shingles[document] = shingles(text) if isinstance(text, str) else np.empty(0, np.uint64)
        return self._shingles[document]

    def is_near(self, one: int, other: int, threshold: float | int) -> bool:
        left, right = self.shingles(one), self.shingles(other)
        small, large = sorted((len(left), len(right)))
        # The sizes alone may rule it out, which saves most of the time; 0.55 · 20 is a little more than 11.
        return small > 0 and small >= threshold * large - _SLACK and jaccard(left, right) >= threshold


@dataclass(frozen=True, eq=False)
class _Query:
    """What is known of a query, to be held against its candidates in the order of their ranks."""

    contents: _Contents
    query: int
    positives: list[int]
    rejected: set[int]
    seen: set[bytes] = field(default_factory=set)

    def against(self, document: int, threshold: float | int | None) -> str:
        content = self.contents.pairs.documents.content_hash(document)
        reason = self._of_content(document, content)
        if not reason and threshold is not None:
            near = any(self.contents.is_near(document, one, threshold) for one in self.positives)
            reason = "nearly a positive" if near else ""
        self.seen.add(content)
        return reason

    def _of_content(self, document: int, content: bytes) -> str:
        pairs = self.contents.pairs
        if document in self.positives:
            return "a positive"
        if any(content == pairs.documents.content_hash(one) for one in self.positives):
            return "equal to a positive"
        if content == pairs.queries.content_hash(self.query):
            return "equal to the query"
        if any(content == pairs.documents.content_hash(one) for one in self.rejected):
            return "a hard negative already"
        return "equal to a nearer candidate" if content in self.seen else ""
