"""Two spaces of the same items in one view: maps, neighbours, heatmap and distributions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import traitlets
from jaxtyping import Float32

from embedscope.clusters.cluster import Clusters
from embedscope.comparison.changes import NeighborChanges
from embedscope.comparison.comparison import Comparison
from embedscope.layouts.align import align
from embedscope.layouts.layout import Layout
from embedscope.views.answers.anchor import Anchors
from embedscope.views.answers.cell import Cells
from embedscope.views.answers.changes import NeighborsChanged, changes_of
from embedscope.views.answers.distributions import PairDistributions
from embedscope.views.answers.heatmap import Heatmaps
from embedscope.views.answers.pairs import ExamplePairs
from embedscope.views.answers.truncation import Truncations
from embedscope.views.channel import Answer, AnswerFunction, Request
from embedscope.views.comparison_facts import comparison_facts, comparison_line, comparison_title
from embedscope.views.comparison_picture import ComparisonPicture
from embedscope.views.comparison_view import ComparisonView
from embedscope.views.explorer import Explorer
from embedscope.views.group_choices import GroupChoices
from embedscope.views.level_labels import level_labels
from embedscope.views.long_work import LongWork
from embedscope.views.student_maps import StudentMaps, place_beside
from embedscope.views.wire import to_wire


def _facts_of(_: Comparison | None, widget: ComparisonExplorer) -> dict[str, Any]:
    """Stand in, on the wire, for the comparison: what the front end must know of it."""
    return widget.comparison_facts


def _keep_comparison(_: object, widget: ComparisonExplorer) -> Comparison:
    kept: Comparison = widget.comparison
    return kept


class ComparisonExplorer(Explorer):
    """A teacher and a student in one view, linked. Made by ``embedscope.explore(comparison)``.

    Parameters
    ----------
    shown : Comparison or ComparisonView
        What is compared, and what is shown first.
    layout : Layout
        Where the teacher's items lie.
    clusters : Clusters
        How they are grouped there.
    color_by, title, height : object
        As `Map` takes them; the title is the two names if not given.

    Attributes
    ----------
    morph : float
        Where the points stand, from the teacher's map (0) to the student's (1); set from either side.
    selection, focus, n_neighbors, saved_selections, color_by, hover_columns, theme
        As of `Explorer`; the items are those that both spaces have.
    space, layout, clusters
        The teacher's.

    Notes
    -----
    The student's UMAP starts from the teacher's layout and is turned to lie like it, so that the maps differ
    where the spaces do. Passes over all pairs run on threads of their own; ``job`` says how far they are.

    Examples
    --------
    >>> import embedscope as es
    >>> teacher = es.Space.from_arrays({"a": [1.0, 0.0], "b": [0.9, 0.1], "c": [0.0, 1.0]})
    >>> student = es.Space.from_arrays({"a": [1.0, 0.0], "b": [0.0, 1.0], "c": [0.7, 0.7]})
    >>> shown = es.explore(es.compare(teacher, student, names=("large", "small")))
    >>> shown.focus, shown.n_neighbors = "a", 1
    >>> shown.changes.lost, shown.changes.gained
    (('b',), ('c',))
    """

    comparison = traitlets.Instance(Comparison, allow_none=True).tag(
        sync=True, to_json=_facts_of, from_json=_keep_comparison
    )

    _panes: ClassVar[tuple[str, ...]] = ("search", "maps", "diff", "heatmap", "distributions", "table")

    def __init__(
        self,
        shown: Comparison | ComparisonView,
        layout: Layout,
        clusters: Clusters,
        *,
        title: str | None = None,
        **options: Any,
    ) -> None:
        view = shown if isinstance(shown, ComparisonView) else ComparisonView(shown)
        compared: Comparison = view.comparison
        self._first, self._bandwidth = view.by, view.bandwidth
        self._groups = GroupChoices(compared, clusters, view.by)
        self._students = StudentMaps(compared.student)
        self._changes_answered: tuple[Mapping[str, Any], int, NeighborChanges] | None = None
        self._work = LongWork(self._publish_job)
        self._heatmaps = Heatmaps(lambda: self._groups, self._work)
        name = comparison_title(compared) if title is None else title
        super().__init__(compared.teacher, layout, clusters, title=name, **options)
        with self._changing, self.hold_sync():
            self.comparison = compared
            self.coords_b = to_wire(self._places_b)
            self._show_student_labels()

    @property
    def comparison_facts(self) -> dict[str, Any]:
        """What the page knows of the comparison: names, metrics, dims, ways to group, bandwidths."""
        return comparison_facts(self._groups.comparison, self._groups, self._bandwidth)

    @property
    def student_layout(self) -> Layout:
        """Where the student's items lie, in the student's own coordinates, with its own trust."""
        return self._students.beside(self.layout)

    @property
    def changes(self) -> NeighborChanges | None:
        """What became of the neighbours of what is at hand; None where nothing is.

        As the page showed it last, where it did: cut to the dims that were chosen there.
        """
        query, k, answered = dict(self.query), self.n_neighbors, self._changes_answered
        if not query:
            return None
        is_image = query["kind"] == "image"
        if answered is not None and answered[0] == query and (answered[1] == k or is_image):
            return answered[2]
        return None if is_image else changes_of(self.comparison, query, k)

    def picture(self) -> Any:
        """Describe what `to_png` draws.

        Returns
        -------
        ComparisonPicture
            Both maps, and the heatmap that was looked at last, here or in Python: none is computed for it.
        """
        with self._changing:
            return ComparisonPicture(
                super().picture(),
                self._places_b,
                self._student_labels,
                self.comparison.names,
                self._heatmaps.last or self.comparison.latest_divergence,
            )

    def _place(
        self, layout: Layout, beside: Float32[np.ndarray, "items 2"] | None = None
    ) -> Float32[np.ndarray, "items 2"]:
        coords = layout.coords if beside is None else align(layout.coords, beside)
        places, self._places_b = place_beside(coords, self._students.beside(layout).coords)
        return places

    def _facts(self, layout: Layout) -> str:
        layouts = layout, self._students.beside(layout)
        return comparison_line(self._groups.comparison, layouts, self.clusters)

    def _relaid(self, layout: Layout) -> None:
        super()._relaid(layout)
        self.coords_b = to_wire(self._places_b)

    def _show_labels(self) -> None:
        with self.hold_sync():
            super()._show_labels()
            self._show_student_labels()

    def _show_student_labels(self) -> None:
        """Put the same names, in the same order, at the student's places."""
        self._student_labels = level_labels(self._places_b, self._shown_levels)
        self.labels_b = [label.to_wire() for label in self._student_labels]

    def _show_items(self, name: str, values: pa.Array, given: dict[str, pa.Array]) -> None:
        super()._show_items(name, values, given)
        changed = self.comparison.with_teacher(self.space)
        self._groups = GroupChoices(changed, self.clusters, self._first)
        self.comparison = changed

    def _answers(self) -> dict[str, AnswerFunction]:
        pairs = PairDistributions(lambda: self._groups, self._work)
        return super()._answers() | {
            "anchor": Anchors(self._heatmaps),
            "cell": Cells(self._heatmaps),
            "changes": NeighborsChanged(lambda: self._groups.comparison, self._keep_changes),
            "distributions": pairs,
            "heatmap": self._answer_heatmap,
            "pairs": ExamplePairs(pairs),
            "truncation": Truncations(lambda: self._groups.comparison, self._work),
        }

    def _answer_heatmap(self, request: Request) -> Answer:
        answer = self._heatmaps(request)
        self._draw_again()
        return answer

    def _keep_changes(self, query: Mapping[str, Any], k: int, changes: NeighborChanges) -> None:
        self._changes_answered = (dict(query), k, changes)

    def _publish_job(self, status: dict[str, Any]) -> None:
        self.job = status
