"""Texts as sets of shingles: what two texts have in common, whatever their case and spacing."""

from __future__ import annotations

import unicodedata

import numpy as np
from jaxtyping import UInt64

from embedscope._errors import InputError, unknown_name
from embedscope._hashing import hash_text
from embedscope.items.items import Items

_FACTORS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F], np.uint64)
_SHIFT = np.uint64(31)


def normalise_text(text: str) -> str:
    r"""Write a text so that case, spacing and forms of one character do not count.

    Parameters
    ----------
    text : str
        Any.

    Returns
    -------
    str
        NFKC, case folded, runs of whitespace made one space, none at the ends.

    Examples
    --------
    >>> normalise_text(" A\tCat\n")
    'a cat'
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def shingles(text: str, size: int = 5, unit: str = "character") -> UInt64[np.ndarray, " shingles"]:
    """Hash the runs of characters or words that a text is made of.

    Parameters
    ----------
    text : str
        Any; it is normalised first.
    size : int
        Characters or words a run; a shorter text is one run.
    unit : {"character", "word"}
        What is counted.

    Returns
    -------
    ndarray of uint64, shape (shingles,)
        Ascending, each once; none for an empty text.

    Raises
    ------
    InputError
        If ``size`` is less than 1.
    MissingError
        If there is no such unit.

    Notes
    -----
    64 bits a run: among a million different ones, two fall together with a chance of 3e-8.

    Examples
    --------
    >>> len(shingles("banana", 3)), len(shingles("one two three", 2, "word"))
    (3, 2)
    """
    if size < 1:
        raise InputError(f"size must be 1 or more; got {size}.")
    known = normalise_text(text)
    if unit == "character":
        codes = np.frombuffer(known.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    elif unit == "word":
        codes = np.array([int.from_bytes(hash_text(word)[:8]) for word in known.split()], np.uint64)
    else:
        raise unknown_name("unit", unit, ("character", "word"))
    if not len(codes):
        return np.empty(0, np.uint64)
    width = min(size, len(codes))
    mixed = np.full(len(codes) - width + 1, width, np.uint64)
    for place in range(width):
        mixed = (mixed ^ codes[place : place + len(mixed)]) * _FACTORS[0]
        mixed = (mixed ^ (mixed >> _SHIFT)) * _FACTORS[1]
    return np.unique(mixed ^ (mixed >> _SHIFT))


def jaccard(one: UInt64[np.ndarray, " one"], other: UInt64[np.ndarray, " other"]) -> float:
    """Share of common shingles among all of two texts.

    Parameters
    ----------
    one, other : ndarray of uint64
        From `shingles`.

    Returns
    -------
    float
        From 0 to 1; 1 where both are empty.

    Examples
    --------
    >>> jaccard(shingles("abcd", 2), shingles("bcde", 2))
    0.5
    """
    common = len(np.intersect1d(one, other, assume_unique=True))
    whole = len(one) + len(other) - common
    return common / whole if whole else 1.0


def texts_of(items: Items) -> list[str]:
    """Give items' payloads as texts, or say which one is not.

    Parameters
    ----------
    items : Items
        Texts.

    Returns
    -------
    list of str
        In order.

    Raises
    ------
    InputError
        If one is an image or has no payload.

    Examples
    --------
    >>> texts_of(Items.from_texts(["a"]))
    ['a']
    """
    texts = [payload for payload in items.payloads if isinstance(payload, str)]
    if len(texts) < len(items):
        row = next(row for row, payload in enumerate(items.payloads) if not isinstance(payload, str))
        raise InputError(
            f"The item {items.ids[row]!r} of {items.name!r} is no text, and texts were wanted. "
            "Images have no shingles and no prompts; take items marked as problems out with .valid."
        )
    return texts
