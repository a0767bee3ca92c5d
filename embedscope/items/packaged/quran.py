"""The Quran: each verse in Arabic, in a transliteration and in ten translations."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from embedscope._errors import unknown_name
from embedscope._fetch import PathLike, fetch_npm
from embedscope.items.card import Card
from embedscope.items.items import Items, OnError
from embedscope.items.pairs import Pairs

CARD = Card(
    name="quran",
    kind="texts and pairs",
    source="npm quran-json 3.1.2 (npm)",
    licence="CC-BY-4.0",
    items=6_236,
    columns=("chapter", "verse", "language", "revealed"),
    good_for="the same meaning in twelve forms: does an encoder see through the language?",
    task="bitext",
    options="languages=('en',); pairs: source='ar', target='en'",
)
_HASHES = {
    "ar": "d8a8adff387f60ce3ff7dbe3238dd9b27120bfe29d8fcb07ad2e89cad37cefd4",
    "bn": "894086074f0e637d0488de1e6cb48a729dd60d38bfde3326bb6a2c66bf171a71",
    "en": "bae3acab517304dc2684d65949a00f31000a92818041cefabc234663da99d7a3",
    "es": "3232ba080fa1a04d23cc174550e84554af89fdcd2ff59b8870aef2267d0cd7c0",
    "fr": "2efc6d899d9504d63c4d62efa4fc89d38f99105237b7030b01b12f24bc1ebb8e",
    "id": "75d4672e11a638fc4e374df2ee9fa4d2257c562de9a5eb824532514e5c59d0ee",
    "ru": "b04ec3408c6edd3c4ff2d5794eab4b63ee5363f1eb6ca0969663624e877346e2",
    "sv": "60a3051fd522ddb32295d3a9837826e131db0607a9143c0c65bac153c6d723a7",
    "tr": "53c9772e2d4579ea290318302ba25aee2c74bef9537cbc360d7988d003e57fe1",
    "transliteration": "36369741f23fe2b64fdcca39d047659256dab7b40f1717aefcb6198c514313a0",
    "ur": "fe9c2ff72c287b3df8390b16eb27bb6de0210f20b417a5659b1fbdc29e58325f",
    "zh": "0646a4794227cfbcd45f23b86328e7b9617bfbcce9571e91f87360495b11ef6c",
}


def load(
    *, path: PathLike | None = None, on_error: OnError = "skip", languages: Sequence[str] | str = ("en",)
) -> Items:
    """Load the verses in one language or several.

    Parameters
    ----------
    path : path, optional
        The tarball, or the folder it was unpacked into.
    on_error : {"raise", "skip", "mark"}
        What happens to an item that cannot be used.
    languages : str or sequence of str
        ar, bn, en, es, fr, id, ru, sv, tr, transliteration, ur, zh; or "all".

    Returns
    -------
    Items
        Ids ``en/1:1``; columns ``chapter`` (its name), ``verse``, ``language`` and ``revealed``.

    Raises
    ------
    FetchError
        If the package cannot be fetched.
    MissingError
        If there is no such language.
    """
    wanted = tuple(_HASHES) if languages == "all" else languages
    wanted = (wanted,) if isinstance(wanted, str) else tuple(wanted)
    rows = [row for language in wanted for row in _read(language, path)]
    return Items.from_texts(
        [row.pop("text") for row in rows],
        ids=[f"{row['language']}/{row.pop('id')}" for row in rows],
        columns=pa.Table.from_pylist(rows),
        name=CARD.name,
        on_error=on_error,
    )


def load_pairs(
    *, path: PathLike | None = None, on_error: str = "skip", source: str = "ar", target: str = "en"
) -> Pairs:
    """Load the verses of two languages side by side.

    Parameters
    ----------
    path : path, optional
        The tarball, or the folder it was unpacked into.
    on_error : {"raise", "skip"}
        What happens to a row that cannot be used.
    source, target : str
        The languages of queries and documents.

    Returns
    -------
    Pairs
        One match a verse; verses that read alike are one item. Columns ``verse_id``, ``chapter``.

    Raises
    ------
    FetchError
        If the package cannot be fetched.
    MissingError
        If there is no such language.
    """
    sides = zip(_read(source, path), _read(target, path), strict=True)
    frame = pa.Table.from_pylist(
        [
            {
                "query": one["text"],
                "document": other["text"],
                "verse_id": one["id"],
                "chapter": one["chapter"],
            }
            for one, other in sides
        ]
    )
    return Pairs.from_frame(frame, name=f"quran {source}-{target}", on_error=on_error)


def _read(language: str, path: PathLike | None) -> list[dict[str, Any]]:
    if language not in _HASHES:
        raise unknown_name("language of the Quran", language, _HASHES)
    names = {code: f"dist/quran{'' if code == 'ar' else f'_{code}'}.json" for code in _HASHES}
    files = {names[code]: _HASHES[code] for code in _HASHES}
    folder = fetch_npm("quran-json", "3.1.2", files, path=path)
    chapters = json.loads((folder / names[language]).read_bytes())
    field = {"ar": "text", "transliteration": "transliteration"}.get(language, "translation")
    return [
        {
            "id": f"{chapter['id']}:{verse['id']}",
            "text": verse[field],
            "chapter": chapter["transliteration"],
            "verse": verse["id"],
            "language": language,
            "revealed": chapter["type"],
        }
        for chapter in chapters
        for verse in chapter["verses"]
    ]
