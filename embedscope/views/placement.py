"""Where names go on a still picture: largest first, none over another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from embedscope.views.picture import Pixels

_GAP_X, _GAP_Y = 8.0, 4.0


@dataclass(frozen=True)
class Box:
    """An upright rectangle around a point, in pixels.

    Parameters
    ----------
    x, y : Pixels
        Its centre.
    width, height : Pixels
        Its sides.
    """

    x: Pixels
    y: Pixels
    width: Pixels
    height: Pixels

    def apart(self, other: Box) -> bool:
        """Whether two boxes leave the gap between them that reading needs.

        Parameters
        ----------
        other : Box
            The other one.

        Returns
        -------
        bool
            False where they touch.
        """
        return (
            abs(self.x - other.x) >= (self.width + other.width) / 2 + _GAP_X
            or abs(self.y - other.y) >= (self.height + other.height) / 2 + _GAP_Y
        )

    def inside(self, width: Pixels, height: Pixels) -> bool:
        """Whether it lies within a picture of some size.

        Parameters
        ----------
        width, height : Pixels
            The picture's.

        Returns
        -------
        bool
            False where it would be cut.
        """
        half_x, half_y = self.width / 2, self.height / 2
        return half_x <= self.x <= width - half_x and half_y <= self.y <= height - half_y


def place_boxes(
    wanted: Sequence[Box], width: Pixels, height: Pixels, most: int = 40
) -> list[tuple[Pixels, Pixels] | None]:
    """Place boxes in the order given: on their point, or above, below, right or left of it.

    Parameters
    ----------
    wanted : sequence of Box
        Each on the point that it names; the first is the most important.
    width, height : Pixels
        Of the picture, in pixels.
    most : int
        How many are placed at most.

    Returns
    -------
    list of (float, float) or None
        Centres; None where there was no room.

    Notes
    -----
    Greedy, as in the widget; cost O(boxes × placed).

    Examples
    --------
    >>> place_boxes([Box(50, 50, 40, 10), Box(50, 52, 40, 10)], 100, 100, most=1)
    [(50, 50), None]
    """
    taken: list[Box] = []
    places: list[tuple[Pixels, Pixels] | None] = []
    for box in wanted:
        found = _find_room(box, taken, width, height) if len(taken) < most else None
        if found is not None:
            taken.append(found)
        places.append(None if found is None else (found.x, found.y))
    return places


def _find_room(box: Box, taken: Sequence[Box], width: Pixels, height: Pixels) -> Box | None:
    down, right = box.height * 0.8, box.width * 0.55
    steps = ((0, 0), (0, -down), (0, down), (right, 0), (-right, 0), (0, -2 * down), (0, 2 * down))
    for dx, dy in steps:
        moved = Box(box.x + dx, box.y + dy, box.width, box.height)
        if moved.inside(width, height) and all(moved.apart(other) for other in taken):
            return moved
    return None


def wrap_name(name: str, width: int = 22) -> str:
    r"""Set a name on at most two lines.

    Parameters
    ----------
    name : str
        The name.
    width : int
        Characters a line.

    Returns
    -------
    str
        One or two lines; what is too long ends in an ellipsis.

    Examples
    --------
    >>> wrap_name("space shuttle orbit launch")
    'space shuttle\norbit launch'
    """
    line = " ".join(name.split())
    if len(line) <= width:
        return line
    spaces = [place for place in range(1, width + 1) if line[place] == " "]
    middle = min((len(line) + 1) // 2, width)
    cut = min(spaces, key=lambda place: abs(place - middle)) if spaces else middle
    return "\n".join(_shorten(part.strip(), width) for part in (line[:cut], line[cut:]))


def _shorten(line: str, width: int) -> str:
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"
