"""How items look: one line an item, and the first few as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from embedscope._table import Table

if TYPE_CHECKING:
    from embedscope.items.items import Items

_FIRST = 5
_CAPTIONS = ("caption", "name", "label")


def one_line(text: str, length: int) -> str:
    """Shorten a text to one line; of a long text only the beginning is looked at.

    Parameters
    ----------
    text : str
        Any text.
    length : int
        Most characters.

    Returns
    -------
    str
        White space folded, an ellipsis where something was cut.

    Examples
    --------
    >>> one_line("one  two three", 8)
    'one two…'
    """
    line = " ".join(text[: 20 * length + 100].split())
    if len(line) <= length and len(text) <= 20 * length + 100:
        return line
    return line[: max(length - 1, 0)] + "…"


def snippet(items: Any, row: int, length: int) -> str:
    """Describe one item in one line.

    Parameters
    ----------
    items : Items
        The items.
    row : int
        From 0.
    length : int
        Most characters.

    Returns
    -------
    str
        A text's beginning; an image's caption, name, label or id; a problem's reason.
    """
    payload = items.payloads[row]
    if payload is None:
        return one_line(f"(no content: {items.columns['problem'][row].as_py()})", length)
    if isinstance(payload, str):
        return one_line(payload, length)
    for name in _CAPTIONS:
        if name in items.columns.column_names and items.columns[name][row].as_py() is not None:
            return one_line(str(items.columns[name][row].as_py()), length)
    return one_line(str(items.ids[row]), length)


def items_text(items: Any) -> str:
    """Show items as text.

    Parameters
    ----------
    items : Items
        The items.

    Returns
    -------
    str
        A headline and the first rows.
    """
    return repr(_first_rows(items))


def items_html(items: Any) -> str:
    """Show items as HTML; every text is escaped.

    Parameters
    ----------
    items : Items
        The items.

    Returns
    -------
    str
        A headline and the first rows.
    """
    return _first_rows(items)._repr_html_()


def _headline(items: Items) -> str:
    kind = {"text": "texts", "image": "images"}[items.modality]
    columns = items.columns.column_names
    parts = [f"{items.name}: {len(items):,} {kind}"]
    if columns:
        parts.append(f"columns {', '.join(columns)}")
    if items.problems:
        parts.append(f"{len(items.problems):,} problems")
    return " · ".join(parts)


def _first_rows(items: Items) -> Table:
    names = items.columns.column_names
    rows = [
        (
            str(items.ids[row]),
            snippet(items, row, 80),
            *(one_line(str(items.columns[name][row].as_py()), 30) for name in names),
        )
        for row in range(min(_FIRST, len(items)))
    ]
    # A column of the items may be called like one of these two.
    heads = [head if head not in names else f"{head} " for head in ("id", items.modality)]
    return Table((*heads, *names), rows, _headline(items))
