"""Items as an Arrow table with their payloads, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, TypeAlias

import pyarrow as pa

from embedscope._errors import InputError
from embedscope.items.items import Items
from embedscope.items.payloads import Image, Modality, Payload
from embedscope.items.problems import ItemId, Problem

# How the images of a saved space are kept: by the path they have, or with their content.
Keep: TypeAlias = Literal["path", "bytes"]

# A colon keeps these apart from the columns that people have.
ID, TEXT, PATH, DATA = "embedscope:id", "embedscope:text", "embedscope:path", "embedscope:data"


def items_to_table(items: Items, images: Keep = "path") -> pa.Table:
    """Put ids, payloads and columns into one table.

    Parameters
    ----------
    items : Items
        What is kept.
    images : {"path", "bytes"}
        Whether an image that has a path is kept by it or with its content; one without a path has its content
        kept always.

    Returns
    -------
    pyarrow.Table
        One row an item.

    Raises
    ------
    InputError
        If a column has one of the table's own names.

    Examples
    --------
    >>> items_to_table(Items.from_texts(["a cat"], columns={"n": [1]})).column_names
    ['embedscope:id', 'embedscope:text', 'n']
    """
    own = {ID: pa.array(items.ids), **payload_arrays(items, images)}
    taken = [name for name in items.columns.column_names if name in own]
    if taken:
        raise InputError(f"The column {taken[0]!r} has a name that a saved space needs: rename it.")
    columns = {name: items.columns.column(name) for name in items.columns.column_names}
    return pa.table({**own, **columns})


def payload_arrays(items: Items, images: Keep) -> dict[str, pa.Array]:
    """Give the payloads as one or two Arrow columns.

    Parameters
    ----------
    items : Items
        What is kept.
    images : {"path", "bytes"}
        See `items_to_table`.

    Returns
    -------
    dict of str to pyarrow.Array
        Texts; or paths and contents, each missing where the other one is there.

    Examples
    --------
    >>> list(payload_arrays(Items.from_texts(["a"]), "path"))
    ['embedscope:text']
    """
    if items.modality == "text":
        return {TEXT: pa.array([_text(payload) for payload in items.payloads], pa.large_string())}
    pairs = [_path_or_data(payload, images) for payload in items.payloads]
    return {
        PATH: pa.array([path for path, _ in pairs], pa.string()),
        DATA: pa.array([data for _, data in pairs], pa.large_binary()),
    }


def _text(payload: Payload | None) -> str | None:
    # A lone surrogate has no UTF-8 form: it becomes a question mark in the copy, as it does when printed.
    return None if payload is None else str(payload).encode("utf-8", "replace").decode()


def _path_or_data(payload: Payload | None, images: Keep) -> tuple[str | None, bytes | None]:
    if not isinstance(payload, Image):
        return None, None
    if images == "path" and payload.path is not None:
        return str(payload.path.absolute()), None
    return None, payload.read()


def items_from_table(
    table: pa.Table, modality: Modality, name: str, problems: tuple[Problem, ...] = ()
) -> Items:
    """Make items of the table that `items_to_table` gave.

    Parameters
    ----------
    table : pyarrow.Table
        One row an item.
    modality : {"text", "image"}
        What the payloads are.
    name : str
        Of the items.
    problems : tuple of Problem
        Of the items.

    Returns
    -------
    Items
        As they were.

    Examples
    --------
    >>> items = Items.from_texts(["a cat"], ids=["x"])
    >>> items_from_table(items_to_table(items), "text", "texts").payloads
    ('a cat',)
    """
    ids: tuple[ItemId, ...] = tuple(table.column(ID).to_pylist())
    payloads: tuple[Any, ...]
    if modality == "text":
        payloads = tuple(table.column(TEXT).to_pylist())
    else:
        pairs = zip(table.column(PATH).to_pylist(), table.column(DATA).to_pylist(), strict=True)
        payloads = tuple(_image(path, data) for path, data in pairs)
    kept = [column for column in table.column_names if column not in (ID, TEXT, PATH, DATA)]
    return Items(ids, payloads, modality, table.select(kept), problems, name)


def _image(path: str | None, data: bytes | None) -> Image | None:
    if path is None and data is None:
        return None
    return Image(path=None if path is None else Path(path), data=data)
