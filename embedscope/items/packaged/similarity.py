"""Pairs that people rated by how alike they are: Lee50, SimLex-999, WordSim-353."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from embedscope._fetch import PathLike, fetch_pip
from embedscope.items.card import Card
from embedscope.items.items import Items
from embedscope.items.pairs import Pairs

_SOURCE = "PyPI gensim 4.4.0 (pip)"
_FOLDER = "gensim/test/test_data"
_FILES = {
    f"{_FOLDER}/lee.cor": "a878f9a58f6743c32985c56c2f2f75988386216b38a4023a01fd3bcf7884d93e",
    f"{_FOLDER}/similarities0-1.txt": "23762bc6b728897144dda3d324a2c032dc1e059e1009806226d64b6dd123ed79",
    f"{_FOLDER}/simlex999.txt": "d5e0501971478a511430ee880bd0121e94ac701ba86d90544d83e6d2ba3db05d",
    f"{_FOLDER}/wordsim353.tsv": "f92a022fc2537793a15bc3a8c162ebcd74990e033a228bb6388cb71e4c0b1e1d",
}
_WORDS = {"simlex999": "simlex999.txt", "wordsim353": "wordsim353.tsv"}

CARDS = {
    "lee50": Card(
        name="lee50",
        kind="pairs",
        source=_SOURCE,
        licence="data: for research (Lee, Pincombe, Welsh 2005); package LGPL-2.1",
        items=1_225,
        columns=("score",),
        good_for="how alike are two news texts, from 0 to 1, by people",
        task="similarity",
    ),
    "simlex999": Card(
        name="simlex999",
        kind="pairs",
        source=_SOURCE,
        licence="data: for research (Hill, Reichart, Korhonen 2015); package LGPL-2.1",
        items=999,
        columns=("score",),
        good_for="how alike (not: related) are two words, from 0 to 10, by people",
        task="similarity",
    ),
    "wordsim353": Card(
        name="wordsim353",
        kind="pairs",
        source=_SOURCE,
        licence="data: CC-BY-4.0 (Finkelstein et al. 2002); package LGPL-2.1",
        items=353,
        columns=("score",),
        good_for="how related are two words, from 0 to 10, by people",
        task="similarity",
    ),
}


def load_pairs(name: str, *, path: PathLike | None = None, on_error: str = "skip") -> Pairs:
    """Load one of the three sets.

    Parameters
    ----------
    name : {"lee50", "simlex999", "wordsim353"}
        Which.
    path : path, optional
        The wheel, or the folder it was unpacked into.
    on_error : {"raise", "skip"}
        What happens to a row that cannot be used.

    Returns
    -------
    Pairs
        Column ``score``: larger is closer. Word pairs keep the order of the file.

    Raises
    ------
    FetchError
        If the package cannot be fetched.

    References
    ----------
    Lee, Pincombe, Welsh (2005), An empirical evaluation of models of text document similarity. Hill,
    Reichart, Korhonen (2015), SimLex-999, arXiv 1408.3456. Finkelstein et al. (2002), Placing search in
    context.
    """
    folder = fetch_pip("gensim", "4.4.0", _FILES, path=path) / _FOLDER
    if name == "lee50":
        return _read_lee(folder)
    rows = list(_read_words(folder / _WORDS[name]))
    return Pairs.from_frame(pa.Table.from_pylist(rows), name=name, on_error=on_error)


def _read_words(file: Path) -> Iterator[dict[str, str | float]]:
    for line in file.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            query, document, score = line.split("\t")
            yield {"query": query, "document": document, "score": float(score)}


def _read_lee(folder: Path) -> Pairs:
    # The one file of the package that is not UTF-8.
    texts = (folder / "lee.cor").read_text(encoding="latin-1").split("\n")
    items = Items.from_texts([text for text in texts if text.strip()], name="lee50", on_error="raise")
    scores = np.loadtxt(folder / "similarities0-1.txt")
    # People rated each pair once; the file holds the upper triangle.
    first, second = np.triu_indices(len(items), k=1)
    matches = np.stack([first, second], axis=1).astype(np.int64)
    return Pairs(items, items, matches, columns=pa.table({"score": scores[first, second]}), name="lee50")
