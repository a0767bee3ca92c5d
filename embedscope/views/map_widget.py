"""The map widget: places, colours, names, and what a hover card asks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import ipywidgets
import traitlets

from embedscope._errors import InputError, unknown_name
from embedscope.clusters.cluster import Clusters
from embedscope.items.items import Items
from embedscope.layouts.layout import Layout
from embedscope.spaces.space import Space
from embedscope.views.answers.original import Originals
from embedscope.views.answers.payloads import Payloads
from embedscope.views.channel import AnswerFunction, Buffer, Channel
from embedscope.views.choices import ColorChoices, check_color
from embedscope.views.coloring import Coloring
from embedscope.views.colors import column_kind
from embedscope.views.facts import map_facts
from embedscope.views.labels import cluster_labels
from embedscope.views.picture import MapPicture, query_row
from embedscope.views.pictured import Pictured
from embedscope.views.wire import scale_coords, to_wire

_HOVER_COLUMNS = 6


def _box_reference(_: Layout, widget: Map) -> str:
    """Stand in, on the wire, for the trait of the same name that every ipywidget has: its box on the page."""
    return f"IPY_MODEL_{widget.box.model_id}"


def _keep_layout(_: object, widget: Map) -> Layout:
    kept: Layout = widget.layout
    return kept


class Map(Pictured):
    """A map of a space: pan, zoom, lasso, colour, and read the selection. Made by `embedscope.map`.

    Parameters
    ----------
    space : Space
        What is mapped.
    layout : Layout
        Where its items lie.
    clusters : Clusters
        How they are grouped, and the names on the map.
    color_by : str, optional
        Key of the first colouring: a column, "cluster", "trust", "density" or "none".
    title : str, optional
        The line above; the items' name when there is none.
    height : int
        Of the view, in pixels, from 200 to 4000.

    Attributes
    ----------
    selection : list of str or of int
        Ids of the selected items, in the order of the space. Set it to select; ``observe(...,
        "selection")`` hears of every change from either side. Assign a new list: one that is changed in
        place tells nobody. On the wire it travels as rows (``selection_rows``), 4 bytes an item.
    color_by : str
        What the colours show; set from either side.
    hover_columns : list of str
        Columns on the hover card.
    theme : {"auto", "light", "dark"}
        Of the view; "auto" follows the page.
    space, layout, clusters
        The results that are shown. (The widget's own box on the page, which other widgets call
        ``layout``, is ``box``.)

    Raises
    ------
    InputError
        If layout or clusters are not of the space's items.
    MissingError
        If there is no such colouring, or the front end was not built.

    Notes
    -----
    8 bytes a point travel for the places and 2 for a category (4 for a number), once; a selection comes
    back with 4 a selected point. Texts and thumbnails travel when a card asks for them.

    Examples
    --------
    >>> import embedscope as es
    >>> shown = es.map(es.Space.from_arrays([[0, 1], [1, 0], [1, 1]], ids=["a", "b", "c"]))
    >>> shown.selection = ["c", "a"]
    >>> shown.selection
    ['a', 'c']
    """

    layout = traitlets.Instance(Layout).tag(sync=True, to_json=_box_reference, from_json=_keep_layout)
    # What the view is made of; a view with more panes says so here.
    _panes: ClassVar[tuple[str, ...]] = ("map",)

    def __init__(
        self,
        space: Space,
        layout: Layout,
        clusters: Clusters,
        *,
        color_by: str | None = None,
        title: str | None = None,
        height: int = 560,
    ) -> None:
        _check_lengths(space, layout, clusters)
        self.space, self.clusters, self.box = space, clusters, ipywidgets.Layout()
        self._channel = Channel(self._answers())
        self._choices = ColorChoices(space.items, layout, clusters)
        start = color_by or ("cluster" if len(clusters) else "none")
        self._coloring = self._choices.make(start)
        self._places = scale_coords(layout.coords)
        self._labels = cluster_labels(self._places, clusters.labels, clusters.name_of)
        facts = map_facts(space, layout, clusters)
        name = space.items.name if title is None else title
        super().__init__(
            space.items,
            panes=list(self._panes),
            universe={"n": len(space), "modality": space.items.modality, "title": name, "facts": facts},
            coords=to_wire(self._places),
            color=self._coloring.to_wire(),
            color_by=start,
            color_choices=self._choices.listing(),
            labels=[label.to_wire() for label in self._labels],
            hover_columns=_default_hover(space.items),
            height=height,
            layout=layout,
        )
        self.observe(self._recolor, "color_by")
        self.on_msg(self._answer)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.universe['facts']})"

    @property
    def coloring(self) -> Coloring:
        """The colours that are shown, with the legend's names and counts."""
        return self._coloring

    def color_with(self, values: Any, *, title: str = "values") -> None:
        """Colour by values of one's own, and add them to the choices.

        Parameters
        ----------
        values : sequence
            One an item, in the order of the space: categories, numbers or dates.
        title : str
            Names the choice; values of the same title are replaced.

        Raises
        ------
        InputError
            If there are more or fewer values than items, or they have no colour.

        Examples
        --------
        >>> import embedscope as es
        >>> shown = es.map(es.Space.from_arrays([[0, 1], [1, 0], [1, 1]]))
        >>> shown.color_with(["odd", "even", "odd"], title="parity")
        >>> shown.color_by, shown.coloring.names
        ('parity', ('odd', 'even'))
        """
        with self._changing:
            key = self._choices.add(title, values)
            self.color_choices = self._choices.listing()
            if self.color_by == key:
                self._recolor({"new": key})
            self.color_by = key

    def picture(self) -> MapPicture:
        """Describe what `to_png` draws.

        Returns
        -------
        MapPicture
            Places, colours, names, selection, query, title and facts.
        """
        with self._changing:
            return MapPicture(
                self._places,
                self._coloring,
                self._labels,
                self.universe["title"],
                self.universe["facts"],
                selected=self.selected_rows,
                query=query_row(self.query, len(self.space)),
            )

    @traitlets.validate("color_by")  # type: ignore[untyped-decorator]
    def _check_color_by(self, proposal: Any) -> str:
        key = str(proposal["value"])
        check_color(key, self._choices.keys())
        return key

    @traitlets.validate("hover_columns")  # type: ignore[untyped-decorator]
    def _check_hover_columns(self, proposal: Any) -> list[str]:
        known = [str(name) for name in self.space.items.columns.column_names]
        for name in proposal["value"]:
            if name not in known:
                raise unknown_name("column", name, known)
        return list(proposal["value"])

    def _recolor(self, change: Any) -> None:
        with self._changing:
            self._coloring = self._choices.make(change["new"])
            self.color = self._coloring.to_wire()

    def _answers(self) -> dict[str, AnswerFunction]:
        """Say who answers which request of the front end."""
        return {
            "original": Originals(lambda: self.space.items),
            "payload": Payloads(lambda: self.space.items, lambda: self.hover_columns),
        }

    def _answer(self, _: object, content: object, buffers: Sequence[Buffer]) -> None:
        self._channel.handle(content, buffers, self.send)


def _check_lengths(space: Space, layout: Layout, clusters: Clusters) -> None:
    for name, length in (("layout is", len(layout)), ("clusters are", len(clusters.labels))):
        if length != len(space):
            raise InputError(f"The {name} of {length:,} items, and the space has {len(space):,}.")


def _default_hover(items: Items) -> list[str]:
    names = [str(f.name) for f in items.columns.schema if column_kind(f.type) is not None]
    return names[:_HOVER_COLUMNS]
