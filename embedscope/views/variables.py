"""Which of a notebook's variables can be embedded, in a few words each."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import narwhals.stable.v1 as nw
import numpy as np

from embedscope._errors import InputError
from embedscope.items.columns import frame_to_arrow, is_frame
from embedscope.items.from_frame import gather_frame
from embedscope.items.from_images import SUFFIXES
from embedscope.items.from_parquet import TABLE_SUFFIXES
from embedscope.items.from_texts import is_missing
from embedscope.items.items import Items
from embedscope.items.payloads import Image, Modality
from embedscope.spaces.space import Space

# What IPython puts into the namespace by itself.
_IPYTHON = frozenset({"In", "Out", "exit", "quit", "open", "get_ipython"})
_LOOKED_AT = 100
_HEAD = 8
_LONGEST_PATH = 1000


@dataclass(frozen=True)
class Described:
    """What a variable holds.

    Parameters
    ----------
    about : str
        A few words.
    modality : {"text", "image"} or None
        None where that is known only once it is loaded.
    has_vectors : bool
        Whether it needs no encoder.
    """

    about: str
    modality: Modality | None
    has_vectors: bool = False


def list_variables(namespace: Mapping[str, Any]) -> dict[str, Described]:
    """Find the variables that `embedscope.load_items` takes, and spaces.

    Parameters
    ----------
    namespace : mapping of str to object
        The notebook's variables. Names with a leading underscore are private.

    Returns
    -------
    dict of str to Described
        By name, in alphabetical order.

    Examples
    --------
    >>> list_variables({"texts": ["a cat", "a dog"], "n": 3})
    {'texts': Described(about='list of 2 texts', modality='text', has_vectors=False)}
    """
    found = {}
    # A copy, at once: a cell may run while this looks.
    for name, value in sorted(dict(namespace).items()):
        if not name.startswith("_") and name not in _IPYTHON:
            described = describe(value)
            if described is not None:
                found[name] = described
    return found


def describe(value: object) -> Described | None:
    """Say what a value holds, if it can be embedded.

    Parameters
    ----------
    value : object
        Anything. At most its first rows are looked at.

    Returns
    -------
    Described or None
        None for what cannot be embedded.

    Examples
    --------
    >>> describe(Items.from_texts(["a cat"])).about
    'Items: 1 text'
    """
    if isinstance(value, Space):
        words = f"Space: {count(len(value), value.items.modality)}, {value.dims:,} dims"
        return Described(words, value.items.modality, has_vectors=True)
    if isinstance(value, Items):
        return Described(f"Items: {count(len(value), value.modality)}", value.modality)
    if isinstance(value, Path):
        return _path(value)
    if isinstance(value, type):
        return None
    if is_frame(value):
        return _frame(value)
    return _sequence(value)


def count(n: int, modality: Modality | None) -> str:
    """Write a number of items.

    Parameters
    ----------
    n : int
        How many.
    modality : {"text", "image"} or None
        What they are.

    Returns
    -------
    str
        For example ``"1,200 texts"``.

    Examples
    --------
    >>> count(1200, "text")
    '1,200 texts'
    """
    return f"{n:,} {modality or 'item'}{'' if n == 1 else 's'}"


def _path(path: Path) -> Described | None:
    place = path.expanduser()
    if place.is_dir():
        return Described(f"folder {path}", None)
    if place.is_file() and place.suffix.lower() in TABLE_SUFFIXES:
        return Described(f"file {path.name}", None)
    return None


def _frame(value: Any) -> Described | None:
    wrapped = nw.from_native(value)
    lazy = isinstance(wrapped, nw.LazyFrame)
    kind = f"{type(value).__module__.split('.')[0]} frame"
    size = "read when it runs" if lazy else _rows(len(wrapped))
    if not lazy and not len(wrapped):
        return None
    return Described(f"{kind}, {size}", _frame_modality(wrapped))


def _rows(n: int) -> str:
    return "1 row" if n == 1 else f"{n:,} rows"


def _frame_modality(wrapped: Any) -> Modality | None:
    """Guess from the first rows; where the column cannot be guessed, loading says what to type."""
    head = wrapped.head(_HEAD)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            table = frame_to_arrow(nw.to_native(head))
            return gather_frame(table, None, None, None, "mark")[1]
        except InputError:
            return None


def _sequence(value: Any) -> Described | None:
    if isinstance(value, list | tuple):
        kind = type(value).__name__
    elif isinstance(value, np.ndarray) and value.ndim == 1 and value.dtype.kind in "UO":
        kind = "array"
    elif isinstance(nw.from_native(value, series_only=True, pass_through=True), nw.Series):
        kind = "column"
    else:
        return None
    first = next((one for one in islice(value, _LOOKED_AT) if not is_missing(one)), None)
    modality = _modality_of(first)
    return None if modality is None else Described(f"{kind} of {count(len(value), modality)}", modality)


def _modality_of(value: object) -> Modality | None:
    if isinstance(value, str):
        return "image" if _is_image_file(value) else "text"
    if isinstance(value, Path):
        return "image" if _is_image_file(str(value)) else None
    is_picture = isinstance(value, Image) or type(value).__module__.startswith("PIL.")
    return "image" if is_picture else None


def _is_image_file(text: str) -> bool:
    short = len(text) < _LONGEST_PATH and "\n" not in text
    return short and Path(text).suffix.lower() in SUFFIXES and Path(text).is_file()
