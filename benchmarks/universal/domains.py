"""The five domains of the universal embedding's benchmark, each split by class so that nothing leaks.

    python benchmarks/universal/domains.py

prints their sizes. Everything comes out of packages (see `embedscope.items`), the same on every machine:

| domain | a class is | images |
|---|---|---|
| emoji | an emoji, without the category Flags | drawn by four vendors |
| logos | a brand | out of five icon sets |
| flags | a country or region | the emoji's flags by three vendors, and flag-icons |
| stamps | a category with its first division, as animals/birds | photos and drawings, 40 of each at most |
| digits | a digit | handwritten, the first 200 of each; to train on, upright, turned and mirrored |

Dropped: images without contrast (white drawings on white), classes with fewer than two images, a territory's
flag where it is its country's, and a stamp that is in two categories. Brands and regions of one picture
(webassembly and wasm) are one class. Variants of one person (farmer, woman farmer) stay in one part,
and so do emoji that look the same. Five digits to train on would teach five shapes: each position of a
digit is a class of its own there (see `turned`).
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
from leaks import connect, contrast, person_of, twins
from PIL import ImageOps

import embedscope as es
from embedscope._table import Table
from embedscope.evaluation.splits import PARTS, split_classes
from embedscope.items.items import Items
from embedscope.items.payloads import Image

MIN_IMAGES = 2
DIGITS_EACH, TURNED_EACH = 200, 75
STAMPS_EACH = 40
# Root mean square differences of 16 × 16 px; looked at by eye: below it the pictures are one.
_SAME_EMOJI, _SAME_FLAG, _SAME_LOGO, _SAME_STAMP = 0.01, 0.01, 0.022, 0.01
_BLANK = 0.01
# Countries whose flag some of their territories fly: France, the United Kingdom, Norway, ...
_SOVEREIGN = ("au", "es", "fr", "gb", "nl", "no", "us")
# The same, or nearly, upside down and mirrored.
_SYMMETRIC = ("0", "1", "8")
# Drawn wrong in the package: Saudi Arabia's flag lies in Sark's place.
_WRONG = ("google/flag-sark",)
# With few classes a draw can leave a part almost empty: of so many the most even one is taken.
_FEW_CLASSES, _DRAWS = 50, 100


@cache
def load_domain(name: str) -> Items:
    """Load a domain: columns ``label``, ``domain``, ``vendor``, ``together``; ids begin with the domain."""
    items = _with_domain(_LOADERS[name](), name)
    items = items.take(contrast(items) > _BLANK)
    labels = items.column("label").astype(str)
    names, counts = np.unique(labels, return_counts=True)
    return items.take(np.isin(labels, names[counts >= MIN_IMAGES]))


@cache
def split_domain(name: str) -> Mapping[str, Items]:
    """Split a domain into train, val and test, which share no class and nothing that belongs together."""
    items = load_domain(name)
    draws = _DRAWS if len(set(items.column("label"))) < _FEW_CLASSES else 1
    drawn = [split_classes(items, together="together", seed=seed) for seed in range(draws)]
    parts = min(drawn, key=_unevenness)
    return {**parts, "train": turned(parts["train"])} if name == "digits" else parts


def _unevenness(parts: Mapping[str, Items]) -> float:
    """How far the parts' shares of images are from those of classes that were asked for."""
    whole = sum(len(part) for part in parts.values())
    return max(abs(len(parts[name]) / whole - share) for name, share in PARTS.items())


def split_all(domains: Iterable[str] | None = None) -> dict[str, dict[str, Items]]:
    """Give each part of every domain: part, then domain, then items."""
    chosen = list(_LOADERS if domains is None else domains)
    return {part: {name: split_domain(name)[part] for name in chosen} for part in PARTS}


def join(parts: Iterable[Items], name: str = "all domains") -> Items:
    """Put domains together as one: ids are unique already, columns the same."""
    given = list(parts)
    return Items(
        tuple(value for part in given for value in part.ids),
        tuple(payload for part in given for payload in part.payloads),
        "image",
        pa.concat_tables([part.columns for part in given]),
        name=name,
    )


def _with_domain(items: Items, name: str) -> Items:
    labels = items.column("label").astype(str)
    known = items.columns.column_names
    columns = {
        "label": labels.tolist(),
        "domain": [name] * len(items),
        "vendor": items.column("vendor").tolist() if "vendor" in known else [""] * len(items),
        "together": (items.column("together").astype(str) if "together" in known else labels).tolist(),
    }
    ids = tuple(f"{name}/{value}" for value in items.ids)
    return Items(ids, items.payloads, "image", pa.table(columns), name=name)


def _emoji() -> Items:
    items = es.load_items("emoji")
    items = items.take(items.column("category") != "Flags")
    labels = items.column("label").astype(str)
    facts = zip(
        labels, *(items.column(name) for name in ("character", "category", "subcategory")), strict=True
    )
    persons = [person_of(*fact) for fact in facts]
    alike = connect(labels, [*_pairs(persons), *twins(items, labels, _SAME_EMOJI)])
    return items.with_column("together", alike.tolist())


def _pairs(keys: list[str]) -> list[tuple[int, int]]:
    """Pair each row with the first one of the same key."""
    first: dict[str, int] = {}
    return [(first.setdefault(key, row), row) for row, key in enumerate(keys)]


def _flags() -> Items:
    emoji = es.load_items("emoji")
    emoji = emoji.take((emoji.column("category") == "Flags") & ~np.isin(emoji.ids, _WRONG))
    codes = [code_of(character) for character in emoji.column("character")]
    of_country = np.array([code is not None for code in codes])
    drawn = emoji.take(of_country).with_column("label", [code for code in codes if code])
    own = es.load_items("flags", countries=False)
    own = own.with_column("label", list(own.ids)).with_column("vendor", ["flag-icons"] * len(own))
    own = Items(tuple(f"flag-icons/{code}" for code in own.ids), own.payloads, "image", own.columns)
    items = join([_plain(drawn), _plain(own)])
    labels = items.column("label").astype(str)
    sovereign = np.isin(labels, _SOVEREIGN)
    borrowed = {
        second if sovereign[first] else first
        for first, second in twins(items, labels, _SAME_FLAG)
        if sovereign[first] != sovereign[second]
    }
    return _merged(items.take(np.array([row not in borrowed for row in range(len(items))])), _SAME_FLAG)


def _plain(items: Items) -> Items:
    columns = {name: items.column(name).astype(str).tolist() for name in ("label", "vendor")}
    return Items(items.ids, items.payloads, "image", pa.table(columns))


def code_of(character: str) -> str | None:
    """Give the code of a flag's emoji, as flag-icons writes it (fr, gb-sct); None where there is none."""
    points = [ord(letter) for letter in character]
    if all(0x1F1E6 <= point <= 0x1F1FF for point in points):
        return "".join(chr(point - 0x1F1E6 + ord("a")) for point in points)
    tags = "".join(chr(point - 0xE0000) for point in points if 0xE0061 <= point <= 0xE007A)
    return f"{tags[:2]}-{tags[2:]}" if tags else None


def _logos() -> Items:
    items = es.load_items("logos")
    return _merged(items.take(contrast(items) > _BLANK), _SAME_LOGO)


def _merged(items: Items, threshold: float) -> Items:
    labels = items.column("label").astype(str)
    return items.with_column("label", connect(labels, twins(items, labels, threshold)).tolist())


def _stamps() -> Items:
    items = es.load_items("stamps")
    # Sixteen categories would leave five to the test; still deeper ones (mammals/cats) mix with their own.
    divisions = ["/".join(str(name).split("/")[:2]) for name in items.column("subcategory")]
    items = items.with_column("label", divisions)
    # One picture under two categories would be wrong in both.
    wrong = {row for pair in twins(items, items.column("label").astype(str), _SAME_STAMP) for row in pair}
    items = items.take(np.array([row not in wrong for row in range(len(items))]))
    return _first_of_each(items, STAMPS_EACH)


def _digits() -> Items:
    items = es.load_items("digits")
    return _first_of_each(items, DIGITS_EACH)


def turned(digits: Items) -> Items:
    """Give digits in their eight positions, each one a class: turned by quarters, and mirrored."""
    digits = _first_of_each(digits, TURNED_EACH)
    parts = []
    for position in range(8):
        is_symmetric = np.isin(digits.column("label").astype(str), _SYMMETRIC)
        part = digits.take(~is_symmetric | (position < 2))
        payloads = tuple(_turned(payload, position) for payload in part.payloads)
        labels = [f"{label}, position {position}" for label in part.column("label")]
        ids = tuple(f"{value}/{position}" for value in part.ids)
        parts.append(Items(ids, payloads, "image", part.columns).with_column("label", labels))
    return join(parts, digits.name)


def _turned(payload: Any, position: int) -> Image:
    image = payload.open().rotate(90 * (position % 4))
    image = ImageOps.mirror(image) if position >= 4 else image
    file = io.BytesIO()
    image.save(file, "PNG")
    return Image(data=file.getvalue())


def _first_of_each(items: Items, count: int) -> Items:
    labels = items.column("label").astype(str)
    return items.take(np.concatenate([np.flatnonzero(labels == name)[:count] for name in np.unique(labels)]))


_LOADERS: Mapping[str, Callable[[], Items]] = {
    "emoji": _emoji,
    "logos": _logos,
    "flags": _flags,
    "stamps": _stamps,
    "digits": _digits,
}
DOMAINS = tuple(_LOADERS)


def sizes() -> Table:
    """Count images and classes of each domain and part."""
    rows = []
    for name in DOMAINS:
        parts = split_domain(name)
        row: dict[str, object] = {"domain": name, "images": sum(len(part) for part in parts.values())}
        row["classes"] = sum(len(set(part.column("label"))) for part in parts.values())
        for part, items in parts.items():
            row[f"{part} images"], row[f"{part} classes"] = len(items), len(set(items.column("label")))
        rows.append(row)
    return Table.from_records(rows, title="Domains of the universal embedding's benchmark")


if __name__ == "__main__":
    print(sizes())
