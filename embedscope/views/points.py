"""The points of a still picture: the selected ones before the others, a ring around the query."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from jaxtyping import Bool, Float32, Float64, Int64, UInt8, UInt32

from embedscope.views.coloring import Coloring
from embedscope.views.lettering import GROUNDS, Ground
from embedscope.views.picture import MapPicture, Pixels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_VECTOR_POINTS = 5000
_MOST_LAYERS = 400
# Channels that lie closer than this make a grey: what is missing, and the ground for the others.
_GREY = 16
_FADED = 0.25
# The widget's one colour (paint.ts), on either ground.
_PLAIN = {GROUNDS["light"].page: (0x4A, 0x5F, 0x96), GROUNDS["dark"].page: (0x93, 0xA8, 0xE0)}
_RING = 12.0


class Frame(NamedTuple):
    """Where the map lies on the page, in pixels from the upper left."""

    left: Pixels
    top: Pixels
    width: Pixels
    height: Pixels


class Projection(NamedTuple):
    """From [-1, 1] to pixels of the page: y grows downwards, both axes by one factor."""

    factor: float
    x: Pixels
    y: Pixels

    def apply(self, coords: Float32[np.ndarray, "points 2"]) -> Float64[np.ndarray, "points 2"]:
        """Give the pixels of some points.

        Parameters
        ----------
        coords : ndarray of float32, shape (points, 2)
            In the map's coordinates.

        Returns
        -------
        ndarray of float64, shape (points, 2)
            From the upper left of the page.
        """
        return np.array([self.x, self.y]) + coords.astype(np.float64) * [self.factor, -self.factor]


def fit_map(coords: Float32[np.ndarray, "items 2"], frame: Frame) -> Projection:
    """Bring the whole map in sight, as large as it goes.

    Parameters
    ----------
    coords : ndarray of float32, shape (items, 2)
        In [-1, 1].
    frame : Frame
        The room for it.

    Returns
    -------
    Projection
        Leaves 24 pixels free on each side.
    """
    half = (np.ptp(coords.astype(np.float64), axis=0) / 2 if len(coords) else np.ones(2)).clip(1e-3)
    room = np.array([frame.width, frame.height]) / 2 - 24
    return Projection(float((room / half).min()), frame.left + frame.width / 2, frame.top + frame.height / 2)


def point_look(items: int, area: Pixels) -> tuple[float, float]:
    """Choose how large and how opaque points are so that a map can be read; the widget's own rule.

    Parameters
    ----------
    items : int
        Points on the map.
    area : float
        Of the map, in square pixels.

    Returns
    -------
    size, opacity : Pixels
        Diameter in pixels of the page, and between 0 and 1.

    Examples
    --------
    >>> small, large = point_look(100, 500_000), point_look(1_000_000, 500_000)
    >>> small[0] > large[0], small[1] > large[1]
    (True, True)
    """
    count = max(items, 1)
    room = float(np.clip(np.sqrt(max(area, 1.0) / 500_000), 0.7, 1.35))
    size = float(np.clip(27 * count**-0.215 * room, 1.2, 9))
    return size, float(np.clip(0.95 / (1 + (count / 120_000) ** 0.55), 0.15, 0.92))


def draw_points(
    page: Axes, picture: MapPicture, projection: Projection, area: Pixels, ground: Ground
) -> None:
    """Draw all points; where some are selected, the others fade and lie below.

    Parameters
    ----------
    page : matplotlib.axes.Axes
        Counts pixels from the upper left.
    picture : MapPicture
        What to show.
    projection : Projection
        Where the map lies.
    area : Pixels
        Of the map, in square pixels: what is small has smaller points.
    ground : Ground
        Colours of the page.
    """
    items, picked = len(picture.coords), len(picture.selected)
    places = projection.apply(picture.coords)
    size, opacity = point_look(items, area)
    vector = items <= _MOST_VECTOR_POINTS
    brush = _Brush(page, places, _colors_of(picture.coloring, items, ground), vector)
    if not picked:
        brush.draw(np.arange(items), size, opacity, 1)
    else:
        others = np.ones(items, bool)
        others[picture.selected] = False
        brush.draw(np.flatnonzero(others), size, opacity * _FADED, 1)
        brush.draw(picture.selected.astype(np.int64), _selected_size(size, picked), max(opacity, 0.5), 2)
    if picture.query is not None:
        _draw_ring(page, places[picture.query], ground)


def _selected_size(size: Pixels, picked: int) -> float:
    """Few points are told apart by their size, many would hide their density."""
    return float(size + (2 if picked <= 25 else 1 if picked <= 250 else 0))


def _draw_ring(page: Axes, place: Float64[np.ndarray, 2], ground: Ground) -> None:
    for width, color in ((4.0, ground.page), (1.6, ground.ink)):
        page.plot(
            [place[0]],
            [place[1]],
            linestyle="none",
            marker="o",
            markersize=_RING * 0.75,
            markerfacecolor="none",
            markeredgecolor=color,
            markeredgewidth=width * 0.75,
            zorder=3,
        )


def _colors_of(coloring: Coloring, items: int, ground: Ground) -> UInt8[np.ndarray, "items 3"]:
    if coloring.kind != "none":
        return coloring.rgb(items)
    return np.broadcast_to(np.array(_PLAIN[ground.page], np.uint8), (items, 3))


class _Brush:
    """Draws rows of one colour at a time, which is fast."""

    def __init__(
        self,
        page: Axes,
        places: Float64[np.ndarray, "items 2"],
        colors: UInt8[np.ndarray, "items 3"],
        vector: bool,
    ) -> None:
        self._page, self._places, self._vector = page, places, vector
        packed = colors.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32)
        found, self._group = np.unique(packed, return_inverse=True)
        self._colors = _unpack(found)
        self._grey = np.ptp(self._colors.astype(int), axis=1) < _GREY

    def draw(self, rows: Int64[np.ndarray, " rows"], size: Pixels, opacity: float, level: int) -> None:
        """Draw some rows, the grey ones first."""
        for members in _layers(rows, self._group[rows], self._grey):
            color = self._group[members[0]]
            below = bool(self._grey[color])
            self._page.plot(
                self._places[members, 0],
                self._places[members, 1],
                linestyle="none",
                marker="o",
                markersize=size * 0.75,
                markeredgewidth=0,
                color=tuple(self._colors[color] / 255),
                alpha=opacity * (0.6 if below else 1),
                rasterized=not self._vector,
                zorder=level + (0 if below else 0.5),
            )


def _unpack(packed: UInt32[np.ndarray, " colors"]) -> UInt32[np.ndarray, "colors 3"]:
    return np.stack([packed >> 16, packed >> 8 & 255, packed & 255], axis=1)


def _layers(
    rows: Int64[np.ndarray, " rows"], group: Int64[np.ndarray, " rows"], grey: Bool[np.ndarray, " colors"]
) -> Iterator[Int64[np.ndarray, " members"]]:
    """Give rows of one colour at a time, in slices, so that no colour hides the others."""
    slices = int(np.clip(_MOST_LAYERS // max(len(grey), 1), 1, 8))
    order = np.argsort(group, kind="stable")
    ends = np.searchsorted(group[order], np.arange(len(grey) + 1))
    for start in range(slices):
        for color in np.argsort(~grey, kind="stable"):
            members = rows[order[ends[color] : ends[color + 1]][start::slices]]
            if len(members):
                yield members
