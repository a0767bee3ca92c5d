"""The map widget: places, colours, names, and what a hover card asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

import traitlets

from embedscope._errors import unknown_name
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
from embedscope.views.laid_out import LaidOut, check_parts
from embedscope.views.picture import MapPicture, query_row

_HOVER_COLUMNS = 6


class Map(LaidOut):
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
    layout : Layout
        Where the items lie; set it to another one of the same items, and the points move there. Maps after
        the first are turned to lie like it. (The widget's own box on the page, which other widgets call
        ``layout``, is ``box``.)
    layout_by : str
        Key of the layout; set it to "umap" or "pca", or to what `add_layout` gave.
    space, clusters
        The other results that are shown; `cluster_levels` has the clusters' clusters and their parts.

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
        check_parts(space, layout, clusters)
        self._channel = Channel(self._answers())
        self._choices = ColorChoices(space.items, layout, clusters)
        start = color_by or ("cluster" if len(clusters) else "none")
        self._coloring = self._choices.make(start)
        name = space.items.name if title is None else title
        super().__init__(
            space,
            layout,
            clusters,
            panes=list(self._panes),
            title=name,
            color=self._coloring.to_wire(),
            color_by=start,
            color_choices=self._choices.listing(),
            hover_columns=_default_hover(space.items),
            height=height,
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
        # A picture that is kept in a file is drawn once: it waits for the names where that is no long time.
        self._wait_for_levels()
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

    def _relaid(self, layout: Layout) -> None:
        self._choices = replace(self._choices, layout=layout)
        if self.color_by in ("trust", "density"):
            self._recolor({"new": self.color_by})

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


def _default_hover(items: Items) -> list[str]:
    names = [str(f.name) for f in items.columns.schema if column_kind(f.type) is not None]
    return names[:_HOVER_COLUMNS]
