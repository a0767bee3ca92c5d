"""What a picture of a map shows, before anything is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import numpy as np
from jaxtyping import Float32, UInt32

from embedscope._errors import InputError
from embedscope.views.coloring import Coloring
from embedscope.views.labels import MapLabel

PictureTheme: TypeAlias = Literal["light", "dark"]
Pixels: TypeAlias = float | int
"""A length on the page; 96 are an inch."""


@dataclass(frozen=True, eq=False)
class MapPicture:
    """A map as it is to be drawn.

    Parameters
    ----------
    coords : ndarray of float32, shape (items, 2)
        In [-1, 1].
    coloring : Coloring
        The points' colours and their legend.
    labels : tuple of MapLabel
        Cluster names, largest first.
    title, facts : str
        The two lines above.
    selected : ndarray of uint32, shape (selected,)
        Rows that stand out; the others fade. Where it is empty, none does.
    query : int, optional
        Row whose neighbours are asked for: it has a ring.
    """

    coords: Float32[np.ndarray, "items 2"]
    coloring: Coloring
    labels: tuple[MapLabel, ...] = ()
    title: str = ""
    facts: str = ""
    selected: UInt32[np.ndarray, " selected"] = field(default_factory=lambda: np.empty(0, np.uint32))
    query: int | None = None


def query_row(query: Mapping[str, Any], items: int) -> int | None:
    """Read the row out of the widget's ``query``.

    Parameters
    ----------
    query : mapping
        As it travels.
    items : int
        How many there are.

    Returns
    -------
    int or None
        None where the query is no item.

    Examples
    --------
    >>> query_row({"kind": "item", "row": 3}, 10), query_row({"kind": "text", "text": "a cat"}, 10)
    (3, None)
    """
    row = query.get("row") if query.get("kind") == "item" else None
    return row if isinstance(row, int) and 0 <= row < items else None


@dataclass(frozen=True)
class PictureOptions:
    """How large a picture is and on which ground.

    Parameters
    ----------
    width, height : int
        In pixels of the page.
    scale : float
        Pixels of the file for each pixel of the page; 2 looks sharp on dense screens.
    theme : {"light", "dark"}
        The ground.

    Raises
    ------
    InputError
        If a size cannot be drawn or the theme is neither.
    """

    width: int = 1000
    height: int = 640
    scale: float | int = 2.0
    theme: PictureTheme = "light"

    def __post_init__(self) -> None:
        if not (320 <= self.width <= 8000 and 240 <= self.height <= 8000 and 0.5 <= self.scale <= 8):
            raise InputError(
                f"A picture of {self.width} × {self.height} at scale {self.scale:g} cannot be drawn: "
                "width from 320, height from 240, both to 8000, scale from 0.5 to 8."
            )
        check_theme(self.theme)


def check_theme(theme: str) -> None:
    """Raise if pictures have no such ground.

    Parameters
    ----------
    theme : str
        What was typed.

    Raises
    ------
    InputError
        If it is neither ``"light"`` nor ``"dark"``.
    """
    if theme not in ("light", "dark"):
        raise InputError(f"A picture's theme is 'light' or 'dark'; got {theme!r}.")
