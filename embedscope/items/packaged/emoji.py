"""Emoji by four vendors: the same thing drawn by Google, Twitter, Microsoft (Fluent) and OpenMoji."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from embedscope._errors import unknown_name
from embedscope._fetch import PathLike, fetch_npm
from embedscope.items.card import Card
from embedscope.items.items import Items, OnError
from embedscope.items.packaged.drawings import IconSet, render_all

CARD = Card(
    name="emoji",
    kind="images",
    source="npm emoji-datasource-google and -twitter 16.0.0, @iconify-json/fluent-emoji-flat 1.2.6, "
    "@iconify-json/openmoji 1.2.29 (npm)",
    licence="Google Apache-2.0, Twitter CC-BY-4.0, Fluent MIT, OpenMoji CC-BY-SA-4.0",
    items=7_179,
    columns=("label", "category", "subcategory", "vendor", "caption", "character"),
    good_for="does an encoder see what a thing is, or who drew it?",
    task="classification",
    options="vendors=('google', 'twitter', 'fluent', 'openmoji'), shared=False",
)
VENDORS = ("google", "twitter", "fluent", "openmoji")
_DATA_VERSION = "16.0.0"
_IMAGES = {
    "google": "b1c00b4926376e019bf024936da6a459cca2140a37af0436a86a418fa34dfc06",
    "twitter": "50825e32025b5bcab38a6dec781e13466158f15dee8bd1b4d9fcc3c810e0737b",
}
_INDEX = "1d602e65be88772bf8cc368ce16b855d719eeddbafe128d471b80203f494d29f"
_ICONS = {
    "fluent": (
        "@iconify-json/fluent-emoji-flat",
        "1.2.6",
        {
            "icons.json": "f5f4cf457c0db2ad5a2e42e033e02e0c87d10e43d0164cfffb3bb84914970a63",
            "chars.json": "7f084c5a95807edb4702a7c9f6f18e74d59026d1c34ceb8cae85df0b9a9f0a10",
        },
    ),
    "openmoji": (
        "@iconify-json/openmoji",
        "1.2.29",
        {
            "icons.json": "7075331faab544067dbff4236471dd378bb5410aa05799a8a343c9ebf5c5984c",
            "chars.json": "8583c4c65723c22c043a50a27038c43d3d12de336ad409872b23356f4c3e3825",
        },
    ),
}


def load(
    *,
    path: PathLike | None = None,
    on_error: OnError = "skip",
    vendors: Sequence[str] | str = VENDORS,
    shared: bool = False,
) -> Items:
    """Load the emoji, without their variants by skin tone.

    Parameters
    ----------
    path : path, optional
        A folder that holds the npm tarballs.
    on_error : {"raise", "skip", "mark"}
        What happens to an item that cannot be used.
    vendors : str or sequence of str
        google, twitter (64 px), fluent, openmoji (drawn at 72 px).
    shared : bool
        Keep only emoji that all these vendors have.

    Returns
    -------
    Items
        Ids ``google/grinning``; columns ``label`` (the emoji's short name), ``category``, ``subcategory``,
        ``vendor``, ``caption`` (its Unicode name) and ``character``.

    Raises
    ------
    FetchError
        If a package cannot be fetched.
    MissingError
        If there is no such vendor.
    """
    wanted = (vendors,) if isinstance(vendors, str) else tuple(vendors)
    for vendor in wanted:
        if vendor not in VENDORS:
            raise unknown_name("vendor of emoji", vendor, VENDORS)
    emoji = _read_index(path)
    files = {vendor: _files_of(vendor, emoji, path) for vendor in wanted}
    common = set.intersection(*({*found} for found in files.values())) if shared else None
    rows = [
        {**facts, "vendor": vendor, "file": files[vendor][name]}
        for vendor in wanted
        for name, facts in emoji.items()
        if name in files[vendor] and (common is None or name in common)
    ]
    return Items.from_images(
        [row.pop("file") for row in rows],
        ids=[f"{row['vendor']}/{row['label']}" for row in rows],
        columns=pa.Table.from_pylist([{k: row[k] for k in CARD.columns} for row in rows]),
        name=CARD.name,
        check=False,
        on_error=on_error,
    )


def _fetch_images(vendor: str, path: PathLike | None) -> Path:
    files = {"emoji.json": _INDEX} if vendor == "google" else {}
    files[f"img/{vendor}/64/*.png"] = _IMAGES[vendor]
    package = f"emoji-datasource-{vendor}"
    return fetch_npm(package, _DATA_VERSION, files, path=find_tarball(path, package))


def find_tarball(path: PathLike | None, package: str) -> Path | None:
    """Find a package's tarball in a folder that holds several.

    Parameters
    ----------
    path : path, optional
        The folder, or the tarball itself.
    package : str
        npm's name of it.

    Returns
    -------
    Path or None
        The tarball; ``path`` itself where it is no such folder.
    """
    if path is None:
        return None
    place = Path(path).expanduser()
    stem = package.removeprefix("@").replace("/", "-")
    found = sorted(place.glob(f"{stem}-[0-9]*.tgz")) if place.is_dir() else []
    return found[0] if found else place


def _read_index(path: PathLike | None) -> dict[str, dict[str, Any]]:
    """Read what is known of each emoji, by its short name, in Unicode's order."""
    entries = json.loads((_fetch_images("google", path) / "emoji.json").read_bytes())
    return {
        entry["short_name"]: {
            "label": entry["short_name"],
            "category": entry["category"],
            "subcategory": entry["subcategory"],
            "caption": entry["name"].lower(),
            "character": "".join(chr(int(code, 16)) for code in entry["unified"].split("-")),
            "image": entry["image"],
        }
        for entry in sorted(entries, key=lambda entry: entry["sort_order"])
        if "obsoleted_by" not in entry
    }


def _files_of(vendor: str, emoji: dict[str, dict[str, Any]], path: PathLike | None) -> dict[str, Path]:
    """Find the image of each emoji that a vendor has."""
    if vendor in _IMAGES:
        folder = _fetch_images(vendor, path) / "img" / vendor / "64"
        files = {name: folder / facts["image"] for name, facts in emoji.items()}
        return {name: file for name, file in files.items() if file.is_file()}
    package, version, hashes = _ICONS[vendor]
    folder = fetch_npm(package, version, hashes, path=find_tarball(path, package))
    icons = IconSet(folder / "icons.json")
    names: dict[str, str] = json.loads((folder / "chars.json").read_bytes())
    # The sets write code points with or without the variation selector.
    plain = {_plain(code): name for code, name in names.items() if name in icons}
    found = {name: plain.get(_plain(facts["image"].removesuffix(".png"))) for name, facts in emoji.items()}
    drawn = {name: icon for name, icon in found.items() if icon is not None}
    pictures = render_all(vendor, icons.svgs(sorted({*drawn.values()})))
    return {name: pictures / f"{icon}.png" for name, icon in drawn.items()}


def _plain(codes: str) -> str:
    return "-".join(code for code in codes.lower().split("-") if code != "fe0f").lstrip("0")
