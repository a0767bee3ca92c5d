"""Hard negatives: documents that a first model finds near a query, and that are no answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from jaxtyping import Float64, Int64, UInt8

from embedscope._errors import InputError
from embedscope._table import Table
from embedscope.items.pairs import Pairs
from embedscope.items.warn import warn
from embedscope.training.generators import as_utf8, generator_name
from embedscope.training.mining_candidates import Candidates, find_candidates, known_positives
from embedscope.training.mining_fusion import fuse_ranks, lowest
from embedscope.training.mining_rules import (
    MINED,
    NOT_NEEDED,
    REASONS,
    UNREADABLE,
    MiningOptions,
    judge_candidates,
)
from embedscope.training.near_duplicates_texts import texts_of
from embedscope.training.synthetic_answers import Asker
from embedscope.training.synthetic_raters import Rater, Verdict


@dataclass(frozen=True, eq=False)
class Mined:
    """Pairs with the hard negatives that were found, and what happened to every candidate.

    Parameters
    ----------
    pairs : Pairs
        The hard negatives it had, then the new ones: by query, in the order in which they were chosen.
    table : pyarrow.Table
        A row a candidate: ``query``, ``document`` (ids), ``rank`` (from 1), ``similarity`` (cosine),
        ``reason`` ("mined", or what spoke against it). With scorers: for each its score, called by it;
        ``fused``; and of what was mined ``<scorer>_prompt``, ``<scorer>_verdict``, ``<scorer>_by`` (the
        generator), ``seed``.
    n_short : int
        Queries that got fewer hard negatives than asked for.
    """

    pairs: Pairs
    table: pa.Table
    n_short: int

    @property
    def counts(self) -> dict[str, int]:
        """How many candidates had each reason, in the order in which reasons are looked at."""
        counted = {
            entry["values"]: entry["counts"] for entry in self.table["reason"].value_counts().to_pylist()
        }
        return {reason: counted[reason] for reason in REASONS if reason in counted}

    def __repr__(self) -> str:
        title = f"{self.pairs.name}: {self.n_short:,} queries got fewer hard negatives than asked for"
        return repr(Table(("reason", "candidates"), list(self.counts.items()), title))


def mine_negatives(
    pairs: Pairs,
    first_model: Any,
    *,
    n: int = 1,
    top_k: int = 100,
    scorers: Sequence[Rater] = (),
    options: MiningOptions | None = None,
    folder: str | Path | None = None,
    batch_size: int = 16,
) -> Mined:
    """Find hard negatives for each query that has a match.

    One to three a query help a training; with more, it learns their mistakes.

    Parameters
    ----------
    pairs : Pairs
        Queries, documents and matches.
    first_model : str or encoder, or (query vectors, document vectors)
        What the documents are retrieved with; vectors in the order of the items.
    n : int
        Hard negatives a query.
    top_k : int
        Documents that are retrieved for a query, positives counted.
    scorers : sequence of Rater
        Usually `relevance_rater` and `likelihood_rater`: their scores are fused by reciprocal rank, and the
        lowest candidates are taken. Without scorers: the nearest in ``options.window``.
    options : MiningOptions, optional
        The rules by which candidates are left out.
    folder : path, optional
        Where scorers' answers are kept as they come: the same call goes on where the last one broke off.
    batch_size : int
        Prompts a call of a generator.

    Returns
    -------
    Mined
        The pairs with negatives, and the table of all candidates.

    Raises
    ------
    InputError
        If vectors do not fit, a number is out of range, two scorers have one name, or scorers are to look at
        images.
    GenerationError
        If a generator gives other than one text a prompt.

    Notes
    -----
    Left out: positives of the query and of queries of the same content, what is equal or nearly equal to
    one, the query itself, and by ``options`` what is too near. Ties of similarity, of scores and of fused
    ranks go by row, and each query draws from a random stream of its own, so the result depends on the input
    and the seed alone. Memory: the table has queries · top_k rows of about 40 bytes.

    References
    ----------
    Lee et al. 2025, arXiv 2503.07891: the lowest of the fused ranks Σ 1/(60 + rank).

    Examples
    --------
    >>> pairs = Pairs.from_frame(pa.table({"query": ["one", "two"], "document": ["1", "2"]}))
    >>> mine_negatives(pairs, ([[1, 0], [0, 1]], [[1, 0], [0, 1]])).pairs.negatives.tolist()
    [[0, 1], [1, 0]]
    """
    rules = options or MiningOptions()
    if n < 1:
        raise InputError(f"n must be 1 or more; got {n}.")
    names = [scorer.name for scorer in scorers]
    if len(set(names)) < len(names):
        raise InputError(
            f"Two scorers have one name: {', '.join(names)}. Write dataclasses.replace(one, name=...)."
        )
    positives = known_positives(pairs)
    candidates = find_candidates(pairs, first_model, top_k, positives)
    codes = judge_candidates(pairs, candidates, positives, rules)
    rated = _Rated(candidates, codes, tuple(scorers))
    if scorers:
        rated.rate(pairs, Asker(folder, seed=rules.seed, batch_size=batch_size))
    chosen = [_choose(rated, place, n, rules) for place in range(len(candidates.queries))]
    for place, ranks in enumerate(chosen):
        codes[place, ranks] = MINED
    n_short = sum(len(ranks) < n for ranks in chosen)
    if n_short:
        warn(
            f"{n_short:,} of {len(chosen):,} queries got fewer than {n} hard negatives: nothing more was "
            f"left of their {candidates.documents.shape[1]:,} candidates. See .counts for the reasons."
        )
    new = np.array(
        [
            (query, candidates.documents[place, rank])
            for place, query in enumerate(candidates.queries.tolist())
            for rank in chosen[place].tolist()
        ],
        np.int64,
    ).reshape(-1, 2)
    negatives = np.concatenate([pairs.negatives, new])
    return Mined(replace(pairs, negatives=negatives), rated.table(pairs, rules.seed), n_short)


class _Rated:
    """Candidates with the scores that raters gave to those which may be taken."""

    def __init__(
        self, candidates: Candidates, codes: UInt8[np.ndarray, "queries k"], raters: tuple[Rater, ...]
    ) -> None:
        self.candidates, self.codes, self.raters = candidates, codes, raters
        self.scores = np.full((len(raters), *codes.shape), np.nan)
        self.fused = np.full(codes.shape, np.nan)
        self._verdicts: dict[tuple[int, int], list[Verdict]] = {}

    def rate(self, pairs: Pairs, asker: Asker) -> None:
        places = np.argwhere(self.codes == NOT_NEEDED)
        queries, documents = texts_of(pairs.queries), texts_of(pairs.documents)
        asked = [
            (queries[self.candidates.queries[place]], documents[self.candidates.documents[place, rank]])
            for place, rank in places
        ]
        for number, rater in enumerate(self.raters):
            for (place, rank), verdict in zip(places.tolist(), rater.rate(asked, asker), strict=True):
                self._verdicts.setdefault((place, rank), []).append(verdict)
                if verdict.score is None:
                    self.codes[place, rank] = UNREADABLE
                else:
                    self.scores[number, place, rank] = verdict.score
        for place in range(len(self.codes)):
            left = self.left(place)
            self.fused[place, left] = fuse_ranks(
                self.scores[:, place, left], self.candidates.documents[place, left]
            )

    def left(self, place: int) -> Int64[np.ndarray, " left"]:
        """Ranks, from 0, of a query's candidates that may be taken."""
        return np.flatnonzero(self.codes[place] == NOT_NEEDED).astype(np.int64)

    def table(self, pairs: Pairs, seed: int) -> pa.Table:
        found = self.candidates
        k = found.documents.shape[1]
        columns: dict[str, Any] = {
            "query": _ids(pairs.queries.ids, np.repeat(found.queries, k)),
            "document": _ids(pairs.documents.ids, found.documents.ravel()),
            "rank": np.tile(np.arange(1, k + 1), len(found.queries)),
            "similarity": found.similarities.ravel(),
            "reason": pa.DictionaryArray.from_arrays(pa.array(self.codes.ravel()), list(REASONS)),
        }
        if not self.raters:
            return pa.table(columns)
        is_mined = (self.codes == MINED).ravel()
        for number, rater in enumerate(self.raters):
            columns[rater.name] = _numbers(self.scores[number])
            for part in ("prompt", "verdict"):
                columns[f"{rater.name}_{part}"] = self._told(number, "answer" if part == "verdict" else part)
            columns[f"{rater.name}_by"] = _where(is_mined, generator_name(rater.generator), pa.string())
        return pa.table(
            {**columns, "fused": _numbers(self.fused), "seed": _where(is_mined, seed, pa.int64())}
        )

    def _told(self, number: int, part: str) -> pa.Array:
        """Give a scorer's prompt or answer, of what was mined: of all, it would fill the table."""
        values: list[str | None] = [None] * self.codes.size
        for place, rank in np.argwhere(self.codes == MINED).tolist():
            told = getattr(self._verdicts[place, rank][number], part)
            values[place * self.codes.shape[1] + rank] = as_utf8(told)
        return pa.array(values, pa.string())


def _choose(rated: _Rated, place: int, n: int, options: MiningOptions) -> Int64[np.ndarray, " chosen"]:
    left = rated.left(place)
    if rated.raters:
        places = lowest(rated.fused[place, left], rated.candidates.documents[place, left], n)
        chosen: Int64[np.ndarray, " chosen"] = left[places]
        return chosen
    if not options.draw:
        return left[:n]
    rng = np.random.default_rng([options.seed, int(rated.candidates.queries[place])])
    return np.sort(rng.permutation(left)[:n])


def _ids(ids: Sequence[Any], rows: Int64[np.ndarray, " rows"]) -> pa.Array:
    return pa.array(list(ids)).take(pa.array(rows))


def _numbers(values: Float64[np.ndarray, "queries k"]) -> pa.Array:
    return pa.array(values.ravel(), from_pandas=True)


def _where(mask: Any, value: Any, kind: pa.DataType) -> pa.Array:
    return pa.array([value if one else None for one in mask.tolist()], kind)
