"""Fewer points for a small picture of a large map: nobody can count them, and drawing takes seconds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from jaxtyping import Bool, Int64

from embedscope.views.picture import MapPicture

_SEED = 0


def thin_picture(picture: MapPicture, most: int) -> MapPicture:
    """Leave out points at random, always the same ones.

    Parameters
    ----------
    picture : MapPicture
        What is to be drawn.
    most : int
        How many points are drawn at most; at least 8.

    Returns
    -------
    MapPicture
        The same where there are no more than that; legend, names and facts stay those of all items.

    Notes
    -----
    The outermost points and the query stay, so that map and names lie where they would. So do selected ones,
    up to half of all points or to their own share of them.

    Examples
    --------
    >>> from embedscope.views.coloring import no_coloring
    >>> thin = thin_picture(MapPicture(np.zeros((50, 2), np.float32), no_coloring()), 10)
    >>> thin.coords.shape
    (10, 2)
    """
    items = len(picture.coords)
    if items <= most:
        return picture
    return keep_rows(picture, rows_kept(picture, most))


def keep_rows(picture: MapPicture, rows: Int64[np.ndarray, " kept"]) -> MapPicture:
    """Draw some of the points only.

    Parameters
    ----------
    picture : MapPicture
        What is to be drawn.
    rows : ndarray of int64, shape (kept,)
        Which, ascending; the query is among them.

    Returns
    -------
    MapPicture
        Legend, names and facts stay those of all items.
    """
    items = len(picture.coords)
    selected = np.zeros(items, bool)
    selected[picture.selected] = True
    coloring = picture.coloring
    return replace(
        picture,
        coords=picture.coords[rows],
        coloring=replace(
            coloring,
            codes=None if coloring.codes is None else coloring.codes[rows],
            values=None if coloring.values is None else coloring.values[rows],
        ),
        selected=np.flatnonzero(selected[rows]).astype(np.uint32),
        query=None if picture.query is None else int(np.searchsorted(rows, picture.query)),
    )


def rows_kept(picture: MapPicture, most: int) -> Int64[np.ndarray, " kept"]:
    """Choose the points that `thin_picture` keeps.

    Parameters
    ----------
    picture : MapPicture
        What is to be drawn.
    most : int
        How many at most.

    Returns
    -------
    ndarray of int64, shape (kept,)
        Their rows, ascending.
    """
    items, picked = len(picture.coords), len(picture.selected)
    kept = np.zeros(items, bool)
    kept[picture.coords.argmin(axis=0)] = kept[picture.coords.argmax(axis=0)] = True
    if picture.query is not None:
        kept[picture.query] = True
    selected = np.zeros(items, bool)
    selected[picture.selected] = True
    of_selected = max(most // 2, most * picked // items)
    _add_some(kept, selected, min(of_selected, most - int(kept.sum())))
    _add_some(kept, ~selected, most - int(kept.sum()))
    return np.flatnonzero(kept)


def _add_some(kept: Bool[np.ndarray, " items"], among: Bool[np.ndarray, " items"], count: int) -> None:
    free = np.flatnonzero(among & ~kept)
    if count < len(free):
        free = np.random.default_rng(_SEED).choice(free, count, replace=False, shuffle=False)
    kept[free] = True
