"""Which categories a subset has more or fewer of than the whole, with an exact test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from jaxtyping import Float64, Int64, Integer
from scipy.special import gammaln

from embedscope._errors import InputError
from embedscope._table import Table

MISSING = "missing"
# Two outcomes that are equally probable differ by rounding; R's fisher.test allows as much.
_SLACK = 1e-7


@dataclass(frozen=True, eq=False)
class Composition:
    """How often each category is in a subset, against how often it is in the whole.

    Parameters
    ----------
    by : str
        What the categories are: a column, or "cluster".
    names : tuple of str
        The categories that occur in the whole, the most telling first.
    counts, totals : ndarray of int64, shape (categories,)
        Items of each in the subset, and in the whole.
    selected, items : int
        Items of the subset, and of the whole.
    p_values, q_values : ndarray of float64, shape (categories,)
        Two-sided, of one category and corrected for all of them.
    places : ndarray of int64, shape (categories,)
        Place of each category among those that came.

    Examples
    --------
    >>> compose(np.array([0, 0, 0, 1, 1, 1]), ["oak", "elm"], np.array([0, 1, 2]), by="tree")
    3 of 6 items by tree
    category  count  of all  ratio    q
    oak           3       3      2  0.1
    elm           0       3      0  0.1
    """

    by: str
    names: tuple[str, ...]
    counts: Int64[np.ndarray, " categories"]
    totals: Int64[np.ndarray, " categories"]
    selected: int
    items: int
    p_values: Float64[np.ndarray, " categories"]
    q_values: Float64[np.ndarray, " categories"]
    places: Int64[np.ndarray, " categories"]

    def __len__(self) -> int:
        return len(self.names)

    @property
    def ratios(self) -> Float64[np.ndarray, " categories"]:
        """Share of the subset over share of the whole: 1 is as often, 2 twice as often, 0 not at all."""
        return self.counts / self.selected / (self.totals / self.items)

    def to_table(self) -> Table:
        """Give the categories as a table.

        Returns
        -------
        Table
            Category, count in the subset, count in the whole, ratio of the shares, q-value.
        """
        values = (self.names, self.counts, self.totals, self.ratios, self.q_values)
        rows = [
            (name, int(count), int(total), float(ratio), float(q))
            for name, count, total, ratio, q in zip(*values, strict=True)
        ]
        title = f"{self.selected:,} of {self.items:,} items by {self.by}"
        return Table(("category", "count", "of all", "ratio", "q"), rows, title)

    def to_frame(self) -> pa.Table:
        """Give the categories as an Arrow table.

        Returns
        -------
        pyarrow.Table
            As `to_table`.
        """
        return self.to_table().to_frame()

    def __repr__(self) -> str:
        return repr(self.to_table())

    def _repr_html_(self) -> str:
        return self.to_table()._repr_html_()


def compose(
    codes: Integer[np.ndarray, " items"],
    names: Sequence[str],
    rows: Integer[np.ndarray, " selected"],
    *,
    by: str,
) -> Composition:
    """Compare a subset's categories with those of the whole.

    Parameters
    ----------
    codes : ndarray of int, shape (items,)
        Place of each item's category in ``names``.
    names : sequence of str
        The categories.
    rows : ndarray of int, shape (selected,)
        The subset, each row once.
    by : str
        What the categories are.

    Returns
    -------
    Composition
        The most telling categories first: by p-value, then by how far the count is from the expected one.

    Raises
    ------
    InputError
        If the subset is empty.

    Notes
    -----
    For a category with K of N items, its count in n chosen at random is hypergeometric. The p-value is the
    sum of the probabilities of all counts that are no more probable than the one found (Fisher's exact test,
    two-sided). The q-values correct for the number of categories that occur in the whole. The items are taken
    as drawn independently, which near duplicates are not. Cost: O(items), 0.2 s for a million.

    References
    ----------
    Fisher 1922; Benjamini, Hochberg 1995.
    """
    if not len(rows):
        raise InputError("Nothing is selected; its composition takes some items.")
    width = len(names)
    totals = np.bincount(codes, minlength=width).astype(np.int64)
    counts = np.bincount(codes[rows], minlength=width).astype(np.int64)
    places = np.flatnonzero(totals)
    totals, counts = totals[places], counts[places]
    p = two_sided_p(counts, totals, len(rows), len(codes))
    gaps = np.abs(counts - totals * (len(rows) / len(codes)))
    order = np.lexsort((np.arange(len(p)), -gaps, p))
    return Composition(
        by,
        tuple(names[place] for place in places[order]),
        counts[order],
        totals[order],
        len(rows),
        len(codes),
        p[order],
        false_discovery_q(p)[order],
        places[order].astype(np.int64),
    )


def compose_values(values: Any, rows: Integer[np.ndarray, " selected"], *, by: str) -> Composition:
    """Compare a subset's values with those of the whole.

    Parameters
    ----------
    values : pyarrow.Array or pyarrow.ChunkedArray
        One an item; what is missing is a category of its own.
    rows : ndarray of int, shape (selected,)
        The subset, each row once.
    by : str
        What the values are.

    Returns
    -------
    Composition
        As `compose`.

    Raises
    ------
    InputError
        If the subset is empty.

    Examples
    --------
    >>> compose_values(pa.array(["x", "x", None]), np.array([2]), by="label").counts.tolist()
    [1, 0]
    """
    array = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    found = encoded.dictionary.to_pylist()
    names = [MISSING if value is None else str(value) for value in found] + [MISSING]
    codes = encoded.indices.fill_null(len(found)).to_numpy(zero_copy_only=False).astype(np.int64)
    if None in found:
        codes[codes == found.index(None)] = len(found)
    return compose(codes, names, rows, by=by)


def two_sided_p(
    counts: Int64[np.ndarray, " categories"],
    totals: Int64[np.ndarray, " categories"],
    selected: int,
    items: int,
) -> Float64[np.ndarray, " categories"]:
    """Say how surprising each count would be in a random subset.

    Parameters
    ----------
    counts, totals : ndarray of int64, shape (categories,)
        Items of each category in the subset, and in the whole.
    selected, items : int
        Items of the subset, and of the whole.

    Returns
    -------
    ndarray of float64, shape (categories,)
        The probability of a count that is no more probable than the one found.

    Notes
    -----
    Relative error under 1e-6 for up to a million items; 0 under 1e-300. Cost: O(sum of the totals).

    Examples
    --------
    >>> two_sided_p(np.array([3]), np.array([3]), 3, 6).round(6).tolist()
    [0.1]
    """
    pairs = {(int(count), int(total)) for count, total in zip(counts, totals, strict=True)}
    known = {pair: _two_sided(*pair, selected, items) for pair in pairs}
    return np.array([known[int(c), int(t)] for c, t in zip(counts, totals, strict=True)], np.float64)


def _two_sided(count: int, total: int, selected: int, items: int) -> float:
    possible = np.arange(max(0, selected + total - items), min(total, selected) + 1)
    log = (
        _log_choose(total, possible)
        + _log_choose(items - total, selected - possible)
        - _log_choose(items, np.array(selected))
    )
    found = log[count - possible[0]]
    return float(min(np.exp(log[log <= found + _SLACK]).sum(), 1.0))


def _log_choose(n: int, k: Integer[np.ndarray, ...]) -> Float64[np.ndarray, ...]:
    return np.asarray(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1), np.float64)


def false_discovery_q(p: Float64[np.ndarray, " tests"]) -> Float64[np.ndarray, " tests"]:
    """Correct p-values for their number.

    Parameters
    ----------
    p : ndarray of float64, shape (tests,)
        P-values.

    Returns
    -------
    ndarray of float64, shape (tests,)
        Of those with a q-value up to 0.05, at most 5 % are expected to be chance.

    References
    ----------
    Benjamini, Hochberg 1995.

    Examples
    --------
    >>> false_discovery_q(np.array([0.01, 0.04, 0.03])).round(3).tolist()
    [0.03, 0.04, 0.04]
    """
    order = np.argsort(p, kind="stable")
    scaled = p[order] * len(p) / np.arange(1, len(p) + 1)
    q = np.empty(len(p), np.float64)
    q[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return q
