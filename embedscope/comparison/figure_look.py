"""The look that all figures of results share, and names that plotly shows as they are."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from embedscope.comparison.diverging import OVER, UNDER

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

TEACHER, STUDENT = "#3257d6", "#b45309"
INK, MUTED, LINE, GROUND = "#1b1f27", "#565d6b", "#e3e5ea", "#ffffff"
_FAINT = "#f7f7f8"
FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
_LONGEST = 40
_WRITTEN_FROM_RIGHT = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"


def rising_scale() -> list[list[Any]]:
    """Give plotly's colour scale from 0 up.

    Returns
    -------
    list of list
        Place from 0 to 1, and colour.

    Examples
    --------
    >>> rising_scale()[0]
    [0.0, '#f7f7f8']
    """
    colors = (_FAINT, *OVER["light"])
    return [[place / (len(colors) - 1), color] for place, color in enumerate(colors)]


def diverging_scale() -> list[list[Any]]:
    """Give plotly's colour scale about 0, by the square root as `color_shares` has it.

    Returns
    -------
    list of list
        Place from 0 to 1, and colour; 0.5 is the value 0.

    Examples
    --------
    >>> [place for place, _ in diverging_scale()][::3]
    [0.0, 0.5, 1.0]
    """
    colors = (*UNDER["light"][::-1], _FAINT, *OVER["light"])
    shares = [step / 3 for step in range(-3, 4)]
    return [[0.5 + share * abs(share) / 2, color] for share, color in zip(shares, colors, strict=True)]


def plain(text: str, longest: int = _LONGEST) -> str:
    """Write a name so that plotly shows it as text: no tags, no formulas, no characters that turn the line.

    Parameters
    ----------
    text : str
        Whatever the data hold.
    longest : int
        Characters that are kept.

    Returns
    -------
    str
        With entities for what plotly would read; cut with an ellipsis.

    Examples
    --------
    >>> plain("<b>x</b> & $y$")
    '&lt;b&gt;x&lt;/b&gt; &amp; &#36;y&#36;'
    """
    head = text[: 8 * longest]
    kept = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in head)
    line = " ".join(kept.translate(dict.fromkeys(map(ord, _WRITTEN_FROM_RIGHT))).split())
    short = line if len(line) <= longest and len(head) == len(text) else line[: longest - 1].rstrip() + "…"
    return html.escape(short, quote=False).replace("$", "&#36;") or "(no name)"


def plain_names(names: Sequence[str]) -> list[str]:
    """Write names as `plain` does, and keep apart those that become equal when they are cut.

    Parameters
    ----------
    names : sequence of str
        Of an axis.

    Returns
    -------
    list of str
        As many, all different: plotly would put equal ones in one place.

    Examples
    --------
    >>> plain_names(["a", "b", "a "])
    ['a', 'b', 'a (2)']
    """
    taken: set[str] = set()
    found = []
    for name in map(plain, names):
        number, free = 1, name
        while free in taken:
            number += 1
            free = f"{name} ({number})"
        taken.add(free)
        found.append(free)
    return found


def label_room(names: Sequence[str]) -> int:
    """Estimate the pixels that the longest name takes.

    Parameters
    ----------
    names : sequence of str
        Of an axis, as `plain_names` gives them.

    Returns
    -------
    int
        Without the axis' own title.

    Examples
    --------
    >>> label_room(["&lt;b&gt;"]) == label_room(["abc"])
    True
    """
    return 16 + 7 * max((len(html.unescape(name)) for name in names), default=0)


def styled(figure: Figure, title: str, facts: str, **layout: Any) -> Figure:
    """Give a figure the common look.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure
        With its traces.
    title, facts : str
        The two lines above, with what came from data made `plain`.
    **layout
        Of the figure's own: sizes, axes.

    Returns
    -------
    plotly.graph_objects.Figure
        The same figure.
    """
    figure.update_layout(
        template="none",
        title={
            "text": title,
            "subtitle": {"text": facts, "font": {"size": 12, "color": MUTED}},
            "font": {"size": 15},
            "x": 0,
            "xref": "container",
            "xanchor": "left",
            "y": 1,
            "yanchor": "top",
            "yref": "container",
            "pad": {"l": 16, "t": 20},
        },
        font={"family": FONT, "size": 12, "color": INK},
        paper_bgcolor=GROUND,
        plot_bgcolor=GROUND,
        margin={"l": 16, "r": 24, "t": 84, "b": 16},
        legend={"orientation": "h", "x": 1, "xanchor": "right", "y": 1, "yanchor": "bottom"},
        hoverlabel={"bgcolor": GROUND, "bordercolor": LINE, "font": {"family": FONT, "color": INK}},
    )
    axis = {
        "automargin": True,
        "gridcolor": LINE,
        "linecolor": LINE,
        "zeroline": False,
        "tickfont": {"color": MUTED},
        "title": {"standoff": 10},
    }
    figure.update_xaxes(**axis).update_yaxes(**axis)
    return figure.update_layout(**layout)
