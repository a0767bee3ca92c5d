"""Tux Paint's stamps: photos and drawings of things, with captions in many languages."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from embedscope._fetch import PathLike, fetch_apt
from embedscope.items.card import Card
from embedscope.items.items import Items, OnError

CARD = Card(
    name="stamps",
    kind="images",
    source="Debian tuxpaint-stamps-default 2022.06.04-1 (apt-get download; nothing is installed)",
    licence="GPL-2",
    items=785,
    columns=("label", "category", "subcategory", "caption"),
    good_for="photos and drawings of the same kinds of things; image-text pairs",
    task="classification",
    options="language='en' (ISO code of the captions)",
)
_FOLDER = "usr/share/tuxpaint/stamps"
_FILES = {
    f"{_FOLDER}/*.png": "7fc7fdb475187103e082a0e805bea4e5f737a0e9fe17abb327df847dcad94a8a",
    f"{_FOLDER}/*.txt": "1599bdd98fdedb2eb0b6c34c1e2ad4c683f23cce62fe596584cd7fbbb8c3ad18",
}


def load(*, path: PathLike | None = None, on_error: OnError = "skip", language: str = "en") -> Items:
    """Load the stamps that are PNG, without mirrored copies.

    Parameters
    ----------
    path : path, optional
        The ``.deb``, or the folder it was unpacked into; ``"/"`` where the package is installed.
    on_error : {"raise", "skip", "mark"}
        What happens to an item that cannot be used.
    language : str
        Of the captions, such as "fr"; English where there is none in it.

    Returns
    -------
    Items
        Ids ``animals/birds/cuckoo``; columns ``label`` and ``category`` (one of 16), ``subcategory`` and
        ``caption``.

    Raises
    ------
    FetchError
        If the package cannot be fetched.
    DependencyError
        If there is no apt-get.
    """
    folder = fetch_apt("tuxpaint-stamps-default", "2022.06.04-1", _FILES, path=path) / _FOLDER
    files = [file for file in sorted(folder.rglob("*.png")) if not file.stem.endswith("_mirror")]
    places = [file.relative_to(folder).with_suffix("") for file in files]
    rows = [
        {
            "label": place.parts[0],
            "category": place.parts[0],
            "subcategory": place.parent.as_posix(),
            "caption": caption_of(file.with_suffix(".txt"), language) or place.name.replace("_", " "),
        }
        for file, place in zip(files, places, strict=True)
    ]
    return Items.from_images(
        files,
        ids=[place.as_posix() for place in places],
        columns=pa.Table.from_pylist(rows),
        name=CARD.name,
        check=False,
        on_error=on_error,
    )


def caption_of(file: Path, language: str) -> str | None:
    """Read a stamp's caption.

    Parameters
    ----------
    file : Path
        English in the first line, then ``code.utf8=caption`` a line.
    language : str
        ISO code.

    Returns
    -------
    str or None
        The caption, without the full stop; None if there is no file.
    """
    if not file.is_file():
        return None
    first, *others = file.read_text(encoding="utf-8").splitlines() or [""]
    translated = (line.partition("=")[2] for line in others if line.startswith(f"{language}.utf8="))
    return (next(translated, "") or first).strip().rstrip(".") or None
