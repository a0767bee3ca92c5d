"""Items: what is embedded, with unique ids and columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pyarrow as pa
from jaxtyping import Bool, Int

from embedscope._errors import InputError, MissingError, unknown_name
from embedscope.items.payloads import Modality, Payload

ItemId = str | int


@dataclass(frozen=True)
class Problem:
    """An item that cannot be used, and why.

    Parameters
    ----------
    id : str or int
        The item's id.
    reason : str
        One sentence.
    row : int
        Its place in the input, from 0.
    """

    id: ItemId
    reason: str
    row: int


@dataclass(frozen=True, eq=False)
class Items:
    """Ordered items: unique ids, a payload each (all texts or all images), and columns.

    Make them with ``from_texts``, ``from_images``, ``from_frame``, ``from_parquet`` or
    ``from_huggingface``, or by name with `embedscope.load_items`.

    Parameters
    ----------
    ids : sequence of str or of int
        Unique; kept as they come.
    payloads : sequence of str or Image
        One an item. An item that is marked as a problem may have none (``None``).
    modality : {"text", "image"}
        What the payloads are.
    columns : pyarrow.Table
        One row an item: labels and whatever else is known.
    problems : tuple of Problem
        What was left out or marked, with the reason.
    name : str
        Where they came from, for titles.
    """

    ids: tuple[ItemId, ...]
    payloads: Sequence[Payload | None]
    modality: Modality
    columns: pa.Table
    problems: tuple[Problem, ...] = ()
    name: str = "items"
    _hashes: dict[int, bytes] = field(default_factory=dict, repr=False, compare=False)
