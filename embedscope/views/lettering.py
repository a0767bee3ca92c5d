"""Letters and lines on a still picture, in pixels of the page, whatever matplotlib's settings are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from embedscope.views.picture import Pixels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Text

_POINTS_A_PIXEL = 0.75
_FAMILIES = ("DejaVu Sans", "Noto Sans", "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans Arabic")


@dataclass(frozen=True)
class Ground:
    """The colours that are not data.

    Parameters
    ----------
    page, ink, muted, line : str
        Of the ground, of what is read first, of what is read second, of hairlines.
    """

    page: str
    ink: str
    muted: str
    line: str


GROUNDS = {
    "light": Ground("#ffffff", "#1b1f27", "#565d6b", "#e3e5ea"),
    "dark": Ground("#14161b", "#e7e9ee", "#a0a7b5", "#32353c"),
}


@cache
def _families() -> tuple[str, ...]:
    """Find the families that are installed: matplotlib complains of any other one at each letter."""
    from matplotlib.font_manager import fontManager

    known = set(fontManager.get_font_names())
    return tuple(family for family in _FAMILIES if family in known) or ("sans-serif",)


class Lettering:
    """Writes on a page whose axes count pixels from the upper left.

    Parameters
    ----------
    page : matplotlib.axes.Axes
        Covers the whole figure.
    ground : Ground
        Colours.
    scale : float
        Pixels of the file for each pixel of the page.
    """

    def __init__(self, page: Axes, ground: Ground, scale: Pixels) -> None:
        self.page = page
        self.ground = ground
        self._scale = scale

    def write(self, x: Pixels, y: Pixels, text: str, size: Pixels, **style: Any) -> Text:
        """Write a line whose small letters, or lines whose block, have their middle at ``y``.

        Parameters
        ----------
        x, y : Pixels
            Pixels.
        text : str
            Set as it is: no markup is read in it.
        size : float
            Height of the letters, in pixels.
        **style
            ``bold``, ``muted``, ``align`` ("left", "center" or "right").

        Returns
        -------
        matplotlib.text.Text
            What was written.
        """
        single = "\n" not in text
        return self.page.text(
            x,
            y + 0.36 * size * single,
            text,
            fontsize=size * _POINTS_A_PIXEL,
            fontfamily=list(_families()),
            fontweight="bold" if style.get("bold") else "normal",
            fontstyle="normal",
            color=self.ground.muted if style.get("muted") else self.ground.ink,
            ha=style.get("align", "left"),
            va="baseline" if single else "center",
            linespacing=1.15,
            parse_math=False,
            usetex=False,
            zorder=5,
        )

    def halo(self, x: Pixels, y: Pixels, text: str, size: Pixels) -> None:
        """Write a bold name with a rim of the ground around it, centred on a point.

        Parameters
        ----------
        x, y : Pixels
            Pixels.
        text : str
            One or two lines.
        size : float
            Height of the letters, in pixels.
        """
        from matplotlib.patheffects import withStroke

        written = self.write(x, y, text, size, bold=True, align="center")
        written.set_path_effects([withStroke(linewidth=3.2, foreground=self.ground.page, alpha=0.88)])

    def rule(self, y: Pixels, width: Pixels) -> None:
        """Draw a hairline across the page.

        Parameters
        ----------
        y, width : Pixels
            Its height and how far it goes, in pixels.
        """
        self.page.plot(
            [0, width], [y, y], color=self.ground.line, linewidth=0.75, linestyle="-", marker="", zorder=4
        )

    def measure(self, text: str, size: Pixels, *, bold: bool = False) -> tuple[float, float]:
        """Measure a text as it would be written.

        Parameters
        ----------
        text : str
            One or more lines.
        size : float
            Height of the letters, in pixels.
        bold : bool
            Whether in bold.

        Returns
        -------
        width, height : Pixels
            In pixels of the page.
        """
        written = self.write(0, 0, text, size, bold=bold)
        extent = written.get_window_extent()
        written.remove()
        return float(extent.width / self._scale), float(extent.height / self._scale)

    def fit(self, text: str, width: Pixels, size: Pixels, *, bold: bool = False) -> str:
        """Cut a line to the room there is.

        Parameters
        ----------
        text : str
            One line.
        width : float
            Room, in pixels.
        size : float
            Height of the letters, in pixels.
        bold : bool
            Whether in bold.

        Returns
        -------
        str
            The text, or its beginning and an ellipsis.
        """
        line = " ".join(text[:1000].split())
        if not line or self.measure(line, size, bold=bold)[0] <= width:
            return line
        fits, breaks = 0, len(line)
        while breaks - fits > 1:
            middle = (fits + breaks) // 2
            if self.measure(line[:middle].rstrip() + "…", size, bold=bold)[0] <= width:
                fits = middle
            else:
                breaks = middle
        return line[:fits].rstrip() + "…"
