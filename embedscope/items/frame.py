"""Items as a frame that other tools take: one row an item."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from embedscope.items.payloads import Image


def items_frame(items: Any) -> pa.Table:
    """Put ids, contents and columns into one Arrow table.

    Parameters
    ----------
    items : Items
        The items.

    Returns
    -------
    pyarrow.Table
        See `Items.to_frame`.
    """
    taken = [str(name) for name in items.columns.column_names]
    own = {free_name("id", taken): pa.array(items.ids)}
    if items.modality == "image":
        own[free_name("path", taken)] = pa.array([_path(payload) for payload in items.payloads], pa.string())
    elif not is_bare(items):
        own[free_name("text", taken)] = pa.array(map(as_utf8, items.payloads), pa.large_string())
    return pa.table({**own, **{name: items.columns.column(name) for name in taken}})


def free_name(name: str, taken: list[str]) -> str:
    """Give a name that no column has.

    Parameters
    ----------
    name : str
        What is wanted.
    taken : list of str
        The columns.

    Returns
    -------
    str
        The name, with underscores behind it where it is taken.

    Examples
    --------
    >>> free_name("id", ["id"])
    'id_'
    """
    while name in taken:
        name += "_"
    return name


def is_bare(items: Any) -> bool:
    """Tell whether the items are ids without contents, as those of somebody's vectors are.

    Parameters
    ----------
    items : Items
        The items.

    Returns
    -------
    bool
        True where every text is missing or the id itself; False where there is no item.
    """
    if items.modality != "text" or not len(items):
        return False
    pairs = zip(items.payloads, items.ids, strict=True)
    return all(payload is None or payload == str(value) for payload, value in pairs)


def as_utf8(text: str | None) -> str | None:
    r"""Make a text fit for Arrow.

    Parameters
    ----------
    text : str or None
        Any text.

    Returns
    -------
    str or None
        A lone surrogate has no UTF-8 form: it becomes a question mark, as it does when printed.

    Examples
    --------
    >>> as_utf8("caf\u00e9 \ud800")
    'café ?'
    """
    return None if text is None else text.encode("utf-8", "replace").decode()


def _path(payload: object) -> str | None:
    return str(payload.path) if isinstance(payload, Image) and payload.path is not None else None
