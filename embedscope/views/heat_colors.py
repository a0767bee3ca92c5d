"""The colours of a drawn heatmap: 0 is the ground itself, as in the widget."""

from __future__ import annotations

from functools import cache

import numpy as np
from jaxtyping import Float64, UInt8

from embedscope.comparison.diverging import OVER, UNDER
from embedscope.views.lettering import GROUNDS
from embedscope.views.picture import PictureTheme

# A number that thirds divide: the stops are among the colours.
_STEPS = 126


def heat_rgb(
    shares: Float64[np.ndarray, "rows columns"], theme: PictureTheme
) -> UInt8[np.ndarray, "rows columns 3"]:
    """Give each cell's colour.

    Parameters
    ----------
    shares : ndarray of float64, shape (rows, columns)
        From -1 to 1; NaN has a grey that no value has.
    theme : {"light", "dark"}
        The ground.

    Returns
    -------
    ndarray of uint8, shape (rows, columns, 3)
        Red, green and blue.

    Examples
    --------
    >>> heat_rgb(np.array([[0.0, 1.0]]), "light").tolist()
    [[[255, 255, 255], [138, 54, 4]]]
    """
    steps = np.rint(np.nan_to_num(shares).clip(-1, 1) * _STEPS).astype(int) + _STEPS
    colors: np.ndarray = _table(theme)[steps]
    colors[np.isnan(shares)] = _bytes_of(GROUNDS[theme].line)
    return colors


def heat_ramp(theme: PictureTheme, steps: int) -> list[str]:
    """Give the ramp's colours from -1 to 1.

    Parameters
    ----------
    theme : {"light", "dark"}
        The ground.
    steps : int
        How many.

    Returns
    -------
    list of str
        ``"#rrggbb"``.

    Examples
    --------
    >>> heat_ramp("dark", 3)
    ['#c3dfff', '#14161b', '#ffd6a6']
    """
    return ["#" + bytes(color).hex() for color in heat_rgb(np.linspace(-1, 1, steps)[None], theme)[0]]


@cache
def _table(theme: PictureTheme) -> UInt8[np.ndarray, "steps 3"]:
    stops = (*UNDER[theme][::-1], GROUNDS[theme].page, *OVER[theme])
    # Mixed as light is: half way between two colours it is neither muddy nor too dark.
    light = _linear(np.array([_bytes_of(stop) for stop in stops]) / 255)
    at = np.linspace(0, len(stops) - 1, 2 * _STEPS + 1)
    mixed = np.stack([np.interp(at, np.arange(len(stops)), channel) for channel in light.T], axis=1)
    table: np.ndarray = np.rint(_encoded(mixed) * 255).astype(np.uint8)
    return table


def _bytes_of(color: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(color[1:]))


def _linear(channel: Float64[np.ndarray, "*any"]) -> Float64[np.ndarray, "*any"]:
    lit: np.ndarray = np.where(channel <= 0.04045, channel / 12.92, ((channel + 0.055) / 1.055) ** 2.4)
    return lit


def _encoded(light: Float64[np.ndarray, "*any"]) -> Float64[np.ndarray, "*any"]:
    channel: np.ndarray = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return channel
