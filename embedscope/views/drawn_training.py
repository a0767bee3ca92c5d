"""A training run on a still picture: its curves one below the other, its net's map beside them."""

from __future__ import annotations

from embedscope.views.drawn_curves import draw_chart
from embedscope.views.drawn_map import HEADER, MARGIN, draw_header, draw_map
from embedscope.views.legend import draw_legend
from embedscope.views.lettering import Lettering
from embedscope.views.picture import PictureOptions, Pixels
from embedscope.views.points import Frame
from embedscope.views.training_picture import TrainingPicture

_STATE = 34.0
_CURVES = 0.44
_AIR = 12.0
_NOTHING = "No step was taken yet."


def draw_training(
    lettering: Lettering, picture: TrainingPicture, options: PictureOptions, legend: Pixels
) -> None:
    """Draw the curves and the map.

    Parameters
    ----------
    lettering : Lettering
        The page.
    picture : TrainingPicture
        What to show.
    options : PictureOptions
        Its size.
    legend : Pixels
        Width of the legend's column.
    """
    draw_header(lettering, picture.net.title, picture.net.facts, options.width)
    words = lettering.fit(picture.words, options.width - 2 * MARGIN, 12, bold=True)
    lettering.write(MARGIN, HEADER + 20, words, 12, bold=True)
    top = HEADER + _STATE
    has_map = len(picture.net.coords) > 0
    right = options.width * _CURVES if has_map else float(options.width)
    _draw_charts(lettering, picture, Frame(MARGIN, top, right - 2 * MARGIN, options.height - top))
    if has_map:
        column = 0 if picture.coloring.kind == "none" else legend
        width = options.width - column - right
        draw_map(lettering, picture.net, Frame(right, top, width, options.height - top))
        draw_legend(lettering, picture.coloring, options.width - legend + 8, top, options.height)


def _draw_charts(lettering: Lettering, picture: TrainingPicture, frame: Frame) -> None:
    charts = picture.charts
    if not charts:
        lettering.write(frame.left, frame.top + 24, _NOTHING, 12, muted=True)
        return
    last = max(chart.steps[-1] for chart in charts)
    each = (frame.height - _AIR) / len(charts)
    for place, chart in enumerate(charts):
        own = Frame(frame.left, frame.top + place * each, frame.width, each - _AIR)
        draw_chart(lettering, chart, own, (0, max(last, 1)), picture.best_step)
