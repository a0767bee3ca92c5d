"""UnED: eight data sets of fine-grained and instance recognition with splits of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from embedscope._errors import InputError, MissingError, unknown_name
from embedscope.items.folders.folder_set import ALL, FolderSet, Row
from embedscope.items.items import Items
from embedscope.items.problems import OnError

SET = FolderSet(
    "uned", "UnED", "https://cmp.felk.cvut.cz/univ_emb/ (info_files.zip, and each domain's images)"
)
_SPLITS = ("train", "val", "test", "index", "small_index")


def load(
    path: Path,
    *,
    split: str = ALL,
    domains: Sequence[str] | None = None,
    check: bool = False,
    on_error: OnError = "skip",
) -> Items:
    """Load the folder that holds ``info_files/<domain>/<split>.json`` and ``images/<domain>/``.

    Parameters
    ----------
    path : Path
        The folder, ``data`` in the data set's own repository, or the one it lies in.
    split : {"train", "val", "test", "index", "small_index", "all"}
        Which part. Met, GLDv2 and In-shop are tested by asking ``test`` of ``index``, the others by asking
        ``test`` of itself; Met's ``val`` is asked of its ``small_index``.
    domains : sequence of str, optional
        Some of cars, food2k, gldv2, inat, inshop, met, rp2k, sop; all that are there where nothing is said.
    check : bool
        Decode every image now.
    on_error : {"raise", "skip", "mark"}
        What happens to an image that is missing or corrupt.

    Returns
    -------
    Items
        Ids ``domain/split/path``, as an image may be in two splits. An image of several classes has the first
        of them as its label and all of them, with spaces between, in ``labels``.

    Raises
    ------
    MissingError
        If a file of the layout is not there.
    InputError
        If a file cannot be read.
    """
    root = SET.root(path, "info_files", ["data"])
    there = sorted(place.name for place in (root / "info_files").iterdir() if place.is_dir())
    if not there:
        raise MissingError(f"{SET.title}: {str(root / 'info_files')!r} holds no domain; see {SET.source}.")
    for name in domains or ():
        if name not in there:
            raise unknown_name("domain of UnED in this folder", name, there)
    SET.file(root / "images")
    return SET.items(_rows(root, domains or there, split), split, on_error, check)


def _rows(root: Path, domains: Sequence[str], split: str) -> Iterator[Row]:
    for domain in domains:
        files = [name for name in _SPLITS if (root / "info_files" / domain / f"{name}.json").is_file()]
        for name in files:
            if split in (ALL, name):
                yield from _part(root, domain, name)


def _part(root: Path, domain: str, split: str) -> Iterator[Row]:
    file = root / "info_files" / domain / f"{split}.json"
    for entry in _read(file):
        if not isinstance(entry, dict) or "path" not in entry or "class_id" not in entry:
            raise InputError(
                f"{str(file)!r}: wanted a list of {{'path', 'class_id'}}; an entry is {entry!r}."
            )
        given = entry["class_id"]
        labels = [str(value) for value in (given if isinstance(given, list) else [given])]
        if not labels:
            raise InputError(f"{str(file)!r}: {entry['path']!r} has no class.")
        path = _existing(root / "images", str(entry["path"]))
        more = (("labels", " ".join(labels)),)
        yield Row(f"{domain}/{split}/{entry['path']}", path, labels[0], domain, split, more)


def _read(file: Path) -> list[Any]:
    try:
        held = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(f"{str(file)!r} is no JSON: {error}.") from error
    if not isinstance(held, list):
        raise InputError(f"{str(file)!r}: wanted a list of {{'path', 'class_id'}}.")
    return held


def _existing(images: Path, path: str) -> Path:
    """Give the file; RP2K's names are written with #U escapes where an archiver could not write them."""
    place = images / path
    if path.isascii() or place.is_file():
        return place
    escaped = "".join(char if char.isascii() else f"#U{ord(char):04x}" for char in path)
    return images / escaped if (images / escaped).is_file() else place
