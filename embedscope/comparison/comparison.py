"""Comparison: a teacher and a student, matched by id, and every measure of how they differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, overload

import pyarrow as pa

from embedscope._errors import InputError
from embedscope._table import Table
from embedscope.comparison.alignment import Alignment, alignment
from embedscope.comparison.bandwidth import Bandwidth
from embedscope.comparison.comparisons import Comparisons
from embedscope.comparison.distances import Distances
from embedscope.comparison.divergence import Divergence, divergence
from embedscope.comparison.geometry import Geometries, geometry
from embedscope.comparison.groups import Groups
from embedscope.comparison.item_changes import ItemChanges
from embedscope.comparison.matched import Matched, Side, match
from embedscope.comparison.measure_distances import DistanceOptions, distances
from embedscope.comparison.measure_overlap import neighbor_overlap
from embedscope.comparison.names import space_names
from embedscope.comparison.neighborhoods import Neighborhoods
from embedscope.comparison.once import Once
from embedscope.comparison.overlap import NeighborOverlap
from embedscope.comparison.pair_sample import PAIRS
from embedscope.comparison.report import Report
from embedscope.comparison.report_sections import make_report
from embedscope.comparison.reranker import Reranker
from embedscope.comparison.truncation import TruncationCurve, truncation_curve
from embedscope.items.problems import ItemId
from embedscope.items.warn import warn
from embedscope.spaces.space import Space

K = 10
# Kept results that do not know the items' columns by name.
_OF_VECTORS = ("neighborhoods", "divergence", "distances", "truncation", "reranker", "alignment")


@dataclass(frozen=True, eq=False)
class Comparison:
    """A teacher and a student, item by item.

    Made by `compare`. Each measure is computed when it is first asked for, and kept.

    Parameters
    ----------
    matched : Matched
        The two spaces, restricted to the ids they share.
    names : tuple of str
        What the teacher and the student are called.
    """

    matched: Matched
    names: tuple[str, str] = ("teacher", "student")
    _kept: Once = field(default_factory=Once, init=False, repr=False)

    def __len__(self) -> int:
        return len(self.matched)

    @property
    def teacher(self) -> Space:
        """The teacher's space of the shared items."""
        return self.matched.teacher

    @property
    def student(self) -> Space:
        """The student's space of the shared items, in the teacher's order."""
        return self.matched.student

    @property
    def ids(self) -> tuple[ItemId, ...]:
        """The shared ids, in the teacher's order."""
        return self.matched.ids

    @property
    def only_teacher(self) -> tuple[ItemId, ...]:
        """Ids that only the teacher has."""
        return self.matched.only_teacher

    @property
    def only_student(self) -> tuple[ItemId, ...]:
        """Ids that only the student has."""
        return self.matched.only_student

    def missing(self) -> Table:
        """List the ids that only one side has.

        Returns
        -------
        Table
            Id, and the side that has it.
        """
        return self.matched.missing()

    def groups(self, by: Any = None) -> Groups:
        """Group the items by a column, clusters or values.

        Parameters
        ----------
        by : str, Clusters, or sequence of values, optional
            A column of the items; ``"cluster"``: the teacher's clusters; ``"domain"``; the label if not
            given.

        Returns
        -------
        Groups
            One group an item.

        Raises
        ------
        MissingError
            If there is no such column; the columns are listed.
        """
        return self.matched.groups(by)

    def neighbors(self, k: int = K, *, sample: int | None = None, seed: int = 0) -> NeighborOverlap:
        """Compare who is whose neighbour.

        Parameters
        ----------
        k : int
            Neighbours a side, from 1 to items - 1.
        sample : int, optional
            Look at so many items only, among all; by default at all while that takes minutes.
        seed : int
            Seed of the sample.

        Returns
        -------
        NeighborOverlap
            Recall, overlap, Jaccard and rank-biased overlap, whole, by group and by item; each item's
            neighbours kept, lost and gained.

        Raises
        ------
        InputError
            If k is out of range, or vectors have no distance (the ids are named).
        """
        return self._kept.get(
            ("neighbors", k, sample, seed),
            lambda: neighbor_overlap(self.matched, k, sample=sample, seed=seed),
        )

    def alignment(self, k: int | None = None, *, n_pairs: int = PAIRS, seed: int = 0) -> Alignment:
        """Measure how alike the two spaces are as wholes.

        Parameters
        ----------
        k : int, optional
            Neighbours of mutual kNN; 10, or all others where there are not more.
        n_pairs : int
            Pairs for RSA; all where there are not more.
        seed : int
            Seed of the pairs.

        Returns
        -------
        Alignment
            Debiased CKA, RSA, Procrustes and mutual nearest neighbours.
        """
        nearest = min(K, len(self) - 1) if k is None else k
        return self._kept.get(
            ("alignment", nearest, n_pairs, seed),
            lambda: alignment(self.matched, self.neighbors(nearest), n_pairs=n_pairs, seed=seed),
        )

    def geometry(self, k: int | None = None, *, seed: int = 0) -> Geometries:
        """Measure the shape of both spaces.

        Parameters
        ----------
        k : int, optional
            Neighbours of hubness and density; 10, or all others where there are not more.
        seed : int
            Seed of the pairs for the uniformity.

        Returns
        -------
        Geometries
            Hubness, intrinsic dimension, effective rank, anisotropy, uniformity, alignment of the label's
            classes, density.
        """
        return self._kept.get(("geometry", k, seed), lambda: self._geometries(k, seed))

    def distances(
        self, by: Any = None, domain: Any = None, *, options: DistanceOptions | None = None
    ) -> Distances:
        """Compare how far apart pairs of items are.

        Parameters
        ----------
        by : str, Clusters, or sequence of values, optional
            What makes pairs of the same label; the label if not given, and no such pairs where there is none.
        domain : str, or sequence, optional
            What makes pairs within a domain; what the comparison was made with if not given.
        options : DistanceOptions, optional
            How many pairs, which bins.

        Returns
        -------
        Distances
            Histograms of the teacher's, the student's and both distances, for all pairs, those of one label
            and of two, within a domain and across two; example pairs of each bin.

        Raises
        ------
        MissingError
            If there is no such column.
        InputError
            If all items have the label or the domain that was named, or each its own.
        """
        options = options or DistanceOptions()
        labels = self._pair_groups(by, "label")
        domains = self._pair_groups(domain, "domain")
        return self._kept.get(
            ("distances", labels and labels.key, domains and domains.key, options),
            lambda: distances(
                self.matched.vectors("teacher"),
                self.matched.vectors("student"),
                labels=labels,
                domains=domains,
                metrics=(self.teacher.metric, self.student.metric),
                options=options,
            ),
        )

    def _pair_groups(self, by: Any, role: str) -> Groups | None:
        """Give the groups that were named, or the comparison's own where they make pairs of both kinds."""
        if isinstance(by, Groups):
            return self.groups(by) if by.pair_up else None
        if by is not None:
            return self.groups(by)
        known = self.matched.has_groups() if role == "label" else self.matched.domain is not None
        groups = self.groups(role) if known else None
        return groups if groups is not None and groups.pair_up else None

    def divergence(
        self,
        by: Any = None,
        bandwidth: Bandwidth | None = None,
        layer: str = "contribution",
        *,
        n_anchors: int | None = None,
        seed: int = 0,
        device: str | None = None,
    ) -> Divergence:
        """Measure how far the student's neighbourhoods are from the teacher's, and between which groups.

        Parameters
        ----------
        by : str, Clusters, or sequence of values, optional
            What makes the heatmap's rows and columns; the label if not given.
        bandwidth : Bandwidth, optional
            How distances become probabilities; perplexity 30 if not given.
        layer : {"contribution", "per mass", "between", "within", "js"}
            The layer that will be looked at: ``"js"`` needs a second pass over all pairs, which is then made.
        n_anchors : int, optional
            Look at so many anchors only, among all items.
        seed : int
            Seed of the anchors.
        device : str, optional
            What computes; CUDA where there is one.

        Returns
        -------
        Divergence
            KL of each anchor, and the heatmap whose rows sum to the group's mean KL.

        Raises
        ------
        MissingError
            If there is no such column or layer, or no label is known.
        """
        bandwidth = bandwidth or Bandwidth.perplexity()
        groups = self.groups(by)
        found: Divergence = self._kept.get(
            ("divergence", groups.key, bandwidth, n_anchors, seed, device),
            lambda: divergence(
                self.neighborhoods("teacher", bandwidth),
                self.neighborhoods("student", bandwidth),
                groups,
                n_anchors=n_anchors,
                seed=seed,
                device=device,
            ),
        )
        found.layer(layer)
        return found

    @property
    def latest_divergence(self) -> Divergence | None:
        """The divergence that was computed last; None where none was."""
        latest: Divergence | None = self._kept.latest("divergence")
        return latest

    def truncation(
        self, side: Side = "student", dims: Sequence[int] | None = None, *, k: int = K
    ) -> TruncationCurve:
        """Measure how many neighbours a side's first dims keep.

        Parameters
        ----------
        side : {"teacher", "student"}
            Which.
        dims : sequence of int, optional
            Points of the curve; powers of two, three quarters of all and all if not given.
        k : int
            Neighbours.

        Returns
        -------
        TruncationCurve
            Recall at k against the side's own full vectors.
        """
        steps = None if dims is None else tuple(dims)
        return self._kept.get(
            ("truncation", side, steps, k), lambda: truncation_curve(self.matched.space(side), steps, k=k)
        )

    def reranker(self, side: Side = "student") -> Reranker:
        """Give what finds an item's neighbours by the first dims at once, for a slider.

        Parameters
        ----------
        side : {"teacher", "student"}
            Which.

        Returns
        -------
        Reranker
            Kept, with what it knows of the last items.
        """
        return self._kept.get(("reranker", side), lambda: Reranker(self.matched.space(side)))

    def report(self, by: Any = None, *, k: int = K, seed: int = 0) -> Report:
        """Put the comparison on one page, in words and figures.

        Parameters
        ----------
        by : str, Clusters, or sequence of values, optional
            What the groups are; the label if not given, and no groups where there is none.
        k : int
            Neighbours; all others where there are not more.
        seed : int
            Of every sample.

        Returns
        -------
        Report
            Whole, by group and by item; what is costly is sampled, and says so.
        """
        return make_report(self, by=by, k=k, seed=seed)

    @property
    def item_changes(self) -> ItemChanges:
        """What follows single items' neighbours by all or by the first dims, for a slider; kept."""
        return self._kept.get(("item changes",), lambda: ItemChanges(self.matched, self.reranker))

    def with_teacher(self, teacher: Space) -> Comparison:
        """Go on with another teacher of the same items and vectors, which has other columns.

        Parameters
        ----------
        teacher : Space
            As ``comparison.teacher.with_column(...)`` gives it.

        Returns
        -------
        Comparison
            What was computed is shared where it hangs on the vectors, or on groups by their content.

        Raises
        ------
        InputError
            If it has other ids, or other vectors.
        """
        changed = Comparison(self.matched.with_teacher(teacher), self.names)
        object.__setattr__(changed, "_kept", self._kept.sharing(*_OF_VECTORS))
        return changed

    def neighborhoods(self, side: Side, bandwidth: Bandwidth | None = None) -> Neighborhoods:
        """See a side as probabilities: the softmax around each item.

        Parameters
        ----------
        side : {"teacher", "student"}
            Which.
        bandwidth : Bandwidth, optional
            Perplexity 30 if not given.

        Returns
        -------
        Neighborhoods
            Kept, so that heatmaps by other groups need no second search.
        """
        chosen = bandwidth or Bandwidth.perplexity()
        return self._kept.get(("neighborhoods", side, chosen), lambda: self._neighborhoods(side, chosen))

    def _neighborhoods(self, side: Side, bandwidth: Bandwidth) -> Neighborhoods:
        space, vectors = self.matched.space(side), self.matched.vectors(side)
        nearest = None
        if bandwidth.rule == "perplexity":
            nearest = space.neighbors(bandwidth.nearest(len(space)))
        return Neighborhoods.of(
            vectors, bandwidth, space.metric, neighbors=nearest, name=f"the {side}'s vectors"
        )

    def _geometries(self, k: int | None, seed: int) -> Geometries:
        groups = self.groups() if self.matched.has_groups() else None
        teacher, student = (
            geometry(space, k=k, groups=groups, seed=seed) for space in (self.teacher, self.student)
        )
        return Geometries(teacher, student)

    def to_table(self) -> Table:
        """Give what is compared as a table.

        Returns
        -------
        Table
            One row a side: its name, dims, metric, shared items, and the items that only it has.
        """
        rows = [
            (side, name, space.dims, space.metric, len(self), len(only))
            for side, name, space, only in zip(
                ("teacher", "student"),
                self.names,
                (self.teacher, self.student),
                (self.only_teacher, self.only_student),
                strict=True,
            )
        ]
        columns = ("side", "space", "dims", "metric", "shared items", "only here")
        title = f"Comparison of {len(self):,} items"
        return Table(columns, rows, f"{title}; {self.matched.left_out}" if self.matched.left_out else title)

    def to_frame(self) -> pa.Table:
        """Give what is compared as an Arrow table.

        Returns
        -------
        pyarrow.Table
            One row a side.
        """
        return self.to_table().to_frame()

    def __repr__(self) -> str:
        return repr(self.to_table())

    def _repr_html_(self) -> str:
        return self.to_table()._repr_html_()


@overload
def compare(
    teacher: Space, student: Space, *, label: Any = None, domain: Any = None, names: Any = None
) -> Comparison: ...
@overload
def compare(
    teacher: Space,
    student: Space,
    *more: Space,
    label: Any = None,
    domain: Any = None,
    names: Any = None,
) -> Comparison | Comparisons: ...
def compare(
    teacher: Space,
    student: Space,
    *more: Space,
    label: Any = None,
    domain: Any = None,
    names: Any = None,
) -> Comparison | Comparisons:
    """Compare two spaces, or each pair of several, item by item.

    Parameters
    ----------
    teacher : Space
        What is taken as right.
    student : Space
        What is compared with it. Dims, encoder and metric may differ.
    *more : Space
        Further spaces: then every pair is compared, the one that comes first as the teacher.
    label : str, or sequence, optional
        The column that holds the items' classes. If not given, a column called label, class, category,
        subcategory, topic or group, where each class has two items on average.
    domain : str, or sequence, optional
        The column that says which domain an item is from.
    names : sequence of str, optional
        What to call the spaces; their encoders' names if not given.

    Returns
    -------
    Comparison or Comparisons
        Nothing is computed yet.

    Raises
    ------
    InputError
        If an argument is no space, or fewer than two ids are shared.

    Warns
    -----
    EmbedscopeWarning
        If items are left out because only one side has them: how many, and which.

    Notes
    -----
    Items are matched by id, never by order.

    Examples
    --------
    >>> teacher = Space.from_arrays({"a": [1.0, 0.0], "b": [0.9, 0.1], "c": [0.0, 1.0]})
    >>> student = Space.from_arrays({"c": [0.9], "b": [1.0], "a": [1.1]}, metric="euclidean")
    >>> compare(teacher, student).neighbors(1).recall.tolist()
    [1.0, 1.0, 1.0]
    """
    spaces = (teacher, student, *more)
    for space in spaces:
        if not isinstance(space, Space):
            raise InputError(
                f"compare() takes spaces; a {type(space).__name__} came. Make one with "
                "embedscope.encode(items, encoder) or Space.from_arrays(vectors, ids=ids)."
            )
    called = space_names(spaces, names)
    if more:
        return Comparisons(
            called,
            spaces,
            lambda first, second: _pair(
                spaces[first], spaces[second], (called[first], called[second]), label, domain
            ),
        )
    return _pair(teacher, student, (called[0], called[1]), label, domain)


def _pair(teacher: Space, student: Space, names: tuple[str, str], label: Any, domain: Any) -> Comparison:
    matched = match(teacher, student, label=label, domain=domain)
    for given in (label, domain):
        if given is not None:
            matched.groups(given)  # a column that is not there is told at once, not at the first heatmap
    if matched.left_out:
        warn(f"{names[0]} and {names[1]} share {len(matched):,} items; {matched.left_out}.")
    return Comparison(matched, names)
