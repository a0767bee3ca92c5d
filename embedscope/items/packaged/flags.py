"""The flags of countries."""

from __future__ import annotations

import json

import pyarrow as pa

from embedscope._fetch import PathLike, fetch_npm
from embedscope.items.card import Card
from embedscope.items.items import Items, OnError
from embedscope.items.packaged.drawings import render_all

CARD = Card(
    name="flags",
    kind="images",
    source="npm flag-icons 7.5.0 (npm)",
    licence="MIT",
    items=249,
    columns=("label", "continent", "capital", "caption"),
    good_for="a small set of near-duplicates; colours and stripes beat content",
    task="clustering",
    options="countries=True",
)
_FILES = {
    "country.json": "f5e99aee5051868b391b9f42e110cb104b7fcd6269807b2dc5e2c80b1e6c9436",
    "flags/4x3/*.svg": "a33cd43882623d211b777b8087066254fda1e3266a660a87e96ebb18a57dcd51",
}


def load(*, path: PathLike | None = None, on_error: OnError = "skip", countries: bool = True) -> Items:
    """Load the flags, drawn at 96 × 72 px.

    Parameters
    ----------
    path : path, optional
        The tarball, or the folder it was unpacked into.
    on_error : {"raise", "skip", "mark"}
        What happens to an item that cannot be used.
    countries : bool
        Only what ISO 3166 lists; else regions and unions too.

    Returns
    -------
    Items
        Ids are codes (``fr``); columns ``label`` (the name), ``continent``, ``capital`` and ``caption``.

    Raises
    ------
    FetchError
        If the package cannot be fetched.
    """
    folder = fetch_npm("flag-icons", "7.5.0", _FILES, path=path)
    entries = [
        entry for entry in json.loads((folder / "country.json").read_bytes()) if entry["iso"] or not countries
    ]
    drawings = {entry["code"]: (folder / entry["flag_4x3"]).read_text(encoding="utf-8") for entry in entries}
    drawn = render_all("flags", drawings)
    rows = [
        {
            "label": entry["name"],
            "continent": entry.get("continent"),
            "capital": entry.get("capital"),
            "caption": f"flag of {entry['name']}",
        }
        for entry in entries
    ]
    return Items.from_images(
        [drawn / f"{entry['code']}.png" for entry in entries],
        ids=[entry["code"] for entry in entries],
        columns=pa.Table.from_pylist(rows),
        name=CARD.name,
        check=False,
        on_error=on_error,
    )
