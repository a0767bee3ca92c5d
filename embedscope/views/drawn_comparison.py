"""A comparison on a still picture: two maps side by side, one legend, and the heatmap below."""

from __future__ import annotations

from embedscope.views.comparison_picture import ComparisonPicture
from embedscope.views.drawn_heatmap import draw_heatmap
from embedscope.views.drawn_map import HEADER, MARGIN, draw_header, draw_map
from embedscope.views.legend import draw_legend
from embedscope.views.lettering import Lettering
from embedscope.views.picture import PictureOptions, Pixels
from embedscope.views.points import Frame, fit_map

_CAPTION = 34.0
_HEAT_SHARE = 0.44
# Lower than this neither its rows nor its words can be read.
_LEAST_HEAT = 200.0
_PAD = 20.0


def draw_comparison(
    lettering: Lettering, picture: ComparisonPicture, options: PictureOptions, legend: Pixels
) -> None:
    """Draw both maps and what the heatmap shows.

    Parameters
    ----------
    lettering : Lettering
        The page.
    picture : ComparisonPicture
        What to show.
    options : PictureOptions
        Its size.
    legend : Pixels
        Width of the legend's column.
    """
    draw_header(lettering, picture.teacher.title, picture.teacher.facts, options.width)
    below = options.height - HEADER
    heat = below * _HEAT_SHARE if picture.divergence is not None else 0.0
    if heat < _LEAST_HEAT:
        heat = 0.0
    bottom = options.height - heat
    column = 0 if picture.coloring.kind == "none" else legend
    _draw_maps(lettering, picture, Frame(0, HEADER, options.width - column, bottom - HEADER))
    draw_legend(lettering, picture.coloring, options.width - legend + 8, HEADER, bottom)
    if heat and picture.divergence is not None:
        lettering.rule(bottom, options.width)
        frame = Frame(MARGIN, bottom + _PAD, options.width - 2 * MARGIN, heat - 2 * _PAD)
        draw_heatmap(lettering, picture.divergence, frame, options.theme)


def _draw_maps(lettering: Lettering, picture: ComparisonPicture, frame: Frame) -> None:
    half = frame.width / 2
    frames = [
        Frame(frame.left + side * half, frame.top + _CAPTION, half, frame.height - _CAPTION)
        for side in (0, 1)
    ]
    fits = [fit_map(one.coords, own) for one, own in zip(picture.maps, frames, strict=True)]
    # One factor, so that what is larger in a map is larger in the picture.
    factor = min(fit.factor for fit in fits)
    for role, name, one, own, fit in zip(
        ("teacher", "student"), picture.names, picture.maps, frames, fits, strict=True
    ):
        _write_caption(lettering, role, name, own)
        draw_map(lettering, one, own, fit._replace(factor=factor))
    x, top = frame.left + half, frame.top
    lettering.page.plot(
        [x, x],
        [top, top + frame.height],
        color=lettering.ground.line,
        linewidth=0.75,
        linestyle="-",
        marker="",
        zorder=4,
    )


def _write_caption(lettering: Lettering, role: str, name: str, frame: Frame) -> None:
    y, left, room = frame.top - _CAPTION + 20, frame.left + MARGIN, frame.width - 2 * MARGIN
    lettering.write(left, y, role, 12, muted=True)
    if name != role:
        taken = lettering.measure(role, 12)[0] + 8
        lettering.write(left + taken, y, lettering.fit(name, room - taken, 12, bold=True), 12, bold=True)
