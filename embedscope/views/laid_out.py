"""A view whose items lie somewhere: on one of several maps, with the names of their clusters."""

from __future__ import annotations

from typing import Any

import ipywidgets
import numpy as np
import traitlets
from jaxtyping import Float32

from embedscope._errors import InputError
from embedscope.clusters.cluster import Clusters
from embedscope.layouts.align import align
from embedscope.layouts.layout import Layout
from embedscope.spaces.space import Space
from embedscope.views.depth import Depth
from embedscope.views.facts import map_facts, queries_of
from embedscope.views.layout_choices import LayoutChoices, check_layout
from embedscope.views.level_labels import level_labels
from embedscope.views.pictured import Pictured
from embedscope.views.wire import scale_coords, to_wire


def _box_reference(_: Layout, widget: LaidOut) -> str:
    """Stand in, on the wire, for the trait of the same name that every ipywidget has: its box on the page."""
    return f"IPY_MODEL_{widget.box.model_id}"


def _keep_layout(_: object, widget: LaidOut) -> Layout:
    kept: Layout = widget.layout
    return kept


class LaidOut(Pictured):
    """A view of a space on a map, which can be changed for another one.

    Parameters
    ----------
    space : Space
        What is mapped.
    layout : Layout
        Where its items lie.
    clusters : Clusters
        How they are grouped.
    title : str
        The line above.
    **traits
        Of the widget.

    Raises
    ------
    InputError
        If layout or clusters are not of the space's items.
    """

    layout = traitlets.Instance(Layout).tag(sync=True, to_json=_box_reference, from_json=_keep_layout)

    def __init__(
        self, space: Space, layout: Layout, clusters: Clusters, *, title: str, **traits: Any
    ) -> None:
        check_parts(space, layout, clusters)
        self.space, self.clusters, self.box = space, clusters, ipywidgets.Layout()
        self._layouts = LayoutChoices(space)
        self._depth = Depth(space, layout, clusters)
        self._places = self._first_places = self._place(layout)
        self._shown_levels = self._depth.known
        self._labels = level_labels(self._places, self._shown_levels)
        facts = self._facts(layout)
        super().__init__(
            space.items,
            universe={
                "n": len(space),
                "modality": space.items.modality,
                "title": title,
                "facts": facts,
                "queries": queries_of(space),
            },
            coords=to_wire(self._places),
            labels=[label.to_wire() for label in self._labels],
            layout=layout,
            layout_by=self._layouts.key_of(layout),
            layout_choices=self._layouts.listing(),
            **traits,
        )
        self.observe(self._lay_out_anew, "layout")
        self.observe(self._choose_layout, "layout_by")
        self._depth.start(self._show_levels)

    @property
    def cluster_levels(self) -> tuple[Clusters, ...]:
        """The clusters at several depths, coarse to fine, ``clusters`` among them; see `cluster_levels`."""
        return self._depth.find()

    def add_layout(self, layout: Layout, *, title: str) -> str:
        """Add a layout to the choices; the map stays as it is until it is chosen.

        Parameters
        ----------
        layout : Layout
            Of the same items.
        title : str
            What the menu calls it.

        Returns
        -------
        str
            What to set ``layout_by`` to.

        Raises
        ------
        InputError
            If the layout is of more or fewer items.

        Examples
        --------
        >>> import embedscope as es
        >>> space = es.Space.from_arrays([[0, 1, 0], [1, 0, 0], [1, 1, 0]])
        >>> shown = es.map(space)
        >>> shown.layout_by = shown.add_layout(es.layout(space, method="pca"), title="PCA again")
        >>> shown.layout_by
        'PCA again'
        """
        with self._changing:
            key = self._layouts.add(layout, title=title)
            self.layout_choices = self._layouts.listing()
            return key

    @traitlets.validate("layout")  # type: ignore[untyped-decorator]
    def _check_layout(self, proposal: Any) -> Layout:
        check_layout(self.space, proposal["value"])
        checked: Layout = proposal["value"]
        return checked

    @traitlets.validate("layout_by")  # type: ignore[untyped-decorator]
    def _check_layout_by(self, proposal: Any) -> str:
        self._layouts.check(proposal["value"])
        return str(proposal["value"])

    def _choose_layout(self, change: Any) -> None:
        with self._changing:
            try:
                self.layout = self._layouts.make(change["new"])
            except Exception:
                # What is chosen is what is shown.
                self.layout_by = self._layouts.key_of(self.layout)
                raise

    def _lay_out_anew(self, change: Any) -> None:
        """Move everything that hangs on places; the clusters and their names stay."""
        layout = change["new"]
        with self._changing, self.hold_sync():
            # Always beside the first: to go back and forth ends where it began.
            self._places = self._place(layout, self._first_places)
            self.layout_by = self._layouts.key_of(layout)
            self.layout_choices = self._layouts.listing()
            self.universe = {**self.universe, "facts": self._facts(layout)}
            self.coords = to_wire(self._places)
            self._show_labels()
            self._relaid(layout)

    def _place(
        self, layout: Layout, beside: Float32[np.ndarray, "items 2"] | None = None
    ) -> Float32[np.ndarray, "items 2"]:
        """Bring a layout into [-1, 1], turned to lie like another one."""
        return scale_coords(layout.coords if beside is None else align(layout.coords, beside))

    def _facts(self, layout: Layout) -> str:
        return map_facts(self.space, layout, self.clusters)

    def _show_levels(self) -> None:
        with self._changing:
            if self.comm is not None and self._shown_levels is not self._depth.known:
                self._show_labels()

    def _show_labels(self) -> None:
        self._shown_levels = self._depth.known
        self._labels = level_labels(self._places, self._shown_levels)
        self.labels = [label.to_wire() for label in self._labels]

    def _relaid(self, layout: Layout) -> None:
        """Let what else hangs on the layout follow it."""

    def _wait_for_levels(self) -> None:
        """Wait for the names at depth, but not where there are many items: then a picture is drawn again."""
        self._depth.wait()
        self._show_levels()


def check_parts(space: Space, layout: Layout, clusters: Clusters) -> None:
    """Raise if the parts of a map are not of the same items.

    Parameters
    ----------
    space : Space
        The items.
    layout : Layout
        Where they lie.
    clusters : Clusters
        How they are grouped.

    Raises
    ------
    InputError
        With both numbers of items.
    """
    check_layout(space, layout)
    if len(clusters.labels) != len(space):
        raise InputError(
            f"The clusters are of {len(clusters.labels):,} items, and the space has {len(space):,}."
        )
