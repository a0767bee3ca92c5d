"""Warnings that point at the person's own line, not at one of ours."""

from __future__ import annotations

import sys
import warnings
from types import FrameType

from embedscope._errors import EmbedscopeWarning


def warn(message: str) -> None:
    """Warn at the first line of the stack that is outside the package.

    Parameters
    ----------
    message : str
        What went on with less than was asked for, and why.

    Examples
    --------
    >>> with warnings.catch_warnings(record=True, action="always") as caught:
    ...     warn("3 items were left out")
    >>> str(caught[0].message)
    '3 items were left out'
    """
    level = 1
    frame: FrameType | None = sys._getframe()  # noqa: SLF001 - inspect.stack() reads every source file
    while frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] == "embedscope":
        level, frame = level + 1, frame.f_back
    warnings.warn(message, EmbedscopeWarning, stacklevel=level)
