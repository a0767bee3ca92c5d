"""Retrieval by class: each item asks for the others of its class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
from jaxtyping import Int64

from embedscope._errors import InputError, unknown_name
from embedscope.evaluation.hits import Hits, Search
from embedscope.evaluation.labelled import Coding, Labelled, Spaces
from embedscope.evaluation.retrieval_scores import RetrievalScores

Against: TypeAlias = Literal["both", "own", "merged"]

RECALL_AT = (1, 2, 4, 8)


def score_retrieval(
    spaces: Spaces,
    index: Spaces | None = None,
    *,
    ks: Sequence[int] = RECALL_AT,
    against: Against = "both",
    label: str = "label",
    domain: str = "domain",
) -> RetrievalScores:
    """Measure how well items find the others of their class.

    Parameters
    ----------
    spaces : Space, or mapping of domain to Space
        The queries. A single space is split by its column of domains, where it has one.
    index : Space, or mapping of domain to Space, optional
        What is searched; the queries themselves where it is not given. An item of the same domain and id as
        the query is left out; so is each query when it asks its own set.
    ks : sequence of int
        For Recall@k.
    against : {"both", "own", "merged"}
        Each domain's own index, or that of all domains together, where a hit needs the same domain and label.
    label : str
        Column of the classes. Items without a label are no queries, and relevant to nobody, but stay in the
        index.
    domain : str
        Column of the domains.

    Returns
    -------
    RetrievalScores
        Recall@k, MAP@R and mMP@5, exact, with intervals and the failing queries.

    Raises
    ------
    InputError
        If spaces do not fit together, a k is not positive, or no item has a label.
    MissingError
        If a column is not there.

    Notes
    -----
    Recall@k: share of queries with a hit among the k nearest. MAP@R: mean over queries of
    1/R Σ_{i ≤ R} precision(i) · hit(i), R the relevant items in the index. mMP@5: mean of hits in the top
    min(5, R) / min(5, R), 0 where R is 0. Queries whose class has no other item in the index are left out of
    Recall and MAP@R, and counted. Nearest neighbours are exact, ties by the index; time
    O(queries · items · dims), never an array of queries × items.

    References
    ----------
    Musgrave, Belongie, Lim 2020, arXiv 2003.08505 (MAP@R); Ypsilantis et al. 2023, arXiv 2309.01858 (mMP@5,
    the merged index).

    Examples
    --------
    >>> from embedscope.spaces.space import Space
    >>> space = Space.from_arrays([[1, 0], [1, 0.1], [0, 1], [0.1, 1]], columns={"label": list("aabb")})
    >>> score_retrieval(space, ks=[1]).value("recall@1")
    1.0
    """
    ranks = _checked_ranks(ks)
    if against not in get_args(Against):
        raise unknown_name("index", against, get_args(Against))
    coding = Coding(label, domain)
    queries = coding.gather(spaces)
    searched = queries if index is None else coding.gather(index)
    asked = np.flatnonzero(queries.classes >= 0)
    if not len(asked):
        raise InputError(f"No item has a value in the column {label!r}: there are no queries.")
    run = _Run(queries, searched, asked, max(ranks))
    kinds = ("own", "merged") if against == "both" else (against,)
    hits = run.own_and_merged(kinds)
    names = tuple(coding.names)
    return RetrievalScores(names, ranks, queries, searched, asked, hits)


def _checked_ranks(ks: Sequence[int]) -> tuple[int, ...]:
    ranks = tuple(sorted({int(k) for k in ks}))
    if not ranks or ranks[0] < 1:
        raise InputError(f"ks={list(ks)}: wanted one or more ranks from 1, for example [1, 5].")
    return ranks


@dataclass(frozen=True, eq=False)
class _Run:
    queries: Labelled
    index: Labelled
    asked: Int64[np.ndarray, " queries"]
    depth: int

    def own_and_merged(self, kinds: Sequence[str]) -> dict[str, Hits]:
        single = len(np.unique(np.concatenate([self.queries.domains, self.index.domains]))) == 1
        if single:
            # With one domain its own index is the merged one.
            found = self._own()
            return dict.fromkeys(kinds, found)
        made = {"own": self._own, "merged": self._merged}
        return {kind: made[kind]() for kind in kinds}

    def _own(self) -> Hits:
        n = len(self.asked)
        hits = Hits.empty(np.zeros(n, np.int64))
        domains = self.queries.domains[self.asked]
        for code in np.unique(domains).tolist():
            places = np.flatnonzero(domains == code)
            hits.put(places, self._find(places, np.flatnonzero(self.index.domains == code)))
        return hits

    def _merged(self) -> Hits:
        _check_comparable(self.queries, self.index)
        return self._find(np.arange(len(self.asked)), np.arange(len(self.index)))

    def _find(self, places: Int64[np.ndarray, " places"], searched: Int64[np.ndarray, " searched"]) -> Hits:
        if not len(searched):
            return Hits.empty(np.zeros(len(places), np.int64))
        rows = self.asked[places]
        points, queries = self.index.points(searched), self.queries.points(rows)
        if points.vectors.shape[1] != queries.vectors.shape[1] or self.queries.metric != self.index.metric:
            raise InputError(
                f"Queries have {queries.vectors.shape[1]:,} dims ({self.queries.metric}) and the index "
                f"{points.vectors.shape[1]:,} ({self.index.metric}): both must come from the same encoder."
            )
        search = Search(
            points,
            self.index.classes[searched],
            queries,
            self.queries.classes[rows],
            self._own_rows(rows, searched),
            self.index.metric,
        )
        hits = search.find(self.depth)
        nearest = np.where(hits.nearest >= 0, searched[hits.nearest], -1)
        return Hits(hits.relevant, hits.first, hits.average_precision, hits.mean_precision, nearest)

    def _own_rows(
        self, rows: Int64[np.ndarray, " rows"], searched: Int64[np.ndarray, " searched"]
    ) -> Int64[np.ndarray, " rows"]:
        keys = self.index.keys
        row_of = {keys[row]: place for place, row in enumerate(searched.tolist())}
        asked = self.queries.keys
        return np.array([row_of.get(asked[row], -1) for row in rows.tolist()], np.int64)


def _check_comparable(queries: Labelled, index: Labelled) -> None:
    """Refuse to search vectors of several encoders as one index: their distances say nothing."""
    spaces = (*queries.spaces, *index.spaces)
    dims = {space.dims for space in spaces}
    makers = {space.encoder.fingerprint for space in spaces if space.encoder is not None}
    if len(dims) > 1 or len(makers) > 1:
        raise InputError(
            "The domains' vectors come from different encoders, so they have no merged index. "
            "Write against='own' to score each domain by itself."
        )
