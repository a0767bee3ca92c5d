"""A map in a part of a still picture: its points, and its clusters' names over them."""

from __future__ import annotations

import numpy as np

from embedscope.views.lettering import Lettering
from embedscope.views.picture import MapPicture, Pixels
from embedscope.views.placement import Box, place_boxes, wrap_name
from embedscope.views.points import Frame, Projection, draw_points, fit_map

HEADER, MARGIN = 64.0, 16.0


def draw_header(lettering: Lettering, title: str, facts: str, width: Pixels) -> None:
    """Write the two lines above, and the hairline below them.

    Parameters
    ----------
    lettering : Lettering
        The page.
    title, facts : str
        The lines.
    width : Pixels
        Of the page.
    """
    room = width - 2 * MARGIN
    lettering.write(MARGIN, 22, lettering.fit(title, room, 15, bold=True), 15, bold=True)
    lettering.write(MARGIN, 44, lettering.fit(facts, room, 12), 12, muted=True)
    lettering.rule(HEADER, width)


def draw_map(
    lettering: Lettering, picture: MapPicture, frame: Frame, projection: Projection | None = None
) -> None:
    """Draw a map's points and names.

    Parameters
    ----------
    lettering : Lettering
        The page.
    picture : MapPicture
        What to show.
    frame : Frame
        Where.
    projection : Projection, optional
        How large; as large as it goes if not given.
    """
    where = projection or fit_map(picture.coords, frame)
    draw_points(lettering.page, picture, where, frame.width * frame.height, lettering.ground)
    _draw_names(lettering, picture, where, frame)


def _draw_names(lettering: Lettering, picture: MapPicture, projection: Projection, frame: Frame) -> None:
    seen = [label for label in picture.labels if label.min_zoom <= 1]
    if not seen:
        return
    largest = max(label.size for label in seen)
    points = np.array([[label.x, label.y] for label in seen], np.float32)
    anchors = projection.apply(points) - [frame.left, frame.top]
    names = [wrap_name(label.name) for label in seen]
    sizes = [11 + 2.5 * (label.size / largest) ** 0.5 for label in seen]
    boxes = [
        Box(float(x), float(y), *lettering.measure(name, size, bold=True))
        for (x, y), name, size in zip(anchors, names, sizes, strict=True)
    ]
    for name, size, place in zip(names, sizes, place_boxes(boxes, frame.width, frame.height), strict=True):
        if place is not None:
            lettering.halo(frame.left + place[0], frame.top + place[1], name, size)
