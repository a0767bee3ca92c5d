"""Where names go on a still picture: largest first, none over another."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

_GAP_X, _GAP_Y = 8.0, 4.0


@dataclass(frozen=True)
class Box:
    """An upright rectangle around a point, in pixels.

    Parameters
    ----------
    x, y : float
        Its centre.
    width, height : float
        Its sides.
    """

    x: float
    y: float
    width: float
    height: float

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

    def inside(self, width: float, height: float) -> bool:
        """Whether it lies within a picture of some size.

        Parameters
        ----------
        width, height : float
            The picture's.

        Returns
        -------
        bool
            False where it would be cut.
        """
        half_x, half_y = self.width / 2, self.height / 2
        return half_x <= self.x <= width - half_x and half_y <= self.y <= height - half_y


def place_boxes(
    wanted: Sequence[Box], width: float, height: float, most: int = 40
) -> list[tuple[float, float] | None]:
    """Place boxes in the order given: on their point, or above, below, right or left of it.

    Parameters
    ----------
    wanted : sequence of Box
        Each on the point that it names; the first is the most important.
    width, height : float
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
    places: list[tuple[float, float] | None] = []
    for box in wanted:
        found = _find_room(box, taken, width, height) if len(taken) < most else None
        if found is not None:
            taken.append(found)
        places.append(None if found is None else (found.x, found.y))
    return places


def _find_room(box: Box, taken: Sequence[Box], width: float, height: float) -> Box | None:
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
    for room in range(min(len(name) // 2, width), width + 1):
        lines = textwrap.wrap(name, max(room, 1))
        if len(lines) <= 2 and all(len(line) <= width for line in lines):
            return "\n".join(lines)
    return "\n".join(textwrap.wrap(name, width, max_lines=2, placeholder="…"))
