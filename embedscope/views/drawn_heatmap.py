"""A heatmap in a part of a still picture: its cells, the number they add up to, the largest in words."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float64

from embedscope.comparison.divergence import Divergence
from embedscope.comparison.diverging import color_limit, color_shares
from embedscope.views.heat_colors import heat_rgb
from embedscope.views.lettering import Lettering
from embedscope.views.picture import PictureTheme, Pixels
from embedscope.views.points import Frame

_LABELS, _GAP, _TEXT = 176.0, 28.0, 12.0
_LEAST_ROW = 11.0
_LARGEST = 5
_LINE = 21.0
_RAMP, _LIST, _WIDEST = 220.0, 148.0, 420.0


def draw_heatmap(lettering: Lettering, found: Divergence, frame: Frame, theme: PictureTheme) -> None:
    """Draw the contributions of groups × groups.

    Parameters
    ----------
    lettering : Lettering
        The page.
    found : Divergence
        What was measured.
    frame : Frame
        Where; the cells are as large as its height allows.
    theme : {"light", "dark"}
        The ground.
    """
    order = found.heatmap.order
    cells = found.layer("contribution")[np.ix_(order, order)]
    names = [found.groups.names[code] for code in order]
    limit = color_limit(cells)
    side = min(frame.height, frame.width * 0.4)
    square = Frame(frame.left + _LABELS, frame.top, side, side)
    _paint(lettering, heat_rgb(color_shares(cells, limit), theme), square)
    _write_names(lettering, names, square)
    left = square.left + side + _GAP
    _write_words(lettering, found, limit, (left, frame.top, frame.left + frame.width - left), theme)
    # The list ends where the cells do.
    room = int((side - _LIST) // _LINE)
    width = min(frame.left + frame.width - left, _WIDEST)
    _write_largest(lettering, cells, names, (left, frame.top + _LIST, width), room)


def _paint(lettering: Lettering, colors: np.ndarray, square: Frame) -> None:
    left, top, width, height = square
    lettering.page.imshow(
        colors,
        extent=(left, left + width, top + height, top),
        aspect="auto",
        origin="upper",
        interpolation="nearest",
        zorder=3,
    )
    # imshow fits the axes to the image; the page keeps counting pixels.
    lettering.page.set_autoscale_on(False)
    xs = [left, left + width, left + width, left, left]
    ys = [top, top, top + height, top + height, top]
    lettering.page.plot(
        xs, ys, color=lettering.ground.line, linewidth=0.75, linestyle="-", marker="", zorder=4
    )


def _write_names(lettering: Lettering, names: list[str], square: Frame) -> None:
    """Name the rows where they are tall enough, else say how many there are."""
    row = square.height / len(names)
    right = square.left - 8
    if row < _LEAST_ROW:
        said = f"{len(names):,} groups"
        lettering.write(right, square.top + square.height / 2, said, _TEXT, muted=True, align="right")
        return
    size = min(_TEXT, row * 0.8)
    for place, name in enumerate(names):
        short = lettering.fit(name, _LABELS - 16, size)
        lettering.write(right, square.top + (place + 0.5) * row, short, size, align="right")


def _write_words(
    lettering: Lettering,
    found: Divergence,
    limit: float,
    place: tuple[Pixels, Pixels, Pixels],
    theme: PictureTheme,
) -> None:
    left, top, room = place
    by = f"Rows: anchors, columns: items in the same order, by {found.groups.by}"
    between, within = found.between.mean(), found.within.mean()
    effective = (np.median(side) for side in (found.teacher_effective, found.student_effective))
    lines = (
        f"{between:.3g} between groups, {within:.3g} within · {found.sampling!r}",
        "Effective neighbours: teacher {:.3g}, student {:.3g}".format(*effective),
    )
    lettering.write(left, top + 8, lettering.fit(by, room, _TEXT), _TEXT, muted=True)
    number = f"{found.mean_kl:.3g} nats"
    lettering.write(left, top + 34, number, 20, bold=True)
    lettering.write(
        left + lettering.measure(number, 20, bold=True)[0] + 10,
        top + 36,
        "KL(teacher‖student)",
        _TEXT,
        muted=True,
    )
    for step, line in enumerate(lines):
        lettering.write(left, top + 62 + 20 * step, lettering.fit(line, room, _TEXT), _TEXT)
    width = min(_RAMP, room)
    _paint(lettering, heat_rgb(np.linspace(-1, 1, 129)[None], theme), Frame(left, top + 102, width, 8))
    for share, align in ((-1, "left"), (0, "center"), (1, "right")):
        x = left + (share + 1) / 2 * width
        lettering.write(x, top + 122, _signed(share * limit), 11, muted=True, align=align)


def _write_largest(
    lettering: Lettering,
    cells: Float64[np.ndarray, "groups groups"],
    names: list[str],
    place: tuple[Pixels, Pixels, Pixels],
    room: int,
) -> None:
    left, top, width = place
    shown = min(_LARGEST, room, cells.size)
    if shown < 1:
        return
    half = (width - 64) / 2
    middle, right = left + half + 8, left + width
    for x, said, align in (
        (left, "Largest: anchors of", "left"),
        (middle, "items of", "left"),
        (right, "nats", "right"),
    ):
        lettering.write(x, top, said, _TEXT, muted=True, align=align)
    sizes = np.nan_to_num(np.abs(cells))
    for step, cell in enumerate(np.argsort(-sizes, axis=None, kind="stable")[:shown].tolist()):
        row, column = divmod(cell, len(names))
        y = top + (step + 1) * _LINE
        lettering.write(left, y, lettering.fit(names[row], half, _TEXT), _TEXT)
        lettering.write(middle, y, lettering.fit(names[column], half, _TEXT), _TEXT)
        lettering.write(right, y, _signed(float(cells[row, column]), 3), _TEXT, align="right")


def _signed(value: float, digits: int = 2) -> str:
    return f"{value:.{digits}g}".replace("-", "\N{MINUS SIGN}")
