"""Texts into the words that could name them, in any script."""

from __future__ import annotations

import re
import unicodedata

from embedscope.clusters.stopwords import STOP_WORDS

_CHARACTERS_READ = 2_000
_LONGEST_WORD = 30
_LETTERS = re.compile(r"[^\W\d_]+(?:['\u2019\u02bc\u200c-][^\W\d_]+)*")
# Scripts that are written without spaces: Thai, Lao, Myanmar, Khmer, kana, and Han with its extensions.
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    r"\U00020000-\U0003134f]+"
)
_COMBINING = frozenset({"Mn", "Mc"})


def words_of(text: str) -> list[str]:
    """Split a text into words that could name it, in lower case and in their order.

    Parameters
    ----------
    text : str
        Any language; its first 2,000 characters are read.

    Returns
    -------
    list of str
        Words of at least 2 letters that are no stop words. Scripts without spaces give pairs of characters.

    Examples
    --------
    >>> words_of("From: the Editor's DESK, 1993")
    ['editor', 'desk']
    >>> words_of("機械学習 für Anfänger")
    ['機械', '械学', '学習', 'für', 'anfänger']
    """
    folded = unicodedata.normalize("NFC", text[:_CHARACTERS_READ]).lower().replace("\u2019", "'")
    words: list[str] = []
    for piece in _pieces(folded):
        if _UNSPACED.fullmatch(piece):
            words.extend(piece[at : at + 2] for at in range(max(1, len(piece) - 1)))
        else:
            words.append(piece.removesuffix("'s"))
    return [word for word in words if 2 <= len(word) <= _LONGEST_WORD and word not in STOP_WORDS]


def _pieces(folded: str) -> list[str]:
    if folded.isascii():
        return _LETTERS.findall(folded)
    # ``\w`` leaves out combining vowels and marks (Devanagari, Hebrew points): words would fall apart there.
    joined = "".join(" " if _parts_words(character) else character for character in folded)
    pieces: list[str] = []
    for run in joined.split():
        bare = run.strip("'-\u02bc\u200c")
        spaced = _UNSPACED.split(bare)
        unspaced = [*_UNSPACED.findall(bare), ""]
        pieces.extend(piece for pair in zip(spaced, unspaced, strict=True) for piece in pair if piece)
    return pieces


def _parts_words(character: str) -> bool:
    if character.isalpha() or character in "'-\u02bc\u200c":
        return False
    return unicodedata.category(character) not in _COMBINING
