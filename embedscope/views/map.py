"""map: anything that can be embedded, as a picture to explore."""

from __future__ import annotations

from typing import Any, TypeVar

from embedscope._errors import InputError
from embedscope.clusters.cluster import Clusters
from embedscope.clusters.cluster import cluster as find_clusters
from embedscope.layouts.layout import Layout, LayoutMethod, method_for
from embedscope.layouts.layout import layout as lay_out
from embedscope.spaces.encode import encode
from embedscope.spaces.space import Space
from embedscope.views.choices import check_color, color_keys
from embedscope.views.map_widget import Map

__all__ = ["Map", "map_space"]

AnyMap = TypeVar("AnyMap", bound=Map)


def map_space(
    data: Any,
    *,
    encoder: Any = None,
    layout: Layout | LayoutMethod | None = None,
    clusters: Clusters | None = None,
    color: Any = None,
    title: str | None = None,
    height: int = 560,
) -> Map:
    """Map anything: items or whatever they are made of are encoded, laid out, grouped and shown.

    Parameters
    ----------
    data : Space, Items, or whatever `embedscope.load_items` takes
        A list of texts, a data frame, a folder of images, the name of a packaged data set.
    encoder : str or object, optional
        For what is no space yet; see `embedscope.encode`.
    layout : Layout or {"umap", "umap-learn", "pca"}, optional
        Where the items lie; by default UMAP, and PCA for fewer than 16 items.
    clusters : Clusters, optional
        How they are grouped; found on the map when there are none.
    color : str or sequence, optional
        What the colours show at first: a column, "cluster" (the default), "trust", "density", "none", or
        values of one's own, one an item.
    title : str, optional
        The line above; the items' name when there is none.
    height : int
        Of the view, in pixels.

    Returns
    -------
    Map
        A widget. All that it shows is there as ``space``, ``layout`` and ``clusters``.

    Raises
    ------
    InputError
        If the data cannot be used, or the parts are not of the same items.
    MissingError
        If a name is not known, or the front end was not built.

    Examples
    --------
    >>> space = Space.from_arrays([[0, 1], [1, 0], [1, 1]], columns={"label": ["x", "y", "x"]})
    >>> map_space(space, color="label").coloring.counts
    (2, 1)
    """
    parts = mapped(data, encoder, layout, clusters, color)
    return colored(Map(*parts, color_by=first_color(color), title=title, height=height), color)


def mapped(
    data: Any,
    encoder: Any,
    layout: Layout | LayoutMethod | None,
    clusters: Clusters | None,
    color: Any,
) -> tuple[Space, Layout, Clusters]:
    """Encode, lay out and group what is not yet.

    Parameters
    ----------
    data, encoder, layout, clusters, color
        As `map_space` takes them.

    Returns
    -------
    space, layout, clusters
        What a map is made of.

    Raises
    ------
    InputError
        If a space comes with an encoder.
    MissingError
        If there is nothing to colour by of that name.
    """
    space = data if isinstance(data, Space) else encode(data, encoder)
    if isinstance(data, Space) and encoder is not None:
        raise InputError("The data is a space, which has its vectors already; leave encoder out.")
    if isinstance(color, str):
        check_color(color, color_keys(space.items))
    if not isinstance(layout, Layout):
        layout = lay_out(space, method=layout or method_for(len(space)))
    return space, layout, clusters if clusters is not None else find_clusters(space, layout)


def first_color(color: Any) -> str | None:
    """Give the key of the first colouring.

    Parameters
    ----------
    color : str or sequence or None
        As `map_space` takes it.

    Returns
    -------
    str or None
        None where values came, or nothing.
    """
    return color if isinstance(color, str) else None


def colored(shown: AnyMap, color: Any) -> AnyMap:
    """Colour a map by values, where values came.

    Parameters
    ----------
    shown : Map
        The view.
    color : str or sequence or None
        As `map_space` takes it.

    Returns
    -------
    Map
        The same view.

    Raises
    ------
    InputError
        If there are more or fewer values than items.
    """
    if color is not None and not isinstance(color, str):
        shown.color_with(color)
    return shown
