"""The legend of a still picture: categories with their counts, or a ramp with its ends."""

from __future__ import annotations

from embedscope.views.coloring import Coloring
from embedscope.views.lettering import Lettering
from embedscope.views.palette import RAMP
from embedscope.views.picture import Pixels

_ROW, _WIDTH, _TEXT = 21.0, 196.0, 12.0


def draw_legend(lettering: Lettering, coloring: Coloring, left: Pixels, top: Pixels, bottom: Pixels) -> None:
    """Draw what the colours mean, in a column.

    Parameters
    ----------
    lettering : Lettering
        The page.
    coloring : Coloring
        The colours; of kind "none" there is nothing to say.
    left, top, bottom : Pixels
        Of the column, in pixels.
    """
    if coloring.kind == "none":
        return
    title = lettering.fit(coloring.title, _WIDTH, _TEXT, bold=True)
    lettering.write(left, top + 24, title, _TEXT, bold=True)
    if coloring.kind == "number":
        _draw_ramp(lettering, coloring, left, top + 44)
    else:
        _draw_categories(lettering, coloring, left, top + 50, bottom - 12)


def _draw_categories(
    lettering: Lettering, coloring: Coloring, left: Pixels, top: Pixels, bottom: Pixels
) -> None:
    rows = max(int((bottom - top) // _ROW), 1)
    shown = len(coloring.names) if len(coloring.names) <= rows else rows - 1
    entries = list(zip(coloring.names, coloring.colors, coloring.counts, strict=True))[:shown]
    for place, (name, color, count) in enumerate(entries):
        y, number = top + place * _ROW, f"{count:,}"
        lettering.page.scatter([left + 5], [y], s=(9 * 0.75) ** 2, c=[color], linewidths=0, zorder=5)
        taken = lettering.measure(number, _TEXT)[0]
        lettering.write(left + 18, y, lettering.fit(name, _WIDTH - 26 - taken, _TEXT), _TEXT)
        lettering.write(left + _WIDTH, y, number, _TEXT, muted=True, align="right")
    if shown < len(coloring.names):
        rest = f"and {len(coloring.names) - shown:,} more"
        lettering.write(left + 18, top + shown * _ROW, rest, _TEXT, muted=True)


def _draw_ramp(lettering: Lettering, coloring: Coloring, left: Pixels, top: Pixels) -> None:
    from matplotlib.colors import LinearSegmentedColormap

    colormap = LinearSegmentedColormap.from_list("embedscope", list(RAMP))
    lettering.page.imshow(
        [[step / 255 for step in range(256)]],
        cmap=colormap,
        extent=(left, left + _WIDTH, top + 10, top),
        aspect="auto",
        origin="upper",
        interpolation="bilinear",
        zorder=5,
    )
    # imshow fits the axes to the image; the page keeps counting pixels.
    lettering.page.set_autoscale_on(False)
    lettering.write(left, top + 24, coloring.range_labels[0], _TEXT, muted=True)
    lettering.write(left + _WIDTH, top + 24, coloring.range_labels[1], _TEXT, muted=True, align="right")
