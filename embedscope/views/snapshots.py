"""Still pictures of maps, drawn by matplotlib off screen: the same colours, names, title and legend."""

from __future__ import annotations

import io
import warnings
from typing import Any

from embedscope.views.comparison_picture import ComparisonPicture, Picture
from embedscope.views.drawn_comparison import draw_comparison
from embedscope.views.drawn_map import HEADER, draw_header, draw_map
from embedscope.views.drawn_training import draw_training
from embedscope.views.legend import draw_legend
from embedscope.views.lettering import GROUNDS, Lettering
from embedscope.views.picture import MapPicture, PictureOptions
from embedscope.views.points import Frame
from embedscope.views.training_picture import TrainingPicture

_LEGEND = 220.0


def draw_png(picture: Picture, options: PictureOptions | None = None) -> bytes:
    """Draw a map, two that are compared, or a training run, as a PNG.

    Parameters
    ----------
    picture : MapPicture, ComparisonPicture or TrainingPicture
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


def draw_svg(picture: Picture, options: PictureOptions | None = None) -> str:
    """Draw a map, two that are compared, or a training run, as an SVG.

    Parameters
    ----------
    picture : MapPicture, ComparisonPicture or TrainingPicture
        What to show.
    options : PictureOptions, optional
        Size and ground.

    Returns
    -------
    str
        The file. Past 5,000 points the points are an image inside it; names and legend stay outlines.
    """
    return _render(picture, options or PictureOptions(), "svg").decode()


def _render(picture: Picture, options: PictureOptions, kind: str) -> bytes:
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
    file = io.BytesIO()
    # A name in a script that no installed font has is drawn as boxes; the widget shows it as it is.
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from font", UserWarning)
        if isinstance(picture, ComparisonPicture):
            draw_comparison(lettering, picture, options, _LEGEND)
        elif isinstance(picture, TrainingPicture):
            draw_training(lettering, picture, options, _LEGEND)
        else:
            _draw_one_map(lettering, picture, options)
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


def _draw_one_map(lettering: Lettering, picture: MapPicture, options: PictureOptions) -> None:
    legend = 0 if picture.coloring.kind == "none" else _LEGEND
    draw_header(lettering, picture.title, picture.facts, options.width)
    draw_map(lettering, picture, Frame(0, HEADER, options.width - legend, options.height - HEADER))
    draw_legend(lettering, picture.coloring, options.width - _LEGEND + 8, HEADER, options.height)


def _metadata(kind: str) -> dict[str, Any]:
    """Leave out date and version, so that equal pictures are equal files."""
    return {"Software": None} if kind == "png" else {"Date": None, "Creator": None}
