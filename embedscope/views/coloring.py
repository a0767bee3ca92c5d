"""What colour each item has and the legend that says why: for the widget and for pictures alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from jaxtyping import Float32, UInt8, UInt16

from embedscope.views.palette import MISSING, PALETTE, RAMP
from embedscope.views.wire import Wire, to_wire

_STEPS = 256

ColorKind: TypeAlias = Literal["category", "number", "none"]


@dataclass(frozen=True, eq=False)
class Coloring:
    """What colour each item has, and the legend that says why.

    Parameters
    ----------
    kind : {"category", "number", "none"}
        Codes with names, values with a ramp, or one colour for all.
    column : str
        Key of the choice.
    title : str
        Stands above the legend.
    codes : ndarray of uint16, shape (items,), optional
        Place of an item's category in ``names``.
    names, colors, counts : tuple
        One a category, commonest first; what is folded together and what is missing come last, in grey.
    values : ndarray of float32, shape (items,), optional
        Numbers, NaN where missing.
    range : tuple of float
        Values where the ramp begins and ends.
    range_labels : tuple of str
        The same as people read it.
    """

    kind: ColorKind
    column: str
    title: str
    codes: UInt16[np.ndarray, " items"] | None = None
    names: tuple[str, ...] = ()
    colors: tuple[str, ...] = ()
    counts: tuple[int, ...] = ()
    values: Float32[np.ndarray, " items"] | None = None
    range: tuple[float, float] = (0.0, 1.0)
    range_labels: tuple[str, str] = ("", "")

    def to_wire(self) -> Wire:
        """Give the widget's ``color`` trait.

        Returns
        -------
        dict
            JSON values and wire arrays: 2 bytes an item for a category, 4 for a number.
        """
        wire: Wire = {"kind": self.kind, "column": self.column, "title": self.title, "missing": MISSING}
        if self.codes is not None:
            wire |= {"codes": to_wire(self.codes), "names": list(self.names)}
            wire |= {"colors": list(self.colors), "counts": list(self.counts)}
        if self.values is not None:
            wire |= {"values": to_wire(self.values), "range": list(self.range)}
            wire |= {"range_labels": list(self.range_labels), "ramp": list(RAMP)}
        return wire

    def rgb(self, items: int) -> UInt8[np.ndarray, "items 3"]:
        """Give every item's colour, for pictures that are drawn in Python.

        Parameters
        ----------
        items : int
            How many there are.

        Returns
        -------
        ndarray of uint8, shape (items, 3)
            Red, green, blue.
        """
        if self.codes is not None:
            return np.asarray(_hex_to_rgb(self.colors or (MISSING,))[self.codes])
        if self.values is not None:
            return _ramp_rgb(self.values, self.range)
        return np.broadcast_to(_hex_to_rgb(PALETTE[:1]), (items, 3)).copy()


def no_coloring() -> Coloring:
    """One colour for all items.

    Returns
    -------
    Coloring
        Of kind ``"none"``.
    """
    return Coloring("none", "none", "one colour")


def _hex_to_rgb(colors: Sequence[str]) -> UInt8[np.ndarray, "colors 3"]:
    return np.array([list(bytes.fromhex(color[1:])) for color in colors], np.uint8)


def _ramp_rgb(
    values: Float32[np.ndarray, " items"], ends: tuple[float, float]
) -> UInt8[np.ndarray, "items 3"]:
    low, high = ends
    span = (high - low) or 1.0
    share = np.rint(np.clip((np.nan_to_num(values, nan=low) - low) / span, 0, 1) * _STEPS) / _STEPS
    at = share * (len(RAMP) - 1)
    stops = _hex_to_rgb(RAMP).astype(np.float64)
    channels = [np.interp(at, np.arange(len(RAMP)), stops[:, channel]) for channel in range(3)]
    rgb = np.asarray(np.rint(np.stack(channels, axis=1)), np.uint8)
    rgb[np.isnan(values)] = _hex_to_rgb((MISSING,))[0]
    return rgb
