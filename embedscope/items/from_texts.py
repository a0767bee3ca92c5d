"""Texts become items."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from embedscope._errors import InputError
from embedscope.items.columns import as_columns
from embedscope.items.problems import Gathered, OnError, as_ids, settle


def gather_texts(
    texts: Iterable[Any], ids: Iterable[Any] | None, columns: Any, on_error: OnError
) -> Gathered:
    """Check texts and what came beside them.

    Parameters
    ----------
    texts : iterable
        Texts, and whatever else came where a text should be.
    ids : iterable, optional
        One a text.
    columns : mapping or data frame, optional
        One row a text.
    on_error : {"raise", "skip", "mark"}
        What happens to what is no text.

    Returns
    -------
    Gathered
        The parts of an `Items`.

    Raises
    ------
    InputError
        If a single text came, or ids or columns do not fit.

    Examples
    --------
    >>> gather_texts(["a", "b"], None, None, "raise").ids
    (0, 1)
    """
    if isinstance(texts, str | bytes):
        raise InputError("A list of texts was wanted; a single text came. Put it in a list: [text].")
    values = list(texts)
    reasons = {row: reason for row, value in enumerate(values) if (reason := reason_of_text(value))}
    payloads = [None if row in reasons else str(value) for row, value in enumerate(values)]
    return settle(
        payloads,
        reasons,
        as_ids(None if ids is None else list(ids), len(values)),
        as_columns(columns, len(values)),
        on_error,
    )


def reason_of_text(value: Any) -> str | None:
    """Say why a value cannot be embedded as a text.

    Parameters
    ----------
    value : object
        What came.

    Returns
    -------
    str or None
        The reason; None if it can.

    Examples
    --------
    >>> reason_of_text("  "), reason_of_text(None), reason_of_text("a")
    ('the text is empty', 'the text is missing', None)
    """
    if is_missing(value):
        return "the text is missing"
    if not isinstance(value, str):
        return f"a text was wanted and {type(value).__name__} came"
    return None if value and not value.isspace() else "the text is empty"


def is_missing(value: Any) -> bool:
    """Tell None, NaN and a frame library's own missing value.

    Parameters
    ----------
    value : object
        What came.

    Returns
    -------
    bool
        True if there is no value.

    Examples
    --------
    >>> is_missing(float("nan")), is_missing("")
    (True, False)
    """
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, float | np.floating) and bool(np.isnan(value))
