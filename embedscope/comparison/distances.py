"""Distances: how the pairs' distances lie in two spaces, by kind of pair, with examples of each bin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
import pyarrow as pa
from jaxtyping import Float64, Int64

from embedscope._errors import InputError, MissingError, unknown_name
from embedscope._table import Table
from embedscope.comparison.distances_figure import distances_figure
from embedscope.comparison.distributions import area_under_curve, js_divergence, quantiles, wasserstein
from embedscope.comparison.sampling import Sampling
from embedscope.comparison.tally import Counts, Scale

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

Rescale: TypeAlias = Literal["none", "mean"]


@dataclass(frozen=True, eq=False)
class PairDistances:
    """Distances of the pairs of one kind, in the teacher's and in the student's space.

    Parameters
    ----------
    kind : str
        For example ``"same label"``.
    scale : Scale
        The bins.
    counts : Counts
        What was counted.
    sampling : Sampling
        All pairs of the kind, or how they were drawn, with an interval of `js`.
    """

    kind: str
    scale: Scale
    counts: Counts = field(repr=False)
    sampling: Sampling

    @property
    def joint(self) -> Int64[np.ndarray, "bins bins"]:
        """Pairs by the teacher's (row) and the student's (column) bin."""
        return self.counts.joint

    @property
    def teacher(self) -> Int64[np.ndarray, " bins"]:
        """Pairs by the teacher's bin."""
        counts: np.ndarray = self.counts.joint.sum(axis=1)
        return counts

    @property
    def student(self) -> Int64[np.ndarray, " bins"]:
        """Pairs by the student's bin."""
        counts: np.ndarray = self.counts.joint.sum(axis=0)
        return counts

    @property
    def means(self) -> Float64[np.ndarray, " 2"]:
        """Mean distance, teacher's and student's."""
        return self.counts.means

    @property
    def js(self) -> float:
        """Jensen-Shannon divergence of the two histograms in nats, from 0 to log 2; depends on the bins."""
        return js_divergence(self.teacher, self.student)

    @property
    def wasserstein(self) -> float:
        """Wasserstein-1 distance of the two distributions, in units of distance."""
        return wasserstein(self.counts.fine[0], self.counts.fine[1], self.scale.bound)

    def quantile_map(self, points: int = 101) -> Float64[np.ndarray, "points 2"]:
        """Map the teacher's distances to the student's of the same quantile.

        Parameters
        ----------
        points : int
            Quantiles from 0 to 1.

        Returns
        -------
        ndarray of float64, shape (points, 2)
            The teacher's and the student's.
        """
        shares = np.linspace(0, 1, points)
        return np.stack([quantiles(side, shares, self.scale.bound) for side in self.counts.fine], axis=1)

    def examples(
        self, teacher_bin: int | None = None, student_bin: int | None = None
    ) -> Int64[np.ndarray, "drawn 2"]:
        """Give example pairs of a bin, of a joint bin, or of all, from what was kept.

        Parameters
        ----------
        teacher_bin, student_bin : int, optional
            Bins, from 0; any where one is not given.

        Returns
        -------
        ndarray of int64, shape (drawn, 2)
            Rows of at most 8 pairs.

        Raises
        ------
        InputError
            If there is no such bin.
        """
        for place in (teacher_bin, student_bin):
            if place is not None and not 0 <= place < self.scale.bins:
                raise InputError(f"Bin {place}: wanted 0 to {self.scale.bins - 1}.")
        return self.counts.examples(teacher_bin, student_bin)


@dataclass(frozen=True)
class Separation:
    """How far pairs of one label and pairs of two lie apart in one space.

    Parameters
    ----------
    d_prime : float
        Difference of the mean distances over the root of the mean variance.
    auc : float
        Chance that a same-label pair is nearer than a different-label one; 0.5 says nothing.
    """

    d_prime: float
    auc: float


@dataclass(frozen=True, eq=False)
class Distances:
    """Distance distributions of two spaces of the same items.

    Parameters
    ----------
    kinds : mapping of str to PairDistances
        ``"all"`` and, where labels or domains were given, pairs of one and of two of them.
    scale : Scale
        The bins, the same for all kinds and both spaces.
    rescale : {"none", "mean"}
        Whether each space's distances were divided by their mean.
    """

    kinds: Mapping[str, PairDistances]
    scale: Scale
    rescale: Rescale

    def __getitem__(self, kind: str) -> PairDistances:
        if kind not in self.kinds:
            raise unknown_name(
                "kind of pair",
                kind,
                self.kinds,
                "Give labels or domains for pairs of one and of two of them.",
            )
        return self.kinds[kind]

    @property
    def edges(self) -> Float64[np.ndarray, " edges"]:
        """Edges of the bins; the first and the last bin also hold what lies beyond."""
        return self.scale.edges

    def separation(
        self, side: Literal["teacher", "student"], same: Literal["same label", "within domain"] = "same label"
    ) -> Separation:
        """Measure how well distance tells pairs of one label from pairs of two.

        Parameters
        ----------
        side : {"teacher", "student"}
            In which space.
        same : {"same label", "within domain"}
            Or pairs within a domain from pairs across two.

        Returns
        -------
        Separation
            The sensitivity index d' and the area under the ROC curve.

        Raises
        ------
        MissingError
            If there are no labels (or domains).
        """
        other = {"same label": "different label", "within domain": "across domains"}[same]
        if same not in self.kinds:
            raise MissingError(
                f"There are no {same} pairs to tell from others: give {same.split()[1]}s to distances()."
            )
        place = 0 if side == "teacher" else 1
        one, two = (self.kinds[kind].counts for kind in (same, other))
        spread = np.sqrt((one.variances[place] + two.variances[place]) / 2)
        gap = two.means[place] - one.means[place]
        d_prime = float(gap / spread) if spread else float(np.sign(gap) * np.inf if gap else 0.0)
        return Separation(d_prime, area_under_curve(one.fine[place], two.fine[place]))

    def figure(self, kind: str = "all", log: bool = False) -> Figure:
        """Draw both histograms: ``.figure()`` of a result gives an ordinary plotly figure to restyle.

        Parameters
        ----------
        kind : str
            The kind of pair.
        log : bool
            Whether shares are on a logarithmic axis, which shows the tails.

        Returns
        -------
        plotly.graph_objects.Figure
            Shares of the pairs a bin.

        Raises
        ------
        MissingError
            If there are no such pairs.
        """
        return distances_figure(self, kind, log)

    def to_frame(self) -> pa.Table:
        """Give every kind's every bin as a row.

        Returns
        -------
        pyarrow.Table
            Columns kind, low, high, teacher, student (pairs).
        """
        bins = self.scale.bins
        edges = self.edges
        return pa.table(
            {
                "kind": [kind for kind in self.kinds for _ in range(bins)],
                "low": np.tile(edges[:-1], len(self.kinds)),
                "high": np.tile(edges[1:], len(self.kinds)),
                "teacher": np.concatenate([pairs.teacher for pairs in self.kinds.values()]),
                "student": np.concatenate([pairs.student for pairs in self.kinds.values()]),
            }
        )

    def __repr__(self) -> str:
        return repr(self._table())

    def _repr_html_(self) -> str:
        return self._table()._repr_html_()

    def _table(self) -> Table:
        rows = [
            (
                kind,
                repr(pairs.sampling),
                float(pairs.means[0]),
                float(pairs.means[1]),
                pairs.js,
                pairs.wasserstein,
            )
            for kind, pairs in self.kinds.items()
        ]
        names = ("pairs", "counted", "teacher's mean", "student's mean", "JS (nats)", "Wasserstein-1")
        return Table(names, rows, self._title())

    def _title(self) -> str:
        unit = ", each divided by its mean" if self.rescale == "mean" else ""
        if "same label" not in self.kinds:
            return f"Distances{unit}"
        sides = [(side, self.separation(side)) for side in ("teacher", "student")]
        said = ", ".join(f"{side} AUC {found.auc:.3f} (d' {found.d_prime:.2f})" for side, found in sides)
        return f"Distances{unit}. Same label told from different: {said}"
