"""Logos of brands, each as several icon sets draw it."""

from __future__ import annotations

import re
from collections import defaultdict

import pyarrow as pa

from embedscope._fetch import PathLike, fetch_npm
from embedscope.items.card import Card
from embedscope.items.items import Items, OnError
from embedscope.items.packaged.drawings import IconSet, render_all
from embedscope.items.packaged.emoji import find_tarball

CARD = Card(
    name="logos",
    kind="images",
    source="npm @iconify-json/logos 1.2.19, devicon 1.2.68, skill-icons 1.2.4, simple-icons 1.2.102, "
    "vscode-icons 1.2.97 (npm)",
    licence="CC0-1.0 (logos, simple-icons), MIT (the others); trademarks remain their owners'",
    items=3_024,
    columns=("label", "vendor", "caption", "sets"),
    good_for="instances drawn in several styles: retrieval across styles",
    task="retrieval",
    options="min_sets=2",
)
_SETS = {
    "logos": ("1.2.19", "318ec92512431158879843ad2469f2ccafa274374aaa70f761ca1a9a5fd10586"),
    "devicon": ("1.2.68", "6e88e9d80ad2029d56b8176045f70277c1438dd22da3fc9a5a5f2b3eb9785918"),
    "skill-icons": ("1.2.4", "7abf0af7f0f86a5db0aab21a4673962a73d7ab10939cb5952410c65b988155f1"),
    "simple-icons": ("1.2.102", "3f920cf8ca9723a8d42fa3c1f0fa8ccd5455b0a2ac154a5b39bc4f12348a50d0"),
    "vscode-icons": ("1.2.97", "504a5579bc68726f999edea3fc8af0b8dd12086a97eecc6f9171068fa09f43d8"),
}
_FOLDERS_AND_DEFAULTS = re.compile(r"folder-|default-")
_STYLE = re.compile(r"-(icon|wordmark|light|dark|plain|original|line|colored)$")


def load(*, path: PathLike | None = None, on_error: OnError = "skip", min_sets: int = 2) -> Items:
    """Load the logos.

    Parameters
    ----------
    path : path, optional
        A folder that holds the npm tarballs.
    on_error : {"raise", "skip", "mark"}
        What happens to an item that cannot be used.
    min_sets : int
        Keep brands that so many of the five sets have.

    Returns
    -------
    Items
        One image a brand and set, ids ``devicon/python``; columns ``label`` (the brand), ``vendor`` (the
        set), ``caption`` and ``sets`` (how many draw the brand).

    Raises
    ------
    FetchError
        If a package cannot be fetched.

    Notes
    -----
    The sets name brands differently; names are compared without their style ("-icon", "-dark"), hyphens and
    "file-type-". Where a set draws a brand in several styles, the one with the shortest name is taken.
    """
    icons = {name: _fetch_set(name, path) for name in _SETS}
    chosen = {name: _one_per_brand(found) for name, found in icons.items()}
    sets_of: dict[str, int] = defaultdict(int)
    for brands in chosen.values():
        for brand in brands:
            sets_of[brand] += 1
    rows, files = [], []
    for name, brands in chosen.items():
        kept = {brand: icon for brand, icon in sorted(brands.items()) if sets_of[brand] >= min_sets}
        folder = render_all(name, icons[name].svgs(kept.values()))
        for brand, icon in kept.items():
            files.append(folder / f"{icon}.png")
            rows.append({"label": brand, "vendor": name, "caption": icon, "sets": sets_of[brand]})
    return Items.from_images(
        files,
        ids=[f"{row['vendor']}/{row['label']}" for row in rows],
        columns=pa.Table.from_pylist(rows),
        name=CARD.name,
        check=False,
        on_error=on_error,
    )


def _fetch_set(name: str, path: PathLike | None) -> IconSet:
    version, digest = _SETS[name]
    package = f"@iconify-json/{name}"
    folder = fetch_npm(package, version, {"icons.json": digest}, path=find_tarball(path, package))
    return IconSet(folder / "icons.json")


def brand_of(icon: str) -> str:
    """Give the brand of an icon's name.

    Parameters
    ----------
    icon : str
        As an icon set has it.

    Returns
    -------
    str
        Letters and digits.

    Examples
    --------
    >>> brand_of("file-type-nodejs"), brand_of("nodejs-icon"), brand_of("node-js-dark")
    ('nodejs', 'nodejs', 'nodejs')
    """
    name = icon.removeprefix("file-type-").replace("dotjs", "js").replace("dotio", "io")
    while (shorter := _STYLE.sub("", name)) != name:
        name = shorter
    return name.replace("-", "")


def _one_per_brand(icons: IconSet) -> dict[str, str]:
    found: dict[str, str] = {}
    for icon in sorted(icons.names, key=lambda name: (len(name), name)):
        if not _FOLDERS_AND_DEFAULTS.match(icon):
            found.setdefault(brand_of(icon), icon)
    return found
