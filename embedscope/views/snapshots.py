"""Still pictures of a map, drawn by matplotlib off screen: the same colours, names, title and legend."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from jaxtyping import Bool, Float32, Float64, Int64

from embedscope.views.legend import draw_legend
from embedscope.views.lettering import GROUNDS, Lettering
from embedscope.views.picture import MapPicture, PictureOptions, Pixels
from embedscope.views.placement import Box, place_boxes, wrap_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_HEADER, _LEGEND, _MARGIN = 64.0, 220.0, 16.0
_MOST_VECTOR_POINTS = 5000
_MOST_LAYERS = 400
# Channels that lie closer than this make a grey: what is missing, and the ground for the others.
_GREY = 16


class Frame(NamedTuple):
    """Where the map lies on the page, in pixels from the upper left."""

    left: Pixels
    top: Pixels
    width: Pixels
    height: Pixels


def draw_png(picture: MapPicture, options: PictureOptions | None = None) -> bytes:
    """Draw a map as a PNG.

    Parameters
    ----------
    picture : MapPicture
        What to show.
    options : PictureOptions, optional
        Size, sharpness and ground.

    Returns
    -------
    bytes
        The file.

    Notes
    -----
    Off screen: neither the backend nor the figures that ``pyplot`` holds are touched. About 0.3 s for
    10,000 points, 3 s for a million.
    """
    return _render(picture, options or PictureOptions(), "png")


def draw_svg(picture: MapPicture, options: PictureOptions | None = None) -> str:
    """Draw a map as an SVG.

    Parameters
    ----------
    picture : MapPicture
        What to show.
    options : PictureOptions, optional
        Size and ground.

    Returns
    -------
    str
        The file. Past 5,000 points the points are an image inside it; names and legend stay outlines.
    """
    return _render(picture, options or PictureOptions(), "svg").decode()


def _render(picture: MapPicture, options: PictureOptions, kind: str) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    ground = GROUNDS[options.theme]
    dpi = 96 * options.scale
    size = (options.width / 96, options.height / 96)
    figure = Figure(figsize=size, dpi=dpi, facecolor=ground.page, edgecolor="none")
    figure.set_layout_engine("none")
    FigureCanvasAgg(figure)
    page = figure.add_axes((0, 0, 1, 1), zorder=2)
    page.set(xlim=(0, options.width), ylim=(options.height, 0))
    page.set_axis_off()
    lettering = Lettering(page, ground, options.scale)
    frame = Frame(0, _HEADER, options.width - _LEGEND, options.height - _HEADER)
    file = io.BytesIO()
    # A name in a script that no installed font has is drawn as boxes; the widget shows it as it is.
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from font", UserWarning)
        _draw_header(lettering, picture, options)
        projection = _fit(picture.coords, frame)
        _draw_points(page, picture, projection.apply(picture.coords), frame)
        _draw_names(lettering, picture, projection, frame)
        draw_legend(lettering, picture.coloring, options.width - _LEGEND + 8, _HEADER, options.height)
        figure.savefig(
            file,
            format=kind,
            dpi=dpi,
            facecolor=ground.page,
            edgecolor="none",
            transparent=False,
            bbox_inches=figure.bbox_inches,
            pad_inches=0,
            metadata=_metadata(kind),
        )
    return file.getvalue()


def _metadata(kind: str) -> dict[str, Any]:
    """Leave out date and version, so that equal pictures are equal files."""
    return {"Software": None} if kind == "png" else {"Date": None, "Creator": None}


def _draw_header(lettering: Lettering, picture: MapPicture, options: PictureOptions) -> None:
    room = options.width - 2 * _MARGIN
    lettering.write(_MARGIN, 22, lettering.fit(picture.title, room, 15, bold=True), 15, bold=True)
    lettering.write(_MARGIN, 44, lettering.fit(picture.facts, room, 12), 12, muted=True)
    lettering.rule(_HEADER, options.width)


class Projection(NamedTuple):
    """From [-1, 1] to pixels of the page: y grows downwards, both axes by one factor."""

    factor: float
    x: Pixels
    y: Pixels

    def apply(self, coords: Float32[np.ndarray, "points 2"]) -> Float64[np.ndarray, "points 2"]:
        """Give the pixels of some points."""
        return np.array([self.x, self.y]) + coords.astype(np.float64) * [self.factor, -self.factor]


def _fit(coords: Float32[np.ndarray, "items 2"], frame: Frame) -> Projection:
    """Bring the whole map in sight, as large as it goes."""
    half = (np.ptp(coords.astype(np.float64), axis=0) / 2 if len(coords) else np.ones(2)).clip(1e-3)
    room = np.array([frame.width, frame.height]) / 2 - 24
    return Projection(float((room / half).min()), frame.left + frame.width / 2, frame.top + frame.height / 2)


def _draw_points(
    page: Axes, picture: MapPicture, places: Float64[np.ndarray, "items 2"], frame: Frame
) -> None:
    items = len(places)
    size, opacity = point_look(items, frame.width * frame.height)
    packed = picture.coloring.rgb(items).astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32)
    found, group = np.unique(packed, return_inverse=True)
    colors = np.stack([found >> 16, found >> 8 & 255, found & 255], axis=1)
    grey = np.ptp(colors.astype(int), axis=1) < _GREY
    for members in _layers(group, grey):
        color = colors[group[members[0]]]
        below = grey[group[members[0]]]
        page.plot(
            places[members, 0],
            places[members, 1],
            linestyle="none",
            marker="o",
            markersize=size * 0.75,
            markeredgewidth=0,
            color=tuple(color / 255),
            alpha=opacity * (0.6 if below else 1),
            rasterized=items > _MOST_VECTOR_POINTS,
            zorder=1 if below else 2,
        )


def _layers(
    group: Int64[np.ndarray, " items"], grey: Bool[np.ndarray, " colors"]
) -> Iterator[Int64[np.ndarray, " members"]]:
    """Give rows of one colour at a time, which draws fast, in slices, so that no colour hides the others."""
    slices = int(np.clip(_MOST_LAYERS // max(len(grey), 1), 1, 8))
    order = np.argsort(group, kind="stable")
    ends = np.searchsorted(group[order], np.arange(len(grey) + 1))
    for start in range(slices):
        for color in np.argsort(~grey, kind="stable"):
            members = order[ends[color] : ends[color + 1]][start::slices]
            if len(members):
                yield members


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
    return size, float(np.clip(1.33 - 0.17 * np.log10(count), 0.28, 0.92))


def _draw_names(lettering: Lettering, picture: MapPicture, projection: Projection, frame: Frame) -> None:
    if not picture.labels:
        return
    largest = max(label.size for label in picture.labels)
    points = np.array([[label.x, label.y] for label in picture.labels], np.float32)
    anchors = projection.apply(points) - [frame.left, frame.top]
    names = [wrap_name(label.name) for label in picture.labels]
    sizes = [11 + 2.5 * (label.size / largest) ** 0.5 for label in picture.labels]
    boxes = [
        Box(float(x), float(y), *lettering.measure(name, size, bold=True))
        for (x, y), name, size in zip(anchors, names, sizes, strict=True)
    ]
    for name, size, place in zip(names, sizes, place_boxes(boxes, frame.width, frame.height), strict=True):
        if place is not None:
            lettering.halo(frame.left + place[0], frame.top + place[1], name, size)
