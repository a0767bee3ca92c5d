"""Divergence: how far the student's neighbourhoods are from the teacher's, and in which groups."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
import pyarrow as pa
from jaxtyping import Float64, Int64

from embedscope._errors import InputError
from embedscope._table import Table
from embedscope.comparison.anchor_pairs import AnchorPairs, anchor_pairs
from embedscope.comparison.bandwidth import warn_of_rounding, warn_of_widths
from embedscope.comparison.divergence_figure import divergence_figure
from embedscope.comparison.groups import Group, Groups
from embedscope.comparison.heatmap import Heatmap
from embedscope.comparison.neighborhoods import Neighborhoods
from embedscope.comparison.passes import FirstPass, first_pass, jensen_shannon_pass
from embedscope.comparison.sampling import GroupMeans, Sampling, draw_rows, group_means, mean_interval
from embedscope.comparison.worst import KEPT, CellAnchors

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

Precision: TypeAlias = Literal["float32", "float64"]


@dataclass(frozen=True, eq=False)
class Divergence:
    """KL(p‖q) of each anchor's neighbourhoods in nats, teacher first, whole and by group.

    Parameters
    ----------
    groups : Groups
        Of the items.
    anchors : ndarray of int64, shape (anchors,)
        Rows that were looked at, ascending.
    between : ndarray of float64, shape (anchors,)
        The part of each anchor's KL that lies in the masses of the groups.
    within : ndarray of float64, shape (anchors,)
        The part that lies inside the groups; never under 0.
    teacher_effective, student_effective : ndarray of float64, shape (anchors,)
        Effective neighbours exp(entropy).
    sampling : Sampling
        All anchors, or a sample with the interval of the mean KL.
    teacher, student : Neighborhoods
        What was compared.
    """

    groups: Groups
    anchors: Int64[np.ndarray, " anchors"]
    between: Float64[np.ndarray, " anchors"]
    within: Float64[np.ndarray, " anchors"]
    teacher_effective: Float64[np.ndarray, " anchors"]
    student_effective: Float64[np.ndarray, " anchors"]
    sampling: Sampling
    teacher: Neighborhoods = field(repr=False)
    student: Neighborhoods = field(repr=False)
    _pass: FirstPass = field(repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    @property
    def kl(self) -> Float64[np.ndarray, " anchors"]:
        """Each anchor's KL(p‖q): between and within together."""
        total: np.ndarray = self.between + self.within
        return total

    @property
    def mean_kl(self) -> float:
        """The mean over the anchors, in nats."""
        return float(self.kl.mean())

    @property
    def heatmap(self) -> Heatmap:
        """Groups × groups means; without the Jensen-Shannon layer until `with_js` was called."""
        return self._pass.heatmap

    @cached_property
    def by_group(self) -> GroupMeans:
        """Mean KL of each group's anchors, with intervals."""
        return group_means(self.kl, self.groups.codes[self.anchors], len(self.groups))

    def layer(self, name: str = "contribution") -> Float64[np.ndarray, "groups groups"]:
        """Give a layer of the heatmap; ``"js"`` goes through all pairs once more when it is first asked for.

        Parameters
        ----------
        name : {"contribution", "per mass", "between", "within", "js"}
            Which.

        Returns
        -------
        ndarray of float64, shape (groups, groups)
            Nats; a row for the anchors' group, a column for the items'.

        Raises
        ------
        MissingError
            If there is no such layer.
        """
        return (self.with_js() if name == "js" else self.heatmap).layer(name)

    def with_js(self) -> Heatmap:
        """Make the second pass that the Jensen-Shannon divergence needs: both normalisers come first.

        Returns
        -------
        Heatmap
            With its layer ``"js"``; kept, so that a second call costs nothing.
        """
        with self._lock:
            if self.heatmap.js is None:
                js = jensen_shannon_pass(self.teacher, self.student, self.groups, self._pass)
                object.__setattr__(
                    self, "_pass", replace(self._pass, heatmap=replace(self._pass.heatmap, js=js))
                )
        return self.heatmap

    def worst_anchors(self, a: Group, b: Group, k: int = KEPT) -> CellAnchors:
        """Give the anchors that make a cell what it is, from what was kept: no new pass.

        Parameters
        ----------
        a, b : str or int
            The anchors' and the items' group, by name or code.
        k : int
            How many at most; 20 are kept of a cell, fewer past 447 groups.

        Returns
        -------
        CellAnchors
            Those of largest contribution first; of smallest where the cell is under 0.

        Raises
        ------
        MissingError
            If there is no such group.
        """
        row, column = self.groups.code(a), self.groups.code(b)
        smallest = bool(self.heatmap.contribution[row, column] < 0)
        return self._pass.worst.of(row, column, k, smallest=smallest)

    def pairs(self, anchor: int, k: int = KEPT, group: Group | None = None) -> AnchorPairs:
        """Give the items that an anchor's divergence comes from; computes its row anew.

        Parameters
        ----------
        anchor : int
            Row of the anchor.
        k : int
            How many items at most.
        group : str or int, optional
            Items of this group only.

        Returns
        -------
        AnchorPairs
            The items of largest |p log(p/q)|.

        Raises
        ------
        InputError
            If there is no such row, or k is less than 1.
        MissingError
            If there is no such group.
        """
        among = None if group is None else self.groups.codes == self.groups.code(group)
        return anchor_pairs(self.teacher, self.student, anchor, k, among)

    def figure(self, layer: str = "contribution") -> Figure:
        """Draw the heatmap: ``.figure()`` of a result gives an ordinary plotly figure to restyle.

        Parameters
        ----------
        layer : {"contribution", "per mass", "between", "within", "js"}
            Which.

        Returns
        -------
        plotly.graph_objects.Figure
            Blue under 0, orange over it; past 200 groups the 200 of most items.

        Raises
        ------
        MissingError
            If there is no such layer.
        """
        return divergence_figure(self, layer)

    def to_frame(self) -> pa.Table:
        """Give every cell of the heatmap as a row.

        Returns
        -------
        pyarrow.Table
            As `Heatmap.to_frame`.
        """
        return self.heatmap.to_frame()

    def anchors_frame(self) -> pa.Table:
        """Give every anchor as a row.

        Returns
        -------
        pyarrow.Table
            Columns row, group, kl, between, within, teacher_effective, student_effective.
        """
        codes = self.groups.codes[self.anchors]
        return pa.table(
            {
                "row": self.anchors,
                "group": [self.groups.names[code] for code in codes],
                "kl": self.kl,
                "between": self.between,
                "within": self.within,
                "teacher_effective": self.teacher_effective,
                "student_effective": self.student_effective,
            }
        )

    def __repr__(self) -> str:
        return repr(self._table())

    def _repr_html_(self) -> str:
        return self._table()._repr_html_()

    def _table(self) -> Table:
        means = self.by_group
        codes = self.groups.codes[self.anchors]
        between = group_means(self.between, codes, len(self.groups)).means
        rows = [
            (
                self.groups.names[code],
                int(means.counts[code]),
                float(means.means[code]),
                float(between[code]),
                float(means.means[code] - between[code]),
            )
            for code in np.argsort(-np.nan_to_num(means.means, nan=-np.inf), kind="stable").tolist()
        ]
        return Table(("group", "anchors", "mean KL", "between", "within"), rows, self._title())

    def _title(self) -> str:
        return (
            f"KL(teacher‖student) {self.mean_kl:.3g} nats: {self.between.mean():.3g} between groups, "
            f"{self.within.mean():.3g} within; {self.sampling!r}. Effective neighbours: teacher "
            f"{np.median(self.teacher_effective):.3g} ({self.teacher.widths.said}), student "
            f"{np.median(self.student_effective):.3g} ({self.student.widths.said})"
        )


def divergence(
    teacher: Neighborhoods,
    student: Neighborhoods,
    groups: Groups,
    *,
    n_anchors: int | None = None,
    seed: int = 0,
    device: str | None = None,
    dtype: Precision = "float32",
) -> Divergence:
    """Compare the neighbourhoods of two spaces of the same items, anchor by anchor and group by group.

    Parameters
    ----------
    teacher, student : Neighborhoods
        Of the same items in the same order.
    groups : Groups
        Of the items.
    n_anchors : int, optional
        Look at so many anchors only, drawn at random, each among all items; all if not given.
    seed : int
        Of the draw.
    device : str, optional
        Where it is computed; a CUDA device where there is one.
    dtype : {"float32", "float64"}
        Of the products and exponentials. Sums are combined in float64.

    Returns
    -------
    Divergence
        With the anchors of largest contribution kept for every cell.

    Raises
    ------
    InputError
        If the spaces or groups are not of the same number of items.

    Warns
    -----
    EmbedscopeWarning
        If the median of the effective neighbours is above a tenth of the items or under 2, or σ is too small
        for float32.

    Notes
    -----
    p(j | i) = softmax over j ≠ i of -d(i, j)²/2σ². For a group b: contribution = Σ p log(p/q) over its items
    = P log(P/Q) + P · KL(p(·|b)‖q(·|b)), between and within, with P and Q the group's masses. One pass: two
    matrix products and two exponentials a pair, time O(anchors · items · dims), memory O(items · dims) for
    sorted copies of the vectors and O(groups²) for the tables. Stopping it (Ctrl-C) takes effect at the next
    tile.

    References
    ----------
    Feng et al. 2020, arXiv 2003.03701 (the softmax of distances); Cover, Thomas 2006 (the chain rule); ours
    (the stream).

    Examples
    --------
    >>> from embedscope.comparison.bandwidth import Bandwidth
    >>> x = np.random.default_rng(0).normal(size=(60, 4))
    >>> sides = [Neighborhoods.of(v, Bandwidth.mean_distance(0.15)) for v in (x, x[:, :3])]
    >>> found = divergence(*sides, Groups(np.arange(60) % 2, ("even", "odd")), device="cpu")
    >>> bool(np.allclose(found.layer().sum(axis=1), found.by_group.means))
    True
    """
    _check(teacher, student, groups)
    if dtype == "float32":
        for side, name in ((teacher, "teacher"), (student, "student")):
            warn_of_rounding(side.vectors, side.sigma, side.metric, name)
    rows = draw_rows(len(teacher), n_anchors, seed)
    found = first_pass(teacher, student, groups, rows, device=device, dtype=dtype)
    for effective, name in ((found.teacher_effective, "teacher"), (found.student_effective, "student")):
        warn_of_widths(effective, len(teacher), name)
    exact = len(rows) == len(teacher)
    interval = None if exact else mean_interval(found.between + found.within, of=len(teacher))
    return Divergence(
        groups,
        rows,
        found.between,
        found.within,
        found.teacher_effective,
        found.student_effective,
        Sampling(len(rows), len(teacher), None if exact else seed, interval, "anchors"),
        teacher,
        student,
        found,
    )


def _check(teacher: Neighborhoods, student: Neighborhoods, groups: Groups) -> None:
    if not len(teacher) == len(student) == len(groups.codes):
        raise InputError(
            f"The teacher has {len(teacher):,} items, the student {len(student):,} and the groups "
            f"{len(groups.codes):,}: they must be of the same items, in the same order."
        )
