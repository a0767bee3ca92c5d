"""ChatterBot's corpus: short questions and answers in 28 languages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa

from embedscope._errors import unknown_name
from embedscope._fetch import PathLike, fetch_pip
from embedscope._optional import require
from embedscope.items.card import Card
from embedscope.items.pairs import Pairs

CARD = Card(
    name="chatterbot",
    kind="pairs",
    source="PyPI chatterbot-corpus 1.3.3 (pip)",
    licence="BSD",
    items=1_229,
    columns=("language", "topic"),
    good_for="question to answer, small talk",
    task="retrieval",
    options="languages=('english',)|'all'",
)
_FILES = {"chatterbot_corpus/data/*.yml": "ccc37c3130e420a799032fa166838a942557120944ff7bb7c7b4b920d0a09667"}


def load_pairs(
    *, path: PathLike | None = None, on_error: str = "skip", languages: Sequence[str] | str = ("english",)
) -> Pairs:
    """Load questions and answers.

    Parameters
    ----------
    path : path, optional
        The wheel, or the folder it was unpacked into.
    on_error : {"raise", "skip"}
        What happens to a row that cannot be used.
    languages : str or sequence of str
        Names such as "english" and "german"; or "all".

    Returns
    -------
    Pairs
        One match for each line of a conversation and the line before it, once. Columns
        ``language`` and ``topic``.

    Raises
    ------
    FetchError
        If the package cannot be fetched.
    MissingError
        If there is no such language.
    """
    folder = fetch_pip("chatterbot-corpus", "1.3.3", _FILES, path=path) / "chatterbot_corpus" / "data"
    known = sorted(place.name for place in folder.iterdir() if place.is_dir())
    wanted = known if languages == "all" else [languages] if isinstance(languages, str) else list(languages)
    for language in wanted:
        if language not in known:
            raise unknown_name("language of the corpus", language, known)
    found = (row for language in wanted for row in _read(folder / language))
    rows = list({(row["query"], row["document"]): row for row in found}.values())
    return Pairs.from_frame(pa.Table.from_pylist(rows), name=CARD.name, on_error=on_error)


def _read(folder: Path) -> Iterator[dict[str, Any]]:
    yaml = require("yaml", install="pyyaml", purpose="to read this corpus")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for file in sorted(folder.glob("*.yml")):
        content = yaml.load(file.read_bytes(), Loader=loader)
        for conversation in content.get("conversations") or []:
            lines = [str(line).strip() for line in conversation if line is not None]
            for query, document in pairwise(lines):
                if query and document:
                    yield {
                        "query": query,
                        "document": document,
                        "language": folder.name,
                        "topic": file.stem,
                    }
