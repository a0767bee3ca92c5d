"""explore: map, neighbours, search and selection as one instrument."""

from __future__ import annotations

from typing import Any, ClassVar

from embedscope._errors import InputError
from embedscope.clusters.cluster import Clusters
from embedscope.comparison.comparison import Comparison
from embedscope.comparison.comparisons import Comparisons
from embedscope.items.items import Items
from embedscope.layouts.layout import Layout, LayoutMethod
from embedscope.views.asking import Asking
from embedscope.views.comparison_view import ComparisonView
from embedscope.views.keeping import Keeping
from embedscope.views.map import colored, first_color, mapped

__all__ = ["Explorer", "explore"]


class Explorer(Asking, Keeping):
    """Map, neighbours, search and selection of a space. Made by `embedscope.explore`.

    Parameters
    ----------
    *parts
        Space, layout and clusters, as `Map` takes them.
    **options
        ``color_by``, ``title`` and ``height``, as `Map` takes them.

    Attributes
    ----------
    selection : list of str or of int
        Ids of the selected items; set it to select, observe it to hear of either side.
    focus : str, int or None
        Id of the item whose neighbours are shown; set it to walk.
    n_neighbors : int
        How many neighbours are shown.
    saved_selections : list of dict
        Names and counts of the named selections; change them through ``selections``.
    color_by, hover_columns, theme
        As of `Map`.
    space, layout, clusters
        The results that are shown.

    Notes
    -----
    Requests that may take long are answered on threads of their own, over results that never change: the view
    stays live while an encoder is loaded. While a cell runs, a request may have to wait for it.

    Examples
    --------
    >>> import embedscope as es
    >>> space = es.Space.from_arrays({"a": [1.0, 0.0], "b": [0.9, 0.1], "c": [0.0, 1.0]})
    >>> shown = es.explore(space)
    >>> shown.focus = "a"
    >>> shown.neighbors.ids
    ('b', 'c')
    """

    _panes: ClassVar[tuple[str, ...]] = ("search", "map", "neighbors", "table")

    @property
    def items(self) -> Items:
        """What is explored, with the columns of labels that were given here."""
        return self.space.items


def explore(
    data: Any,
    *,
    encoder: Any = None,
    layout: Layout | LayoutMethod | None = None,
    clusters: Clusters | None = None,
    color: Any = None,
    title: str | None = None,
    height: int = 720,
) -> Explorer:
    """Explore anything: map, neighbours, search and selection of items or whatever they are made of.

    Parameters
    ----------
    data : Space, Comparison, Items, or whatever `embedscope.load_items` takes
        A list of texts, a data frame, a folder of images, the name of a packaged data set. A comparison of
        two spaces shows both; `ComparisonView` says what of it is shown first.
    encoder : str or object, optional
        For what is no space yet; see `embedscope.encode`.
    layout : Layout or {"umap", "umap-learn", "pca"}, optional
        Where the items lie; by default UMAP, and PCA for fewer than 16 items. Of a comparison the teacher's:
        the student's follows it.
    clusters : Clusters, optional
        How they are grouped; found on the map when there are none.
    color : str or sequence, optional
        What the colours show at first: a column, "cluster" (the default), "trust", "density", "none", or
        values of one's own, one an item.
    title : str, optional
        The line above; the items' name when there is none.
    height : int
        Of the view, in pixels, from 200 to 4000.

    Returns
    -------
    Explorer
        A widget, which is plain Python on this side: ``selection``, ``selected_items``, ``selections``,
        ``focus``, ``neighbors``, ``find``, ``composition``, ``label_selection``, ``export``. Of a comparison
        a `ComparisonExplorer`, with ``comparison``, ``changes`` and ``morph`` beside.

    Raises
    ------
    InputError
        If the data cannot be used, the parts are not of the same items, or more than two spaces are compared.
    MissingError
        If a name is not known, or the front end was not built.

    Examples
    --------
    >>> from embedscope.spaces.space import Space
    >>> space = Space.from_arrays([[0, 1], [1, 0], [1, 1]], columns={"label": ["x", "y", "x"]})
    >>> shown = explore(space, color="label")
    >>> shown.selection = [0, 2]
    >>> shown.selected_items.column("label").tolist()
    ['x', 'x']
    """
    options: dict[str, Any] = {"color_by": first_color(color), "title": title, "height": height}
    if isinstance(data, Comparisons):
        raise _pick_a_pair(data)
    if isinstance(data, Comparison | ComparisonView):
        from embedscope.views.comparison_explorer import ComparisonExplorer

        view = data if isinstance(data, ComparisonView) else ComparisonView(data)
        if encoder is not None:
            raise InputError("The data is a comparison, which has its vectors already; leave encoder out.")
        _, places, groups = mapped(view.comparison.teacher, None, layout, clusters, color)
        return colored(ComparisonExplorer(view, places, groups, **options), color)
    return colored(Explorer(*mapped(data, encoder, layout, clusters, color), **options), color)


def _pick_a_pair(data: Comparisons) -> InputError:
    first, second = data.names[:2]
    return InputError(
        f"{len(data.names)} spaces came; a view compares two of them. Pick a pair: "
        f"explore(comparisons[{first!r}, {second!r}])."
    )
