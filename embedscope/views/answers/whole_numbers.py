"""Whole numbers of a request, checked."""

from __future__ import annotations

from embedscope._errors import InputError
from embedscope.views.channel import Request


def whole_number(request: Request, name: str, below: int) -> int:
    """Read a whole number from 0 to below a bound.

    Parameters
    ----------
    request : Request
        The request.
    name : str
        The number's key.
    below : int
        It must be less than this.

    Returns
    -------
    int
        The number.

    Raises
    ------
    InputError
        If it is no such number.

    Examples
    --------
    >>> whole_number(Request("cell", {"row": 2}), "row", 3)
    2
    """
    value = request.content.get(name)
    if type(value) is not int or not 0 <= value < below:
        raise InputError(f"{name}={value!r}: wanted a whole number from 0 to {below - 1:,}.")
    return value


def whole_number_or_none(request: Request, name: str, below: int) -> int | None:
    """Read a whole number, or nothing.

    Parameters
    ----------
    request : Request
        The request.
    name : str
        The number's key.
    below : int
        It must be less than this.

    Returns
    -------
    int or None
        None where null or nothing came.

    Raises
    ------
    InputError
        If something else came.

    Examples
    --------
    >>> whole_number_or_none(Request("pairs", {"teacher": None}), "teacher", 3) is None
    True
    """
    return None if request.content.get(name) is None else whole_number(request, name, below)
