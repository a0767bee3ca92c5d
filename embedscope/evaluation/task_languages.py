"""The packaged data of many languages, side by side and cut to the size of a task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from jaxtyping import Int64

from embedscope.items.items import Items
from embedscope.items.load import load_items
from embedscope.items.pairs import Pairs

_QURAN = {
    "en": "eng-Latn",
    "ar": "ara-Arab",
    "bn": "ben-Beng",
    "es": "spa-Latn",
    "fr": "fra-Latn",
    "id": "ind-Latn",
    "ru": "rus-Cyrl",
    "sv": "swe-Latn",
    "tr": "tur-Latn",
    "ur": "urd-Arab",
    "zh": "zho-Hans",
}
_QURAN_BITEXT = ("ar", "es", "fr", "ru", "zh")
_UDHR = {
    "eng": "eng-Latn",
    "arb": "arb-Arab",
    "cmn_hans": "zho-Hans",
    "deu_1996": "deu-Latn",
    "fra": "fra-Latn",
    "hin": "hin-Deva",
    "ind": "ind-Latn",
    "jpn": "jpn-Jpan",
    "rus": "rus-Cyrl",
    "spa": "spa-Latn",
    "swh": "swh-Latn",
    "tur": "tur-Latn",
    "vie": "vie-Latn",
}


def verses(size: int | None, seed: int) -> dict[str, Any]:
    """Take verses in six languages for bitext mining into English.

    Parameters
    ----------
    size : int, optional
        Most verses.
    seed : int
        For the draw.

    Returns
    -------
    dict
        ``texts``, ``pairs``, ``ids`` and ``languages``.
    """
    ids, texts = _aligned("quran", ("en", *_QURAN_BITEXT))
    rows = _draw(len(ids), size, seed)
    return _bitext(ids, texts, rows, [(one, "en") for one in _QURAN_BITEXT], _QURAN)


def articles(size: int | None, seed: int) -> dict[str, Any]:
    """Take the articles of the Universal Declaration of Human Rights in thirteen languages.

    Parameters
    ----------
    size : int, optional
        Most articles; there are thirty.
    seed : int
        For the draw.

    Returns
    -------
    dict
        ``texts``, ``pairs``, ``ids`` and ``languages``.
    """
    ids, texts = _aligned("udhr", tuple(_UDHR))
    rows = _draw(len(ids), size, seed)
    return _bitext(ids, texts, rows, [("eng", one) for one in _UDHR if one != "eng"], _UDHR)


def verse_search(size: int | None, seed: int) -> dict[str, Any]:
    """Take verses in ten languages as queries, each in one, and English verses to search.

    Parameters
    ----------
    size : int, optional
        Most queries; twice as many verses are searched.
    seed : int
        For the draws.

    Returns
    -------
    dict
        ``pairs`` and ``languages``.
    """
    ids, texts = _aligned("quran", tuple(_QURAN))
    asked = [code for code in _QURAN if code != "en"]
    searched = _draw(len(ids), None if size is None else 2 * size, seed)
    queries = searched if size is None else searched[:size]
    spoken = [asked[place % len(asked)] for place in range(len(queries))]
    names = [f"{code}/{ids[row]}" for code, row in zip(spoken, queries, strict=True)]
    payloads = [texts[code][row] for code, row in zip(spoken, queries, strict=True)]
    documents = Items.from_texts(
        [texts["en"][row] for row in searched], ids=[f"en/{ids[row]}" for row in searched]
    )
    matches = np.stack([np.arange(len(queries))] * 2, axis=1)
    pairs = Pairs(Items.from_texts(payloads, ids=names), documents, matches, name="verses")
    return {"pairs": pairs, "languages": list(_QURAN.values())}


def _aligned(data: str, languages: Sequence[str]) -> tuple[list[str], dict[str, list[str]]]:
    """Give what all languages have, side by side; what reads like another in any language is left out."""
    items = load_items(data, languages=languages)
    by_language: dict[str, dict[str, str]] = {code: {} for code in languages}
    for name, text in zip(items.ids, items.payloads, strict=True):
        code, _, place = str(name).partition("/")
        by_language[code][place] = str(text)
    kept: list[str] = []
    seen: dict[str, set[str]] = {code: set() for code in languages}
    for place in by_language[languages[0]]:
        row = {code: by_language[code].get(place) for code in languages}
        if all(text is not None and text not in seen[code] for code, text in row.items()):
            kept.append(place)
            for code, text in row.items():
                seen[code].add(str(text))
    return kept, {code: [by_language[code][place] for place in kept] for code in languages}


def _draw(n: int, size: int | None, seed: int) -> Int64[np.ndarray, " drawn"]:
    """Draw rows so that a smaller sample is the beginning of a larger one."""
    return np.random.default_rng(seed).permutation(n)[:size].astype(np.int64)


def _bitext(
    ids: Sequence[str],
    texts: Mapping[str, Sequence[str]],
    rows: Int64[np.ndarray, " drawn"],
    pairs: Sequence[tuple[str, str]],
    languages: Mapping[str, str],
) -> dict[str, Any]:
    return {
        "texts": {code: [column[row] for row in rows] for code, column in texts.items()},
        "pairs": list(pairs),
        "ids": [ids[row] for row in rows],
        "languages": dict(languages),
    }
