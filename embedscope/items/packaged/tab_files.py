"""Orange's tab files: three rows of header, then a class and a text a row."""

from __future__ import annotations

from pathlib import Path

from embedscope.items.items import Items, OnError

_HEADER_ROWS = 3


def read_tab(path: Path) -> list[tuple[str, str]]:
    """Read classes and texts.

    Parameters
    ----------
    path : Path
        A tab file of two columns, without quoting.

    Returns
    -------
    list of (str, str)
        Class and text of each row that has both cells.
    """
    rows = []
    with path.open(encoding="utf-8", newline="") as file:
        for place, line in enumerate(file):
            label, tab, text = line.rstrip("\r\n").partition("\t")
            if place >= _HEADER_ROWS and tab and label:
                rows.append((label, text))
    return rows


def splits_to_items(files: dict[str, Path], name: str, on_error: OnError) -> Items:
    """Make items of the files of a data set's parts.

    Parameters
    ----------
    files : dict of str to Path
        Name of the part to its file.
    name : str
        For titles.
    on_error : {"raise", "skip", "mark"}
        What happens to an item that cannot be used.

    Returns
    -------
    Items
        Ids ``part/row``; columns ``label`` and ``split``.
    """
    ids, texts, labels, parts = [], [], [], []
    for part, path in files.items():
        for row, (label, text) in enumerate(read_tab(path)):
            ids.append(f"{part}/{row}")
            texts.append(text.strip())
            labels.append(label)
            parts.append(part)
    columns = {"label": labels, "split": parts}
    return Items.from_texts(texts, ids=ids, columns=columns, name=name, on_error=on_error)
