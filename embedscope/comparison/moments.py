"""First and second moments of two spaces, in one pass over their vectors and in float64."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import torch
from jaxtyping import Float32, Float64

from embedscope._device import pick_device

_ROWS = 4096


@dataclass(eq=False)
class Moments:
    """Sums over the rows x of X and y of Y, with a = |x|² and b = |y|².

    X and Y are moved by a constant first, which changes none of the measures and keeps digits.

    Parameters
    ----------
    n : int
        Rows.
    xx, xy, yy : Tensor of float64
        XᵀX, XᵀY and YᵀY.
    x, y : Tensor of float64
        Sums of the rows.
    xa, xb, ya, yb : Tensor of float64
        Sums of rows times a or b.
    aa, ab, bb : Tensor of float64
        Sums of products of squared lengths.
    a, b : Tensor of float64
        Sums of squared lengths.
    """

    n: int
    xx: Float64[torch.Tensor, "dx dx"]
    xy: Float64[torch.Tensor, "dx dy"]
    yy: Float64[torch.Tensor, "dy dy"]
    x: Float64[torch.Tensor, " dx"]
    y: Float64[torch.Tensor, " dy"]
    xa: Float64[torch.Tensor, " dx"]
    xb: Float64[torch.Tensor, " dx"]
    ya: Float64[torch.Tensor, " dy"]
    yb: Float64[torch.Tensor, " dy"]
    aa: Float64[torch.Tensor, ""]
    ab: Float64[torch.Tensor, ""]
    bb: Float64[torch.Tensor, ""]
    a: Float64[torch.Tensor, ""]
    b: Float64[torch.Tensor, ""]

    def add(self, x: Float64[torch.Tensor, "rows dx"], y: Float64[torch.Tensor, "rows dy"]) -> None:
        """Add some rows.

        Parameters
        ----------
        x, y : Tensor of float64, shape (rows, dims)
            Rows of the same items.
        """
        a, b = (x * x).sum(dim=1), (y * y).sum(dim=1)
        self.n += len(x)
        added = {
            "xx": x.T @ x, "xy": x.T @ y, "yy": y.T @ y, "x": x.sum(dim=0), "y": y.sum(dim=0),
            "xa": a @ x, "xb": b @ x, "ya": a @ y, "yb": b @ y,
            "aa": a @ a, "ab": a @ b, "bb": b @ b, "a": a.sum(), "b": b.sum(),
        }  # fmt: skip
        for name, value in added.items():
            getattr(self, name).add_(value)

    @classmethod
    def of(
        cls,
        x: Float32[np.ndarray, "items dx"],
        y: Float32[np.ndarray, "items dy"],
        *,
        device: str | None = None,
    ) -> Moments:
        """Go through two spaces once.

        Parameters
        ----------
        x, y : ndarray of float32, shape (items, dims)
            The same items, row by row.
        device : str, optional
            What computes; CUDA where there is one. MPS has no float64 and is left out.

        Returns
        -------
        Moments
            Of all rows.

        Notes
        -----
        Time O(items · (dx + dy)²), memory O((dx + dy)²) beside the vectors.
        """
        where = pick_device(device)
        if where.type == "mps":
            where = torch.device("cpu")
        zeros = _zeros(x.shape[1], y.shape[1], where)
        shift_x, shift_y = (
            torch.from_numpy(side[:_ROWS].mean(axis=0, dtype=np.float64)).to(where) for side in (x, y)
        )
        for start in range(0, len(x), _ROWS):
            zeros.add(
                _rows(x[start : start + _ROWS], where) - shift_x,
                _rows(y[start : start + _ROWS], where) - shift_y,
            )
        return zeros


def _zeros(dx: int, dy: int, device: torch.device) -> Moments:
    shapes = {"x": (dx,), "y": (dy,)}
    made = {}
    for field in fields(Moments)[1:]:
        # A name's letters x and y are its dims, in order; a and b are numbers.
        shape = sum((shapes[letter] for letter in field.name if letter in shapes), ())
        made[field.name] = torch.zeros(shape, dtype=torch.float64, device=device)
    return Moments(0, **made)


def _rows(rows: Float32[np.ndarray, "rows dims"], device: torch.device) -> Float64[torch.Tensor, "rows dims"]:
    return torch.from_numpy(rows.astype(np.float64)).to(device)
