"""RetrievalScores: what a retrieval run found, with intervals and the queries that failed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pyarrow as pa
from jaxtyping import Bool, Float64, Int64

from embedscope._errors import InputError, unknown_name
from embedscope._table import Table
from embedscope.evaluation.failures import failing_items
from embedscope.evaluation.hits import Hits
from embedscope.evaluation.labelled import Labelled
from embedscope.evaluation.means import Mean, mean_of_means, mean_over_classes
from embedscope.items.items import Items

MICRO, MACRO = "all queries", "mean of domains"


@dataclass(frozen=True, eq=False)
class RetrievalScores:
    """Recall@k, MAP@R and mMP@5 by domain, against its own index and the merged one.

    Parameters
    ----------
    domains : tuple of str
        Names of the domains.
    ks : tuple of int
        Of Recall@k, ascending.
    queries : Labelled
        Items that may be queries.
    index : Labelled
        What was searched.
    rows : ndarray of int64, shape (queries,)
        The items that have a label and were asked.
    hits : mapping of str to Hits
        By index: ``"own"``, ``"merged"``.
    """

    domains: tuple[str, ...]
    ks: tuple[int, ...]
    queries: Labelled = field(repr=False)
    index: Labelled = field(repr=False)
    rows: Int64[np.ndarray, " queries"] = field(repr=False)
    hits: Mapping[str, Hits] = field(repr=False)

    @property
    def indexes(self) -> tuple[str, ...]:
        """The indexes that were searched; of two that are the same, since there is one domain, the first."""
        first: dict[int, str] = {}
        for name, found in self.hits.items():
            first.setdefault(id(found), name)
        return tuple(first.values())

    @property
    def measures(self) -> tuple[str, ...]:
        """Names of the measures, as `score` takes them."""
        return (*(f"recall@{k}" for k in self.ks), "map@r", "mmp@5")

    @cached_property
    def asked_domains(self) -> tuple[str, ...]:
        """The domains that have queries."""
        codes = np.unique(self.queries.domains[self.rows])
        return tuple(self.domains[code] for code in codes)

    def values(self, measure: str = "recall@1", index: str | None = None) -> Float64[np.ndarray, " queries"]:
        """Give a measure, query by query.

        Parameters
        ----------
        measure : str
            ``"recall@1"``, ``"map@r"``, ``"mmp@5"``.
        index : {"own", "merged"}, optional
            The first that was searched where nothing is said.

        Returns
        -------
        ndarray of float64, shape (queries,)
            In the order of ``rows``; NaN for a query that the measure leaves out.

        Raises
        ------
        MissingError
            If the measure or index was not computed.
        """
        hits = self._hits(index)
        if measure not in self.measures:
            raise unknown_name("measure of retrieval", measure, self.measures)
        if measure == "map@r":
            return hits.average_precision
        if measure == "mmp@5":
            return hits.mean_precision
        k = int(measure.removeprefix("recall@"))
        found = ((hits.first > 0) & (hits.first <= k)).astype(np.float64)
        return np.where(hits.relevant > 0, found, np.nan)

    def _hits(self, index: str | None) -> Hits:
        name = self.indexes[0] if index is None else index
        if name not in self.hits:
            raise unknown_name("index", name, self.indexes)
        return self.hits[name]

    def score(self, measure: str = "recall@1", domain: str | None = None, index: str | None = None) -> Mean:
        """Average a measure.

        Parameters
        ----------
        measure : str
            One of ``measures``.
        domain : str, optional
            A domain; ``"all queries"`` (micro); without it, or as ``"mean of domains"``, the mean of the
            domains' means (macro).
        index : {"own", "merged"}, optional
            The first that was searched where nothing is said.

        Returns
        -------
        Mean
            With its 95 % interval: Student's t over classes, see `mean_over_classes`.

        Raises
        ------
        MissingError
            If the measure, domain or index is not there.
        """
        values = self.values(measure, index)
        if domain is None or domain == MACRO:
            return mean_of_means([self.score(measure, name, index) for name in self.asked_domains])
        chosen = self._of(domain) & ~np.isnan(values)
        return mean_over_classes(values[chosen], self.queries.classes[self.rows][chosen])

    def value(self, measure: str = "recall@1", domain: str | None = None, index: str | None = None) -> float:
        """Give the mean alone.

        Parameters
        ----------
        measure, domain, index : str, optional
            As in `score`.

        Returns
        -------
        float
            From 0 to 1.
        """
        return self.score(measure, domain, index).value

    def _of(self, domain: str) -> Bool[np.ndarray, " queries"]:
        if domain == MICRO:
            return np.ones(len(self.rows), np.bool_)
        if domain not in self.asked_domains:
            raise unknown_name("domain", domain, (*self.asked_domains, MICRO, MACRO))
        chosen: np.ndarray = self.queries.domains[self.rows] == self.domains.index(domain)
        return chosen

    def left_out(self, domain: str | None = None, index: str | None = None) -> int:
        """Count the queries that Recall and MAP@R leave out: no other item of their class is in the index.

        Parameters
        ----------
        domain : str, optional
            All where nothing is said.
        index : {"own", "merged"}, optional
            The first that was searched where nothing is said.

        Returns
        -------
        int
            Queries.
        """
        chosen = self._of(MICRO if domain is None or domain == MACRO else domain)
        return int((self._hits(index).relevant[chosen] == 0).sum())

    @property
    def unlabelled(self) -> int:
        """Items without a label, which are no queries."""
        return len(self.queries) - len(self.rows)

    @property
    def _lines(self) -> tuple[str, ...]:
        return self.asked_domains if len(self.asked_domains) == 1 else (*self.asked_domains, MICRO, MACRO)

    def to_frame(self) -> pa.Table:
        """Give every number, one a row.

        Returns
        -------
        pyarrow.Table
            ``domain``, ``index``, ``measure``, ``value``, ``low``, ``high``, ``queries``, ``classes`` and
            ``left_out``.
        """
        records = [
            {
                "domain": line,
                "index": index,
                "measure": measure,
                **self._numbers(self.score(measure, line, index)),
                "left_out": 0 if measure == "mmp@5" else self.left_out(line, index),
            }
            for index in self.indexes
            for line in self._lines
            for measure in self.measures
        ]
        return pa.Table.from_pylist(records)

    @staticmethod
    def _numbers(mean: Mean) -> dict[str, float | int | None]:
        ends = {"value": mean.value, "low": mean.interval.low, "high": mean.interval.high}
        shown = {name: None if np.isnan(end) else float(end) for name, end in ends.items()}
        return {**shown, "queries": mean.queries, "classes": mean.classes}

    def to_table(self) -> Table:
        """Give one line a domain and index, for people.

        Returns
        -------
        Table
            Every measure, and the interval of the first Recall.
        """
        first = f"recall@{self.ks[0]}"
        heads = [f"R@{k}" for k in self.ks[1:]]
        columns = (
            "domain",
            "index",
            "queries",
            "left out",
            f"R@{self.ks[0]}",
            "low",
            "high",
            *heads,
            "MAP@R",
            "mMP@5",
        )
        rows = []
        for line in self._lines:
            for index in self.indexes:
                mean = self._numbers(self.score(first, line, index))
                rest = [self._numbers(self.score(name, line, index))["value"] for name in self.measures[1:]]
                ends = (mean["queries"], self.left_out(line, index), mean["value"], mean["low"], mean["high"])
                rows.append((line, index, *ends, *rest))
        return Table(columns, rows, self._title())

    def _title(self) -> str:
        n = len(self.rows)
        rest = f", {self.unlabelled:,} more without a label" if self.unlabelled else ""
        searched = f"{len(self.index):,} items searched"
        return f"Retrieval: {n:,} queries{rest}, {searched} · 95 % intervals over classes"

    def __repr__(self) -> str:
        return repr(self.to_table())

    def _repr_html_(self) -> str:
        return self.to_table()._repr_html_()

    def failures(self, domain: str | None = None, k: int = 1, index: str | None = None) -> Items:
        """List the queries that have no item of their class among their k nearest.

        Parameters
        ----------
        domain : str, optional
            All domains where nothing is said.
        k : int
            Up to the largest k that was measured.
        index : {"own", "merged"}, optional
            The first that was searched where nothing is said.

        Returns
        -------
        Items
            The queries with their own columns, and ``query_label``, ``query_domain``, ``nearest_label``,
            ``nearest_domain``, ``nearest_id``. Queries that cannot succeed (no item of their class is in the
            index) are not among them.

        Raises
        ------
        InputError
            If k is past what was measured.
        """
        if not 1 <= k <= self.ks[-1]:
            raise InputError(f"failures(k={k}): ranks were looked at up to {self.ks[-1]}; wanted 1 to that.")
        hits = self._hits(index)
        failed = (hits.relevant > 0) & ((hits.first == 0) | (hits.first > k))
        chosen = np.flatnonzero(failed & self._of(MICRO if domain is None else domain))
        title = f"queries that failed at {k}" + ("" if domain is None else f" in {domain}")
        return failing_items(
            self.queries, self.rows[chosen], self.index, hits.nearest[chosen], self.domains, title
        )
